package page

import (
	"net/url"
	"path"
	"strings"
)

// Ref is a reference of a page or a style sheet, taken apart.
type Ref struct {
	// Path is the file meant, relative to the page's folder and clean; it may begin with "../" when it leaves it.
	Path string
	// Rooted reports that the reference began with a slash.
	Rooted bool
	// Tail is the query and fragment with their marks.
	Tail string
}

// Local takes apart a reference to a file beside the page. It answers false for what names no such file: other
// schemes and hosts, fragments, and the empty reference.
func Local(ref string) (Ref, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") || strings.HasPrefix(ref, "//") || strings.HasPrefix(ref, `\\`) {
		return Ref{}, false
	}
	var r Ref
	if i := strings.IndexAny(ref, "?#"); i >= 0 {
		ref, r.Tail = ref[:i], ref[i:]
	}
	if i := strings.IndexByte(ref, ':'); i > 0 && !strings.Contains(ref[:i], "/") {
		return Ref{}, false // a scheme
	}
	if p, err := url.PathUnescape(ref); err == nil {
		ref = p
	}
	if strings.HasPrefix(ref, "/") {
		r.Rooted = true
		// Cleaned as an absolute path first: a rooted reference cannot leave the root.
		ref = strings.TrimPrefix(path.Clean(ref), "/")
	}
	if ref == "" {
		return Ref{}, false
	}
	r.Path = path.Clean(ref)
	return r, r.Path != "."
}
