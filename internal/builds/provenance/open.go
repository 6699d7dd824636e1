package provenance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	slsa "github.com/in-toto/attestation/go/predicates/provenance/v1"
	intoto "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/spark-games/spark/models"
)

// Why an envelope is refused.
var (
	ErrMalformed   = errors.New("the provenance cannot be read")
	ErrUnknownKey  = errors.New("the provenance is signed with an unknown key")
	ErrSignature   = errors.New("the provenance's signature is wrong")
	ErrUnsupported = errors.New("the provenance is of an unsupported kind")
)

// Limits of an envelope.
const (
	maxEnvelope   = 8 << 20
	maxSignatures = 16
)

// Statement is the content of a verified envelope.
type Statement struct {
	KeyID string // of the key that signed it

	Files    map[string]string // path → hex SHA-256
	Contents map[string]string // of the archive, when the one file is one
	Manifest string            // hex SHA-256 of the artifact's manifest

	BuildType            string
	Builder              string
	Version              map[string]string
	Invocation           string // the job's id
	StartedAt            time.Time
	FinishedAt           time.Time
	ExternalParameters   map[string]any
	InternalParameters   map[string]any
	ResolvedDependencies []models.ResolvedDependency
}

// Open verifies an envelope with the trusted keys, and reads its statement. The error is one of the above, with details.
func Open(envelope []byte, keys []PublicKey) (*Statement, error) {
	if len(envelope) > maxEnvelope {
		return nil, fmt.Errorf("%w: it is larger than 8 MiB", ErrMalformed)
	}
	var e dsse.Envelope
	d := json.NewDecoder(bytes.NewReader(envelope))
	if err := d.Decode(&e); err != nil {
		return nil, fmt.Errorf("%w: it is not an envelope in JSON", ErrMalformed)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows the envelope", ErrMalformed)
	}
	payload, keyID, err := verify(&e, keys)
	if err != nil {
		return nil, err
	}
	if e.PayloadType != PayloadType {
		return nil, fmt.Errorf("%w: the envelope holds %.80q", ErrUnsupported, e.PayloadType)
	}
	s, err := read(payload)
	if err != nil {
		return nil, err
	}
	s.KeyID = keyID
	return s, nil
}

// verify returns the payload, and the key that signed it.
func verify(e *dsse.Envelope, keys []PublicKey) (payload []byte, keyID string, err error) {
	if n := len(e.Signatures); n == 0 || n > maxSignatures {
		return nil, "", fmt.Errorf("%w: it has %d signatures", ErrMalformed, n)
	}
	var verifiers []dsse.Verifier
	known := false
	for _, k := range keys {
		verifiers = append(verifiers, verifying{k})
		known = known || slices.ContainsFunc(e.Signatures, func(s dsse.Signature) bool { return s.KeyID == k.ID || s.KeyID == "" })
	}
	if !known {
		return nil, "", fmt.Errorf("%w: %.80q", ErrUnknownKey, e.Signatures[0].KeyID)
	}
	v, err := dsse.NewEnvelopeVerifier(verifiers...)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrUnknownKey, err)
	}
	accepted, payload, err := v.VerifyAndDecode(context.Background(), e)
	if err != nil || len(accepted) == 0 {
		return nil, "", ErrSignature
	}
	return payload, accepted[0].KeyID, nil
}

// read reads a verified payload, written by this program or another version of it.
func read(payload []byte) (*Statement, error) {
	lenient := protojson.UnmarshalOptions{DiscardUnknown: true}
	var statement intoto.Statement
	if err := lenient.Unmarshal(payload, &statement); err != nil {
		return nil, fmt.Errorf("%w: it contains no in-toto statement", ErrMalformed)
	}
	if err := statement.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if statement.PredicateType != PredicateType {
		return nil, fmt.Errorf("%w: the predicate is %.80q", ErrUnsupported, statement.PredicateType)
	}
	p, err := convert(statement.Predicate, &slsa.Provenance{})
	if err == nil {
		err = p.Validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	definition, run := p.BuildDefinition, p.RunDetails
	if definition.BuildType != BuildType && definition.BuildType != ExportType {
		return nil, fmt.Errorf("%w: the build type is %.80q", ErrUnsupported, definition.BuildType)
	}
	s := &Statement{
		BuildType: definition.BuildType, Builder: run.Builder.Id, Version: run.Builder.Version,
		Invocation: run.GetMetadata().GetInvocationId(), StartedAt: run.GetMetadata().GetStartedOn().AsTime(),
		FinishedAt:         run.GetMetadata().GetFinishedOn().AsTime(),
		ExternalParameters: definition.ExternalParameters.AsMap(), InternalParameters: definition.InternalParameters.AsMap(),
	}
	for _, m := range definition.ResolvedDependencies {
		s.ResolvedDependencies = append(s.ResolvedDependencies, models.ResolvedDependency{Name: m.Name, URI: m.Uri, SHA256: m.Digest["sha256"]})
	}
	return s, s.addSubjects(statement.Subject)
}

// addSubjects sorts the subjects into files, their manifest, and the contents of an archive.
func (s *Statement) addSubjects(list []*intoto.ResourceDescriptor) error {
	s.Files, s.Contents = make(map[string]string), make(map[string]string)
	for _, r := range list {
		sum := r.Digest["sha256"]
		if sum == "" {
			return fmt.Errorf("%w: a subject has no SHA-256", ErrMalformed)
		}
		into, name := s.Files, r.Name
		if _, file, ok := strings.Cut(r.Name, inside); ok {
			into, name = s.Contents, file
		} else if r.Name == ManifestSubject {
			if s.Manifest != "" {
				return fmt.Errorf("%w: it has two manifests", ErrMalformed)
			}
			s.Manifest = sum
			continue
		}
		if models.CheckPath(name) != nil {
			return fmt.Errorf("%w: a subject has no proper name: %.80q", ErrMalformed, r.Name)
		}
		if _, dup := into[name]; dup {
			return fmt.Errorf("%w: two subjects are called %.80q", ErrMalformed, r.Name)
		}
		into[name] = sum
	}
	if s.Manifest == "" || len(s.Files) == 0 {
		return fmt.Errorf("%w: it names no files", ErrMalformed)
	}
	return nil
}

// ResolvedDependency finds an input by its name.
func (s *Statement) ResolvedDependency(name string) (models.ResolvedDependency, bool) {
	for _, m := range s.ResolvedDependencies {
		if m.Name == name {
			return m, true
		}
	}
	return models.ResolvedDependency{}, false
}
