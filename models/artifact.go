package models

import "strings"

// The modes of builds.
const (
	ModePreview = "preview" // built in milliseconds, depends on the server
	ModeRelease = "release" // self-contained
)

// The formats of exports.
const (
	ExportZip  = "zip"
	ExportHTML = "html"
)

// PlayPath is where an artifact is played, a path on the API's origin that needs no key.
func PlayPath(artifactID string) string { return "/play/" + artifactID + "/" }

// DownloadPath is where an artifact is downloaded, a path on the API's origin.
func DownloadPath(artifactID string) string { return "/v1/artifacts/" + artifactID + "/download" }

// maxSlug bounds a slug, in bytes.
const maxSlug = 60

// Slug makes a file name from a title: lower-case ASCII letters, digits and single dashes; "game" if nothing is left.
func Slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		if b.Len() == maxSlug {
			break
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "game"
}

// FileName is the name of an artifact's file, both stored and downloaded.
func FileName(title, extension string) string { return Slug(title) + "." + Slug(extension) }
