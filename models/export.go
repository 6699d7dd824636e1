package models

import "time"

// ExportFormat is the version of the layout of exports of accounts, which docs/export.md describes.
const ExportFormat = 1

// ExportLease is after how long without a renewal an export is over.
const ExportLease = time.Minute

// The files of an export besides those of its tables, which end in ExportLines.
const (
	ExportLines        = ".jsonl"
	ExportContents     = "contents.tar"
	ExportMissing      = "missing.jsonl"
	ExportManifestName = "manifest.json" // the last one
)

// ExportManifest says what an export has.
type ExportManifest struct {
	Format    int       `json:"format"`
	AccountID string    `json:"account_id"`
	MadeAt    time.Time `json:"made_at"`   // when it was begun
	Artifacts bool      `json:"artifacts"` // whether it has the files of builds and exports
	// Files are the others of the zip, in their order.
	Files    []ExportFile `json:"files"`
	Contents int64        `json:"contents"` // how many files contents.tar has
	Missing  int64        `json:"missing"`  // how many others are named and were not there
}

// ExportFile is a file of an export.
type ExportFile struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"` // or files
	Size   int64  `json:"size"` // unpacked
	SHA256 string `json:"sha256"`
}
