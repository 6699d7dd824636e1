package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// export says how the rows of an account in a table are exported.
type export struct {
	table string
	// key are columns that tell the rows of an account apart, and in whose order they are read.
	key []string
	// where names the rows, with the account as its parameter; "" is account_id = ?.
	where string
	// parent is the table whose ids the first column of the key is of, for rows that do not name their account.
	parent string
	json   []string          // columns with JSON, which SQLite takes for text
	left   map[string]string // columns that are left out, and why
	more   [][2]string       // columns of other tables: a name and an expression
	files  func(context.Context, *db, map[string]any) (models.Manifest, error)
	kinds  []string // of the key's columns, where the database wants to know
}

const (
	secret   = "a secret, or the hash of one"
	internal = "how the platform works, not what the account has"
)

var id = []string{"id"}

// exported is what an export has, in its order. A table in which accounts have rows is here or in notExported; a test demands it, and that what looks like a
// secret is left out.
var exported = []export{
	{table: "accounts", key: id, where: "id = ?"},
	{table: "memberships", key: []string{"user_id"}, more: [][2]string{
		{"email", "(SELECT email FROM users WHERE id = memberships.user_id)"}, {"name", "(SELECT name FROM users WHERE id = memberships.user_id)"}}},
	{table: "removed_members", key: []string{"user_id"}},
	{table: "invitations", key: id, left: map[string]string{"hash": secret}},
	{table: "api_keys", key: id, left: map[string]string{"hash": secret, "pepper": internal}},
	{table: "projects", key: id},
	{table: "revisions", key: id, json: []string{"parents"}, files: filesOfRevision},
	{table: "pipelines", key: id, json: []string{"metadata"}},
	{table: "jobs", key: id, json: []string{"input", "output", "metadata", "submitter"}, left: map[string]string{
		"dispatch_no": internal, "counted_in": internal, "counted_out": internal, "ran_millis": internal}},
	{table: "job_dependencies", key: []string{"job_id", "depends_on"}, parent: "jobs"},
	{table: "job_events", key: []string{"job_id", "seq"}, parent: "jobs", json: []string{"data"}},
	{table: "account_schedules", key: id, json: []string{"target"}},
	{table: "firings", key: []string{"schedule_id", "id"}, parent: "account_schedules"},
	{table: "templates", key: id, json: []string{"parameters", "steps"}},
	{table: "operations", key: id, json: []string{"filter", "reasons"}},
	{table: "assets", key: id, files: filesOfAsset},
	{table: "artifacts", key: id, json: []string{"manifest"}, left: map[string]string{"cache_key": internal}, files: filesOfArtifact},
	{table: "attestations", key: []string{"artifact_id"}, parent: "artifacts"},
	{table: "webhook_endpoints", key: id, json: []string{"events"}, left: map[string]string{"headers": secret}},
	{table: "webhook_targets", key: []string{"holder_id"}},
	{table: "webhook_secrets", key: id, left: map[string]string{"sealed": secret}},
	{table: "webhook_messages", key: id, json: []string{"data"}},
	{table: "webhook_deliveries", key: id, left: map[string]string{"dispatch_no": internal, "dispatched_at": internal, "lease_owner": internal,
		"lease_until": internal}},
	{table: "webhook_attempts", key: id},
	{table: "account_events", key: id, json: []string{"data"}, left: map[string]string{"pending": internal}},
	{table: "usage", key: []string{"period", "kind", "start"}},
	{table: "end_user_usage", key: []string{"end_user", "start", "kind"}},
	{table: "usage_counts", key: []string{"start", "kind", "project_id", "end_user"}},
	{table: "spent", key: []string{"end_user", "day"}},
	{table: "account_storage", key: []string{"account_id"}},
	{table: "audit_entries", key: id},
	{table: "audit_chains", key: []string{"account_id"}},
}

// notExported are the tables in which accounts have rows that an export does not have, and why.
var notExported = map[string]string{
	"job_queue":            "where jobs wait at this moment; their states are with the jobs",
	"concurrency_line":     "who waits for a concurrency key at this moment; the keys are with the jobs",
	"event_stream":         "the positions of events in the stream; the events are there",
	"answers":              "answers to requests, kept for a day so that they can be repeated",
	"device_logins":        "codes of programs that ask to act for somebody, for minutes",
	"quota_notices":        "which events of quotas were made already; the events are there",
	"account_files":        "the digests of files, to add up their sizes; the files are there",
	"asset_uploads":        "uploads that are under way; what became of them is among the assets",
	"asset_upload_parts":   "the same",
	"account_exports":      "the export itself",
	"webhook_destinations": "how the hosts of webhooks do at this moment; what was delivered is there",
}
