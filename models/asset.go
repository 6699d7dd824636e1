package models

import "time"

// Asset is a file that an account has uploaded for its games. Each content is one asset of an account.
type Asset struct {
	ID        string
	AccountID string
	Name      string
	Kind      string // such as "png"
	MediaType string
	SHA256    string `gorm:"column:sha256"`
	Size      int64
	AssetDetails
	// ThumbnailSHA256 is of a small WebP image, or "" without one.
	ThumbnailSHA256 string `gorm:"column:thumbnail_sha256"`
	ThumbnailSize   int64
	CreatedAt       time.Time
}

// AssetDetails is what is known about the content of an asset; zero is unknown.
type AssetDetails struct {
	Width, Height int
	Frames        int
	Alpha         bool
	DurationMS    int64 `gorm:"column:duration_ms"`
	SampleRate    int
	Channels      int
}

// Files is what is stored of an asset.
func (a *Asset) Files() Manifest {
	all := Manifest{{Path: a.Name, SHA256: a.SHA256, Size: a.Size, MediaType: a.MediaType}}
	if a.ThumbnailSHA256 != "" {
		all = append(all, ManifestEntry{Path: "thumbnail.webp", SHA256: a.ThumbnailSHA256, Size: a.ThumbnailSize, MediaType: "image/webp"})
	}
	return all
}

// AssetFilter narrows a list of assets. Zero fields do not narrow.
type AssetFilter struct {
	Kind string
	Name string // a part of the name, in either case
}
