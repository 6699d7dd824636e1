package projects

import (
	"context"
	"strings"

	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/projects"
	"github.com/spark-games/spark/models"
)

// revision returns a project's revision: the one that is named, or the current one; nil when it has none yet.
func (a *Area) revision(ctx context.Context, account, projectID string, id *string) (*models.Revision, error) {
	if id == nil {
		return a.Projects.Current(ctx, account, projectID)
	}
	return a.Projects.Revision(ctx, account, projectID, *id)
}

// change is a request's change of a project.
func change(account, projectID string, ifMatch *string) projects.Change {
	c := projects.Change{AccountID: account, ProjectID: projectID}
	if ifMatch != nil {
		c.If.Match = tags(*ifMatch)
	}
	return c
}

// tags reads a list of entity tags. Weak ones never match in If-Match (RFC 9110, section 13.1.1).
func tags(header string) []string {
	list := []string{}
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.TrimSpace(tag)
		if inner, ok := strings.CutPrefix(tag, `"`); ok {
			list = append(list, strings.TrimSuffix(inner, `"`))
		} else if tag == projects.Any {
			list = append(list, tag)
		}
	}
	return list
}

func quote(tag string) string { return `"` + tag + `"` }

func newRevision(rev *models.Revision) openapi.NewRevisionJSONResponse {
	return openapi.NewRevisionJSONResponse{Body: showRevision(rev), Headers: openapi.NewRevisionResponseHeaders{ETag: quote(projects.Tag(rev))}}
}
