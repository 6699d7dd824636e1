package models

import "time"

// AssetUpload is an asset that arrives in parts, each after the other.
type AssetUpload struct {
	ID        string
	AccountID string
	Name      string
	MediaType string // what its sender says that it is, or ""
	SHA256    string `gorm:"column:sha256"` // what its sender says that its content has, or ""
	Metadata  string // the header that it was made with
	Length    *int64 // of the whole; nil while it is not known
	Received  int64
	Parts     int
	State     AssetUploadState
	AssetID   string // what became of it when it is finished
	// ErrorCode and ErrorMessage say why it is refused.
	ErrorCode    Code
	ErrorMessage string
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// AssetUploadState is what has become of an upload.
type AssetUploadState string

// The states of an upload. All that has arrived of it is kept while it is open.
const (
	UploadOpen     AssetUploadState = "open"
	UploadFinished AssetUploadState = "finished"
	UploadRefused  AssetUploadState = "refused"
)

// AssetPart is a part of an upload that has arrived.
type AssetPart struct {
	Begins int64
	Size   int64
	File   string
}

// UploadLimits bound an account's open uploads.
type UploadLimits struct {
	Open    int           // how many there may be
	Unknown int64         // what one counts as whose length is not known
	Expiry  time.Duration // how long one is kept
	// Reserved is what the others were when the account's room was looked at. If they are more by now, none is made.
	Reserved int64
}
