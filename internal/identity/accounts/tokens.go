package accounts

import (
	"time"

	"github.com/spark-games/spark/internal/identity/auth"
	"github.com/spark-games/spark/models"
)

// Token is a browser token to be made.
type Token struct {
	Access  models.Access
	Within  models.Place // a project, a pipeline or a job
	EndUser string       // whose it is; "" is nobody's in particular
	Life    time.Duration
}

// The lives of browser tokens.
const (
	defaultTokenLife = 15 * time.Minute
	maxTokenLife     = time.Hour
)

// Grant checks what a browser token would allow, and returns it. Nobody makes one that may do more than the own key.
func (t Token) Grant(by auth.Identity) (auth.Token, error) {
	if t.Life == 0 {
		t.Life = defaultTokenLife
	}
	switch w := t.Within; {
	case by.KeyID == "":
		return auth.Token{}, models.NewError(models.CodeForbidden, "a browser token is made with a key: who is signed in needs none")
	case by.Token:
		return auth.Token{}, models.NewError(models.CodeForbidden, "a browser token cannot make another")
	case w.IsZero():
		return auth.Token{}, models.FieldError("/project_id", "a token is for a project, a pipeline or a job: name it")
	case w.JobID != "" && w != models.Place{JobID: w.JobID}, w.PipelineID != "" && w != models.Place{PipelineID: w.PipelineID}:
		return auth.Token{}, models.FieldError("/project_id", "a token has only one of project_id, pipeline_id and job_id")
	case t.Access == models.AccessEdit && w.JobID != "":
		return auth.Token{}, models.FieldError("/access", "edit is the access to a project or a pipeline")
	case t.Life < 0 || t.Life > maxTokenLife:
		return auth.Token{}, models.FieldError("/expires_in", "a token lives for an hour at most")
	}
	for _, scope := range auth.AccessScopes(t.Access) {
		if !by.Has(scope) {
			return auth.Token{}, models.NewError(models.CodeForbidden, "the key does not have the scope "+string(scope)+", which the token would have")
		}
	}
	until := time.Now().Add(t.Life)
	if !by.Until.IsZero() && until.After(by.Until) {
		until = by.Until
	}
	return auth.Token{AccountID: by.AccountID, KeyID: by.KeyID, Access: t.Access, Within: t.Within, EndUser: t.EndUser, Until: until.Unix()}, nil
}
