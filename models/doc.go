// Package models is the domain: jobs and their state machine, projects, revisions, artifacts, accounts and usage, with
// the errors that people see. It knows no database, no queue and no HTTP, and every other package may import it.
package models
