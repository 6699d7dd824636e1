package models

import "time"

// Provenance is how an artifact came about, as the job that made it knows. internal/builds/provenance makes a signed statement of it.
type Provenance struct {
	Artifact *Artifact
	// Contents are the files inside the artifact's one file, of an export that is an archive.
	Contents Manifest
	// Asked is what the job's owner chose: names and JSON values.
	Asked map[string]any
	// Decided is what the platform chose.
	Decided map[string]any
	// Materials are what went in.
	Materials []Material

	StartedAt  time.Time
	FinishedAt time.Time
}

// Material is one thing that an artifact was made of.
type Material struct {
	Name   string // "revision/src/main.js"
	URI    string // "spark:revision:…"; may be empty
	SHA256 string // hex
}

// MaterialsOf names a whole, by the digest of its manifest, and each of its files below it.
func MaterialsOf(name, uri string, m Manifest) []Material {
	list := []Material{{Name: name, URI: uri, SHA256: m.Digest()}}
	for _, e := range m {
		list = append(list, Material{Name: name + "/" + e.Path, SHA256: e.SHA256})
	}
	return list
}

// SigningKey is a public key under which the platform's statements are verified.
type SigningKey struct {
	ID        string // hex SHA-256 of the key's DER form
	PublicKey string // PEM
	CreatedAt time.Time
}
