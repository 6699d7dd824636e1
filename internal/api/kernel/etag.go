package kernel

import (
	"net/http"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Tags is what If-Match and If-None-Match hold (RFC 9110, section 13.1): entity tags, or "*".
type Tags struct {
	Any    bool
	Strong []string // without their quotes
	Weak   []string // without W/ and their quotes
}

// ParseTags reads the lines of a header. What is no list of entity tags is not ok, as a header that is not there is not.
func ParseTags(lines []string) (t Tags, ok bool) {
	list := strings.Trim(strings.Join(lines, ","), " \t")
	if list == "*" {
		return Tags{Any: true}, true
	}
	for list != "" {
		if rest, found := strings.CutPrefix(list, ","); found {
			list = strings.TrimLeft(rest, " \t")
			continue
		}
		rest, weak := strings.CutPrefix(list, "W/")
		rest, opened := strings.CutPrefix(rest, `"`)
		value, rest, closed := strings.Cut(rest, `"`)
		list = strings.TrimLeft(rest, " \t")
		switch {
		case !opened || !closed || strings.ContainsFunc(value, notInTag) || list != "" && list[0] != ',':
			return Tags{}, false
		case weak:
			t.Weak = append(t.Weak, value)
		default:
			t.Strong = append(t.Strong, value)
		}
	}
	return t, t.Strong != nil || t.Weak != nil
}

func notInTag(r rune) bool { return r <= ' ' || r == 0x7f }

// CheckRead evaluates the conditions of a GET or HEAD of what a strong tag names, in the order of RFC 9110, section 13.2.2: without
// a match of If-Match, which compares strongly, it is CodePreconditionFailed; what If-None-Match, which compares weakly, lists is
// not modified.
func CheckRead(r *http.Request, tag string) (notModified bool, err error) {
	if lines := r.Header.Values("If-Match"); lines != nil {
		if t, ok := ParseTags(lines); !ok || !t.Any && !slices.Contains(t.Strong, tag) {
			return false, models.NewError(models.CodePreconditionFailed, "none of the tags of If-Match is the current one")
		}
	}
	t, ok := ParseTags(r.Header.Values("If-None-Match"))
	return ok && (t.Any || slices.Contains(t.Strong, tag) || slices.Contains(t.Weak, tag)), nil
}

// QuoteTag writes a strong tag as in a header.
func QuoteTag(tag string) string { return `"` + tag + `"` }
