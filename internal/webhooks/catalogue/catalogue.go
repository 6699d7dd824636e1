// Package catalogue is what webhooks tell: the types of events with their versions, and what the body of each says. The API's document
// describes the same, and a test compares the two.
package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Type is a type of events.
type Type struct {
	// Name is "job.succeeded"; what is before the full stop is its group.
	Name string
	// Event is that of the stream which it tells of; "" if no stream has it.
	Event models.EventType
	// Version is that of the body. It grows when something that receivers may rely on changes; fields are added without.
	Version     int
	Description string
}

// Test is the type of an event that only shows that an endpoint works.
const Test = "webhook.test"

// types are in the order in which they are shown.
var types = []Type{
	{"job.queued", models.EventQueued, 1, "A job was submitted, or is to run again"},
	{"job.blocked", models.EventBlocked, 1, "A job was submitted and waits for others"},
	{"job.started", models.EventStarted, 1, "A worker has begun an attempt"},
	{"job.retrying", models.EventRetrying, 1, "An attempt failed, and there will be another one"},
	{"job.cancel_requested", models.EventCancel, 1, "A running job is to be cancelled"},
	{"job.approval_requested", models.EventApproval, 1, "A step of a pipeline waits for somebody's decision"},
	{"job.succeeded", models.EventSucceeded, 1, "A job has ended well"},
	{"job.failed", models.EventFailed, 1, "A job has failed, and is not tried again by itself"},
	{"job.cancelled", models.EventCancelled, 1, "A job was cancelled"},
	{"schedule.paused", models.EventSchedulePaused, 1, "A schedule failed too often, and submits nothing more until it is resumed"},
	{"quota.reached", models.EventQuota, 1, "80 or 100 percent of a quota are used"},
	{"operation.ended", models.EventOperationEnded, 1, "An operation on many jobs has ended"},
	{"project.transferred", models.EventProjectTransferred, 1, "A project went to another account; both are told"},
	{"webhook.endpoint_disabled", "webhook_endpoint_disabled", 1, "An endpoint gets nothing more, since it failed for too long or answered 410"},
	{Test, "", 1, "A test that somebody asked for"},
}

// Types lists the catalogue.
func Types() []Type { return slices.Clone(types) }

// Of is the type that tells of an event of the stream. Progress and logs of jobs are not told.
func Of(event models.EventType) (name string, ok bool) {
	i := slices.IndexFunc(types, func(t Type) bool { return t.Event == event && event != "" })
	if i < 0 {
		return "", false
	}
	return types[i].Name, true
}

// Known reports whether there is a type of this name.
func Known(name string) bool { _, ok := find(name); return ok }

func find(name string) (Type, bool) {
	i := slices.IndexFunc(types, func(t Type) bool { return t.Name == name })
	if i < 0 {
		return Type{}, false
	}
	return types[i], true
}

// maxPatterns limits the patterns of an endpoint.
const maxPatterns = 50

// CheckPatterns checks what an endpoint wants: types, "job.*" for a group, or "*". Its error points at the pattern that is wrong.
func CheckPatterns(patterns []string) error {
	if len(patterns) > maxPatterns {
		return models.FieldError("", fmt.Sprintf("has at most %d entries", maxPatterns))
	}
	for i, p := range patterns {
		group, all := strings.CutSuffix(p, ".*")
		if p == "*" || Known(p) || all && slices.ContainsFunc(types, func(t Type) bool { return strings.HasPrefix(t.Name, group+".") }) {
			continue
		}
		return models.FieldError(fmt.Sprintf("/%d", i), "is no type of events; GET /v1/webhooks/event-types lists them")
	}
	return nil
}
