package models

import "time"

// Project is a game in the making.
type Project struct {
	ID        string
	AccountID string
	Name      string
	Engine    string
	// EngineVersion is the version that the project is pinned to; "" for whichever is the default.
	EngineVersion string
	RevisionID    string // the current revision; "" before the first
	Description   string
	Labels        Labels
	CreatedAt     time.Time
	UpdatedAt     time.Time
	DeletedAt     *time.Time // when it was deleted; it can be restored for a while
}

// Revision is an immutable state of a project's files.
type Revision struct {
	ID        string
	AccountID string
	ProjectID string
	JobID     string // the generation that wrote it; "" when a person did
	Author    Author `gorm:"embedded;embeddedPrefix:author_"`
	Message   string // what was done, in a line
	Name      string // of a checkpoint, which is kept; "" is none
	Prompt    string // that a generation was asked; "" for other revisions
	Parents   IDs    // what it was made from: none for the first, several for a merge
	Title     string
	Digest    string // hex SHA-256 of the manifest
	Tree      string // where the store keeps the manifest
	Files     int
	Bytes     int64
	Manifest  Manifest `gorm:"-"` // not in lists
	CreatedAt time.Time
}

// ParentID is the revision that this one was made from, its first parent; "" for the first revision of a project.
func (r *Revision) ParentID() string {
	if len(r.Parents) == 0 {
		return ""
	}
	return r.Parents[0]
}

// AuthorKind is the kind of a revision's author.
type AuthorKind string

// The kinds of authors. Revisions from before authors were recorded have none.
const (
	AuthorKey  AuthorKind = "key"  // whoever holds an API key
	AuthorUser AuthorKind = "user" // a person who has signed in
	AuthorJob  AuthorKind = "job"
)

// Author is who wrote a revision.
type Author struct {
	Kind AuthorKind
	ID   string
}

// ArtifactKind distinguishes the outputs of builds and exports.
type ArtifactKind string

// The kinds of artifacts.
const (
	ArtifactBuild  ArtifactKind = "build"
	ArtifactExport ArtifactKind = "export"
)

// The formats of builds.
const (
	FormatWeb   = "web"   // a page: index.html and what it loads
	FormatLinux = "linux" // a program for Linux, with its files
	FormatPack  = "pck"   // a pack for an installed Godot
	FormatFiles = "files" // anything else, unless its engine names it, "windows"
)

// Artifact is an immutable output of a job.
type Artifact struct {
	ID         string
	AccountID  string
	ProjectID  string
	RevisionID string
	JobID      string
	Kind       ArtifactKind
	Engine     string
	// EngineVersion is the version it was built with; "" in artifacts from before versions were recorded.
	EngineVersion string
	Mode          string // ModePreview or ModeRelease
	Format        string // for builds one of those above; for exports ExportZip or ExportHTML
	Title         string
	Manifest      Manifest
	Digest        string // hex SHA-256 of the manifest
	Bytes         int64
	// CacheKey identifies a build by everything that determines its content; "" if another job cannot reuse it.
	CacheKey string
	// CachedFrom is the artifact whose content this one reuses; "" if it was built.
	CachedFrom string
	// ExportedFrom is the build that an export was made of; "" for a build.
	ExportedFrom string
	CreatedAt    time.Time
}

// Playable reports whether players can run the artifact in a browser.
func (a *Artifact) Playable() bool { return a.Kind == ArtifactBuild && a.Format == FormatWeb }

// Cached reports whether the artifact's content comes from an earlier artifact.
func (a *Artifact) Cached() bool { return a.CachedFrom != "" }
