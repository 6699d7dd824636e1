package page

import (
	"slices"
	"strings"
)

// AttrRef is a reference of a tag to another file.
type AttrRef struct {
	Attr       string
	Start, End int // in the attribute's value: the address, or all of url(…) in a style
	URL        string
	CSS        *CSSRef // of a style
}

// urlAttrs are the attributes that name another file which the page itself loads.
var urlAttrs = map[string][]string{
	"script": {"src"}, "link": {"href"}, "img": {"src"}, "audio": {"src"}, "video": {"src", "poster"}, "body": {"background"},
	"source": {"src"}, "track": {"src"}, "embed": {"src"}, "iframe": {"src"}, "object": {"data"}, "input": {"src"},
	"image": {"href", "xlink:href"}, "use": {"href", "xlink:href"}, "feimage": {"href", "xlink:href"},
}

// setAttrs are the attributes that name several, for screens of different kinds.
var setAttrs = map[string][]string{"img": {"srcset"}, "source": {"srcset"}, "link": {"imagesrcset"}}

// Refs are what a start tag refers to and the page loads by itself, in the order of the attributes.
func (n *Node) Refs() []AttrRef {
	if n.End {
		return nil
	}
	var refs []AttrRef
	for _, a := range n.Attrs {
		switch {
		case slices.Contains(urlAttrs[n.Tag], a.Key):
			refs = append(refs, AttrRef{Attr: a.Key, End: len(a.Val), URL: strings.TrimSpace(a.Val)})
		case slices.Contains(setAttrs[n.Tag], a.Key):
			refs = append(refs, srcset(a.Key, a.Val)...)
		case a.Key == "style":
			for _, r := range CSSRefs([]byte(a.Val)) {
				refs = append(refs, AttrRef{Attr: a.Key, Start: r.Start, End: r.End, URL: r.URL, CSS: &r})
			}
		}
	}
	return refs
}

// Rewrite has the references of a start tag lead elsewhere, where to is asked, and reports whether one does.
func (n *Node) Rewrite(to func(r AttrRef) (url string, ok bool)) bool {
	refs := n.Refs()
	changed := false
	for _, r := range slices.Backward(refs) { // so that places before it stay
		if url, ok := to(r); ok {
			if r.CSS != nil {
				url = r.CSS.To(url)
			}
			v, _ := n.Attr(r.Attr)
			n.Set(r.Attr, v[:r.Start]+url+v[r.End:])
			changed = true
		}
	}
	return changed
}

// srcset takes the candidates of an attribute such as "a.png, b.png 2x" apart, as the HTML standard does.
func srcset(attr, v string) []AttrRef {
	var refs []AttrRef
	for at := 0; ; {
		for at < len(v) && (isSpace(v[at]) || v[at] == ',') {
			at++
		}
		if at == len(v) {
			return refs
		}
		start := at
		for at < len(v) && !isSpace(v[at]) {
			at++
		}
		end := start + len(strings.TrimRight(v[start:at], ","))
		if end > start {
			refs = append(refs, AttrRef{Attr: attr, Start: start, End: end, URL: v[start:end]})
		}
		if end < at {
			continue // no descriptor
		}
		for depth := 0; at < len(v) && (v[at] != ',' || depth > 0); at++ {
			switch v[at] {
			case '(':
				depth++
			case ')':
				depth = max(depth-1, 0)
			}
		}
	}
}
