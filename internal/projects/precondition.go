package projects

import (
	"slices"

	"github.com/spark-games/spark/models"
)

// Precondition is a caller's condition on a change, in the terms of RFC 9110: the tags of If-Match and If-None-Match, strong and
// without their quotes. The zero value is no condition: the change applies to whatever is current.
//
// Tags name a revision by its id, or Empty when there is none yet; and, for a change of one file, that file by its digest. A
// condition on the revision is about the whole project; a condition on a file ignores the other files.
type Precondition struct {
	Match     []string // one of them must be current; Any matches whatever exists
	NoneMatch []string // none of them may be current; Any means that nothing may exist
}

// Any is the tag "*".
const Any = "*"

// Empty is the tag of a project without a revision.
const Empty = "empty"

// Tag is the tag of a revision; nil is a project without one.
func Tag(rev *models.Revision) string {
	if rev == nil {
		return Empty
	}
	return rev.ID
}

// holds reports whether the condition is met. path is the file that is changed, or "" for a change of the whole project.
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
