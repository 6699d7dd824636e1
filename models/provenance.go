package models

import "time"

// Provenance is how an artifact came about, as the job that made it knows. internal/builds/provenance makes a signed statement of it.
type Provenance struct {
	Artifact *Artifact
	// Contents are the files inside the artifact's one file, of an export that is an archive.
	Contents Manifest
	// ExternalParameters is what the job's owner chose: names and JSON values.
	ExternalParameters map[string]any
	// InternalParameters is what the platform chose.
	InternalParameters map[string]any
	// ResolvedDependencies are what went in.
	ResolvedDependencies []ResolvedDependency

	StartedAt  time.Time
	FinishedAt time.Time
}

// ResolvedDependency is one thing that an artifact was made of.
type ResolvedDependency struct {
	Name   string // "revision/src/main.js"
	URI    string // "spark:revision:…"; may be empty
	SHA256 string // hex
}

// ResolvedDependenciesOf names a whole, by the digest of its manifest, and each of its files below it.
func ResolvedDependenciesOf(name, uri string, m Manifest) []ResolvedDependency {
	list := []ResolvedDependency{{Name: name, URI: uri, SHA256: m.Digest()}}
	for _, e := range m {
		list = append(list, ResolvedDependency{Name: name + "/" + e.Path, SHA256: e.SHA256})
	}
	return list
}

// SigningKey is a public key under which the platform's statements are verified.
type SigningKey struct {
	ID        string // hex SHA-256 of the key's DER form
	PublicKey string // PEM
	CreatedAt time.Time
}
