// Package models is the domain: jobs and their state machine, projects, revisions, artifacts, accounts and usage, with
// the errors that users see. It depends on no database, queue or HTTP, and every other package may import it.
package models
