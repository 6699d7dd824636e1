package page

import (
	"bytes"
	"strings"
	"testing"
)

const sample = `<!doctype html>
<html><head><title>A &amp; B</title>
<script type="importmap">{"imports":{}}</script>
<link rel="icon stylesheet" href='a.css?x=1'>
</head><body>
<!-- <script src="no.js"></script> -->
<script type="module" src="./src/main.js"></script>
<script>
let s = "<img src=no.png>";
</script>
<img src="a b.png" alt="">
</body></html>
`

func TestWalkKeepsWhatIsNotReplaced(t *testing.T) {
	t.Parallel()
	out, err := Walk([]byte(sample), func(*Node) (string, bool) { return "", false })
	if err != nil || string(out) != sample {
		t.Fatalf("changed (%v):\n%s", err, out)
	}
}

func TestWalkFindsScriptsAndLines(t *testing.T) {
	t.Parallel()
	var kinds []Script
	var lines []int
	var refs []string
	title := ""
	out, err := Walk([]byte(sample), func(n *Node) (string, bool) {
		if k := n.ScriptKind(); k != NotScript {
			kinds, lines = append(kinds, k), append(lines, n.Line)
		}
		if n.Tag == "title" {
			title = string(n.Text)
		}
		for _, r := range n.Refs() {
			refs = append(refs, r.URL)
		}
		return "<i>", n.ScriptKind() == Module
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) != 3 || kinds[0] != ImportMap || kinds[1] != Module || kinds[2] != Classic {
		t.Errorf("kinds %v", kinds)
	}
	if len(lines) != 3 || lines[0] != 3 || lines[1] != 7 || lines[2] != 8 {
		t.Errorf("lines %v", lines)
	}
	if got := strings.Join(refs, " "); got != "a.css?x=1 ./src/main.js a b.png" {
		t.Errorf("refs %q", got)
	}
	if title != "A & B" {
		t.Errorf("title %q", title)
	}
	if !bytes.Contains(out, []byte("\n<i>\n<script>")) {
		t.Errorf("not replaced:\n%s", out)
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, path string
		rooted   bool
		ok       bool
	}{
		{"a.js", "a.js", false, true},
		{"./src/../a.js?v=1#x", "a.js", false, true},
		{"/src/a.js", "src/a.js", true, true},
		{"/../../etc/passwd", "etc/passwd", true, true},
		{"../../etc/passwd", "../../etc/passwd", false, true},
		{"%2e%2e/x", "../x", false, true},
		{"a%20b.png", "a b.png", false, true},
		{"https://x/y.js", "", false, false},
		{"//x/y.js", "", false, false},
		{"data:text/plain,x", "", false, false},
		{"javascript:alert(1)", "", false, false},
		{"#top", "", false, false},
		{"", "", false, false},
		{"/", "", false, false},
		{".", ".", false, false},
	} {
		r, ok := Local(c.in)
		if ok != c.ok || ok && (r.Path != c.path || r.Rooted != c.rooted) {
			t.Errorf("%q: %+v %v", c.in, r, ok)
		}
	}
}

func FuzzWalk(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("<script><title></script"))
	f.Add([]byte("<title/><script src=x><!--"))
	f.Fuzz(func(t *testing.T, src []byte) {
		out, err := Walk(src, func(n *Node) (string, bool) {
			for _, r := range n.Refs() {
				Local(r.URL)
			}
			n.Rewrite(func(AttrRef) (string, bool) { return "x", true })
			return "", false
		})
		if err == nil && !bytes.Equal(out, src) {
			t.Fatalf("changed %q into %q", src, out)
		}
	})
}
