package client

// The media types of patches, for PatchFile.
const (
	JSONPatch   = "application/json-patch+json"  // operations of RFC 6902
	MergePatch  = "application/merge-patch+json" // of RFC 7396
	UnifiedDiff = "text/x-diff"
)
