package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// ApprovalInput is what a step asks whoever approves or rejects it.
type ApprovalInput struct {
	// Message says what it is about.
	Message string `json:"message,omitempty"`
	// ExpiresIn is how long it waits, in seconds; 0 is a week.
	ExpiresIn int64 `json:"expires_in,omitempty"`
	// OnExpiry is what happens then: ExpiryReject or ExpiryApprove; "" is the former.
	OnExpiry string `json:"on_expiry,omitempty"`
	// Approvers are the end users who may decide; none are all.
	Approvers []string `json:"approvers,omitempty"`
	// Fields are what whoever approves is asked for.
	Fields models.Parameters `json:"fields,omitempty"`
}

// What happens to an approval when its time is over.
const (
	ExpiryReject  = "reject"
	ExpiryApprove = "approve"
)

// Limits of approvals.
const (
	MaxApprovalTime     = 30 * 24 * time.Hour
	DefaultApprovalTime = 7 * 24 * time.Hour
	maxMessage          = 4096
	maxApprovers        = 50
	maxComment          = 4096
	maxApprovalData     = 16 << 10
)

// Within is how long an approval waits.
func (in ApprovalInput) Within() time.Duration {
	if in.ExpiresIn == 0 {
		return DefaultApprovalTime
	}
	return time.Duration(in.ExpiresIn) * time.Second
}

// Validate implements Payload.
func (in ApprovalInput) Validate() error {
	switch {
	case !validText(in.Message, maxMessage):
		return models.FieldError("/message", fmt.Sprintf("a message is UTF-8 text of at most %d bytes without NUL", maxMessage))
	case in.ExpiresIn < 0 || in.ExpiresIn > int64(MaxApprovalTime/time.Second):
		return models.FieldError("/expires_in", "an approval waits 1 second to 30 days")
	case in.OnExpiry != "" && in.OnExpiry != ExpiryReject && in.OnExpiry != ExpiryApprove:
		return models.FieldError("/on_expiry", `what happens is "reject" or "approve"`)
	case len(in.Approvers) > maxApprovers:
		return models.FieldError("/approvers", fmt.Sprintf("at most %d end users", maxApprovers))
	}
	for i, a := range in.Approvers {
		if a == "" || !validName(a) {
			return models.FieldError(fmt.Sprintf("/approvers/%d", i), fmt.Sprintf("an end user's id is 1 to %d printable characters", MaxNameLength))
		}
	}
	if err := in.Fields.Check(); err != nil {
		return models.AsError(err).At("/fields")
	}
	for name := range in.Fields {
		if slices.Contains(outputs[models.KindApproval], name) {
			return models.FieldError("/fields/"+name, "the output of every approval has this name")
		}
	}
	if in.OnExpiry == ExpiryApprove {
		if _, err := in.Fields.Fill(nil); err != nil {
			return models.FieldError("/on_expiry", "nobody gives the required fields of an approval whose time is over")
		}
	}
	return nil
}

// ReadApproval is the input of an approval, which was checked.
func ReadApproval(input models.JSON) (in ApprovalInput, err error) {
	return in, json.Unmarshal(input, &in)
}

// Decision is what somebody decides about a step that waits for it.
type Decision struct {
	AccountID  string
	PipelineID string
	Step       string
	Approve    bool
	By         models.Decider
	Comment    string
	Data       map[string]json.RawMessage // of one that approves
}

// Output is what becomes of an approval by a decision at a time; without one its time is over. The error's pointer is into the request.
func (in ApprovalInput) Output(d *Decision, at time.Time) (out models.ApprovalOutput, err error) {
	out = models.ApprovalOutput{Decision: models.Rejected, DecidedAt: at, Data: map[string]json.RawMessage{}}
	approve := in.OnExpiry == ExpiryApprove
	var data map[string]json.RawMessage
	if d == nil {
		out.Expired = true
	} else {
		if len(in.Approvers) > 0 && !slices.Contains(in.Approvers, d.By.EndUser) {
			return out, models.NewError(models.CodeForbidden, "this approval is for certain end users, and the request is of none of them")
		}
		approve, data, out.By, out.Comment = d.Approve, d.Data, &d.By, d.Comment
	}
	if approve {
		out.Decision = models.Approved
		if out.Data, err = in.Fields.Fill(data); err != nil {
			return out, models.AsError(err).At("/data")
		}
	}
	return out, nil
}

// Decide approves or rejects a step of a pipeline that waits for it.
func (s *Service) Decide(ctx context.Context, d Decision) error {
	if !validText(d.Comment, maxComment) {
		return models.FieldError("/comment", fmt.Sprintf("a comment is UTF-8 text of at most %d bytes without NUL", maxComment))
	}
	if err := checkEndUser(d.By.EndUser); err != nil {
		return err
	}
	size := 0
	for _, raw := range d.Data {
		size += len(raw)
	}
	if size > maxApprovalData {
		return models.FieldError("/data", fmt.Sprintf("at most %d bytes", maxApprovalData))
	}
	models.ClaimFrom(ctx).Making("pipeline", d.PipelineID)
	effects, err := s.Intake.Decide(ctx, d)
	if err != nil {
		return err
	}
	s.submitted(ctx, effects)
	return nil
}

func validText(text string, most int) bool {
	return len(text) <= most && utf8.ValidString(text) && !strings.ContainsRune(text, 0)
}
