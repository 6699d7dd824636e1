package projects

import (
	"slices"

	"github.com/spark-games/spark/models"
)

// Precondition is a caller's condition on a change, in the terms of RFC 9110: what If-Match and If-None-Match list, as
// strong tags without their quotes. The zero value is none, and the change is made on top of whatever is current.
//
// Tags name a revision by its id — Empty when there is none yet — and, where one file is changed, that file by its
// digest. A condition on the revision is about the whole project; one on a file leaves the other files alone.
type Precondition struct {
	Match     []string // one of them is current; Any is whatever is there
	NoneMatch []string // none of them is; Any is that nothing is there
}

// Any is the tag "*".
const Any = "*"

// Empty is the tag of a project without a revision.
const Empty = "empty"

// Tag is a revision as a tag; nil is that there is none.
func Tag(rev *models.Revision) string {
	if rev == nil {
		return Empty
	}
	return rev.ID
}

// holds reports whether the condition is met. path is the file that is changed, or "" for a change of the whole.
func (p Precondition) holds(base *models.Revision, path string) bool {
	tags, there := []string{Tag(base)}, base != nil
	if path != "" {
		there = false
		if base != nil {
			var file models.ManifestEntry
			if file, there = base.Manifest.Find(path); there {
				tags = append(tags, file.SHA256)
			}
		}
	}
	names := func(list []string) bool {
		return slices.ContainsFunc(list, func(tag string) bool { return tag == Any && there || slices.Contains(tags, tag) })
	}
	return (p.Match == nil || names(p.Match)) && !names(p.NoneMatch)
}

func (p Precondition) check(base *models.Revision, path string) error {
	if p.holds(base, path) {
		return nil
	}
	return models.NewError(models.CodePreconditionFailed, "the project's files have changed; read them again")
}
