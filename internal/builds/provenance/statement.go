package provenance

import (
	"encoding/json"
	"fmt"
	"maps"

	slsa "github.com/in-toto/attestation/go/predicates/provenance/v1"
	intoto "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/spark-games/spark/models"
)

// newStatement is the statement of an artifact, in JSON.
func newStatement(p models.Provenance, b Builder) ([]byte, error) {
	predicate, err := newPredicate(p, b)
	if err != nil {
		return nil, fmt.Errorf("provenance: %w", err)
	}
	s := &intoto.Statement{Type: intoto.StatementTypeUri, Subject: subjects(p), PredicateType: PredicateType, Predicate: predicate}
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("provenance: %w", err)
	}
	return protojson.Marshal(s)
}

// subjects are the artifact's files, its manifest, and the contents of an archive.
func subjects(p models.Provenance) []*intoto.ResourceDescriptor {
	var list []*intoto.ResourceDescriptor
	for _, e := range p.Artifact.Manifest {
		list = append(list, descriptor(e.Path, "", e.SHA256))
	}
	list = append(list, descriptor(ManifestSubject, "", p.Artifact.Digest))
	if len(p.Artifact.Manifest) == 1 {
		for _, e := range p.Contents {
			list = append(list, descriptor(p.Artifact.Manifest[0].Path+inside+e.Path, "", e.SHA256))
		}
	}
	return list
}

func descriptor(name, uri, sha256 string) *intoto.ResourceDescriptor {
	return &intoto.ResourceDescriptor{Name: name, Uri: uri, Digest: map[string]string{"sha256": sha256}}
}

func newPredicate(p models.Provenance, b Builder) (*structpb.Struct, error) {
	asked, err := object(p.ExternalParameters)
	if err != nil {
		return nil, err
	}
	decided := maps.Clone(p.InternalParameters)
	if decided == nil {
		decided = make(map[string]any)
	}
	decided["adapterVersion"] = b.Version["spark"] // adapters are part of the program
	internal, err := object(decided)
	if err != nil {
		return nil, err
	}
	kind := BuildType
	if p.Artifact.Kind == models.ArtifactExport {
		kind = ExportType
	}
	var materials []*intoto.ResourceDescriptor
	for _, m := range p.ResolvedDependencies {
		materials = append(materials, descriptor(m.Name, m.URI, m.SHA256))
	}
	predicate := &slsa.Provenance{
		BuildDefinition: &slsa.BuildDefinition{BuildType: kind, ExternalParameters: asked, InternalParameters: internal,
			ResolvedDependencies: materials},
		RunDetails: &slsa.RunDetails{
			Builder: &slsa.Builder{Id: b.ID, Version: b.Version},
			Metadata: &slsa.BuildMetadata{InvocationId: p.Artifact.JobID, StartedOn: timestamppb.New(p.StartedAt),
				FinishedOn: timestamppb.New(p.FinishedAt)},
		},
	}
	if err := predicate.Validate(); err != nil {
		return nil, err
	}
	return convert(predicate, &structpb.Struct{})
}

// object makes a JSON object of whatever JSON can hold.
func object(v map[string]any) (*structpb.Struct, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	s := &structpb.Struct{}
	return s, protojson.Unmarshal(raw, s)
}

// convert converts a message to another type, through JSON.
func convert[To proto.Message](from proto.Message, to To) (To, error) {
	raw, err := protojson.Marshal(from)
	if err != nil {
		return to, err
	}
	return to, protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(raw, to)
}
