// Package provenance describes how artifacts were made, in a form that anybody can check: an in-toto v1 statement with the
// predicate SLSA provenance v1, signed with an ed25519 key in a DSSE envelope. docs/provenance.md describes the content.
//
// A Signer makes envelopes. Open verifies one and reads its statement; Statement.Check compares that with files. A reader trusts
// nothing in an envelope until its signature is verified.
package provenance

// What statements are made of.
const (
	// PayloadType is what an envelope holds, and MediaType the envelope itself.
	PayloadType = "application/vnd.in-toto+json"
	MediaType   = "application/vnd.dsse.envelope.v1+json"

	PredicateType = "https://slsa.dev/provenance/v1"

	// BuildType and ExportType say what the parameters mean.
	BuildType  = "https://github.com/spark-games/spark/blob/main/docs/provenance.md#build-v1"
	ExportType = "https://github.com/spark-games/spark/blob/main/docs/provenance.md#export-v1"

	// DefaultBuilder is the builder's id of a platform that has chosen none.
	DefaultBuilder = "https://github.com/spark-games/spark/blob/main/docs/provenance.md#self-hosted"

	// ManifestSubject is the subject that stands for all files together. No file can have this name.
	ManifestSubject = "spark:manifest"
	// inside stands between an archive's name and that of a file in it. Names of files have no colon.
	inside = ":/"
)
