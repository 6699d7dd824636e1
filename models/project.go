package models

import "time"

// Account is a tenant.
type Account struct {
	ID        string
	Name      string
	Weight    int // share in fair dispatch; 1 is normal
	CreatedAt time.Time
}

// SystemAccountID owns the jobs that the platform runs for itself.
const SystemAccountID = "00000000-0000-7000-8000-000000000000"

// Role is what an API key may do.
type Role string

// The roles.
const (
	RoleUser  Role = "user"
	RoleAdmin Role = "admin"
)

// APIKey is a credential of an account. Only the hash of the key is stored.
type APIKey struct {
	ID        string
	AccountID string
	Name      string
	Role      Role
	Hash      []byte // HMAC-SHA256 of the whole key, under the platform's pepper
	Prefix    string // the first characters, to recognize it by
	CreatedAt time.Time
	RevokedAt *time.Time
}

// Project is a game in the making.
type Project struct {
	ID        string
	AccountID string
	Name      string
	Engine    string
	// EngineVersion is the version that the project is pinned to; "" is whichever is the default.
	EngineVersion string
	RevisionID    string // the current revision; "" before the first
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// Revision is an immutable state of a project's files.
type Revision struct {
	ID        string
	AccountID string
	ProjectID string
	JobID     string // the generation that wrote it; "" when a person did
	Author    Author `gorm:"embedded;embeddedPrefix:author_"`
	Message   string // what was done, in a line
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

// AuthorKind tells what wrote a revision.
type AuthorKind string

// The kinds of authors. A revision of before authors were kept has none.
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

// ArtifactKind tells a build's output from an export's.
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
	FormatPack  = "pck"   // a pack that a Godot which is there already plays
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
	// EngineVersion is what it was built with; "" in artifacts of before it was kept.
	EngineVersion string
	Mode          string // ModePreview or ModeRelease
	Format        string // of builds one of those above; of exports ExportZip or ExportHTML
	Title         string
	Manifest      Manifest
	Digest        string // hex SHA-256 of the manifest
	Bytes         int64
	// CacheKey names a build by everything that decides on its content; "" when it cannot be given again for another job.
	CacheKey string
	// CachedFrom is the artifact whose content this one was given instead of a build of its own; "" when it was built.
	CachedFrom string
	CreatedAt  time.Time
}

// Playable tells whether players can run the artifact in a browser.
func (a *Artifact) Playable() bool { return a.Kind == ArtifactBuild && a.Format == FormatWeb }

// Cached tells whether the artifact was not built but taken from an earlier one.
func (a *Artifact) Cached() bool { return a.CachedFrom != "" }
