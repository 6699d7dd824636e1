package models

// Access is what a browser token is for.
type Access string

// What browser tokens are for.
const (
	AccessRead Access = "read" // to see a project, pipeline or job, and what comes of it
	AccessPlay Access = "play" // to see and fetch artifacts
	// AccessWebhooks is to configure a project's webhooks, and to see what is delivered to them.
	AccessWebhooks Access = "webhooks"
	AccessEdit     Access = "edit" // to read, to change a project's files, and to submit jobs for it; of a pipeline, to decide about it
)
