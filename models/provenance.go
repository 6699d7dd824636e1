package models

import "time"

// Provenance describes how a job made an artifact. internal/builds/provenance makes a signed statement from it.
type Provenance struct {
	Artifact *Artifact
	// Contents are the files inside an export's archive.
	Contents Manifest
	// ExternalParameters is what the job's owner chose: names and JSON values.
	ExternalParameters map[string]any
	// InternalParameters is what the platform chose.
	InternalParameters map[string]any
	// ResolvedDependencies are the inputs.
	ResolvedDependencies []ResolvedDependency

	StartedAt  time.Time
	FinishedAt time.Time
}

// ResolvedDependency is one input of an artifact.
type ResolvedDependency struct {
	Name   string // "revision/src/main.js"
	URI    string // "spark:revision:…"; may be empty
	SHA256 string // hex
}

// ResolvedDependenciesOf lists a manifest, by its digest, and each of its files below it.
func ResolvedDependenciesOf(name, uri string, m Manifest) []ResolvedDependency {
	list := []ResolvedDependency{{Name: name, URI: uri, SHA256: m.Digest()}}
	for _, e := range m {
		list = append(list, ResolvedDependency{Name: name + "/" + e.Path, SHA256: e.SHA256})
	}
	return list
}

// SigningKey is a public key that verifies the platform's statements.
type SigningKey struct {
	ID        string // hex SHA-256 of the key's DER form
	PublicKey string // PEM
	CreatedAt time.Time
}
