package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCSSRefs(t *testing.T) {
	t.Parallel()
	for css, want := range map[string]string{
		"":                                             "",
		`a{background:url(x.png)}`:                     "url(x.png)=x.png",
		`a{background:url( "x y.png" )}`:               `url( "x y.png" )=x y.png`,
		`a{background:URL('x.png')}`:                   `URL('x.png')=x.png`,
		`a{background:u\72l(x.png)}`:                   `u\72l(x.png)=x.png`,
		`a{background:url(a\)b\ c.png)}`:               `url(a\)b\ c.png)=a)b c.png`,
		`a{background:url("\61\00020 b")}`:             `url("\61\00020 b")=a b`,
		`a{background:url(a b.png), url(c)}`:           "url(c)=c",
		`a{background:url(a"b), url(c)}`:               "url(c)=c",
		`a{background:url("a" b), url(c)}`:             "url(c)=c",
		`/* url(no) " */ a{b:url(yes)}`:                "url(yes)=yes",
		`a{content:"url(no)"; b:url(yes)}`:             "url(yes)=yes",
		`a{content:"\"url(no)"; b:url(y)}`:             "url(y)=y",
		"a{content:\"url(no)\n; b:url(y)}":             "url(y)=y",
		`@import "a.css";`:                             `"a.css"=a.css!`,
		`@import url(a.css) screen; b{c:url(d)}`:       "url(a.css)=a.css! url(d)=d",
		`@IMPORT/**/'a.css' supports(x: "no") ;`:       `'a.css'=a.css!`,
		`@charset "no"; @import "a"; @namespace "no";`: `"a"=a!`,
		`a{b:image-set("a.png" 1x, url(b.png) 2x, "c" type("image/png"))} d{e:"no"}`: `"a.png"=a.png url(b.png)=b.png "c"=c`,
		`a{b:-webkit-image-set("a" 1x)}`:                                             `"a"=a`,
		`a{b:src("a"); c:src(no)}`:                                                   `src("a")=a`,
		`a{b:url(data:image/png;base64,AA==);c:url(d)}`:                              "url(data:image/png;base64,AA==)=data:image/png;base64,AA== url(d)=d",
		`a{b:url(x`:                              "url(x=x",
		`a{--u:"x"; myurl(no); b:url(y)}`:        "url(y)=y",
		`a{b:linear-gradient(url(a), (url(b)))}`: "url(a)=a url(b)=b",
	} {
		var got []string
		for _, r := range CSSRefs([]byte(css)) {
			mark := ""
			if r.Import {
				mark = "!"
			}
			got = append(got, fmt.Sprintf("%s=%s%s", css[r.Start:r.End], r.URL, mark))
		}
		require.Equal(t, want, strings.Join(got, " "), css)
	}
}

func FuzzCSSRefs(f *testing.F) {
	f.Add(`@import "a" x; a{b:url( "c\61 " ),image-set('d' 1x) /* url(e) */; f:url(\`)
	f.Add(`url(`)
	f.Add(`@import"a"0`)
	f.Add(`a"\`)
	f.Fuzz(func(t *testing.T, css string) {
		end := 0
		out := ""
		refs := CSSRefs([]byte(css))
		for _, r := range refs {
			if r.Start < end || r.End <= r.Start || r.End > len(css) {
				t.Fatalf("%q: %+v after %d", css, r, end)
			}
			out += css[end:r.Start] + r.To("x")
			end = r.End
		}
		out += css[end:]
		// What takes the place of a reference is one again, and takes nothing with it.
		if again := CSSRefs([]byte(out)); len(again) != len(refs) {
			t.Fatalf("%q has %d references, %q has %d", css, len(refs), out, len(again))
		}
	})
}

func TestRefsOfTags(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		`<img src=" a.png " srcset="b.png, c.png 2x,d,e.png 100w">`: "src a.png, srcset b.png, srcset c.png, srcset d,e.png",
		`<img srcset=",, a.png 1x , b.png (1,2) ,c.png">`:           "srcset a.png, srcset b.png, srcset c.png",
		`<source srcset="data:image/png;base64,AA== 2x, b">`:        "srcset data:image/png;base64,AA==, srcset b",
		`<link rel=preload as=image href=a imagesrcset="b 1x">`:     "href a, imagesrcset b",
		`<video poster=a src=b>`:                                    "poster a, src b",
		`<image xlink:href=a href=b>`:                               "xlink:href a, href b",
		`<div style="background:url('a');b:url(c)">`:                "style a, style c",
		`<a href=a data=b>`:                                         "",
		`<body background=a>`:                                       "background a",
		`</img src=a>`:                                              "",
	} {
		_, err := Walk([]byte(tag), func(n *Node) (string, bool) {
			var got []string
			for _, r := range n.Refs() {
				got = append(got, r.Attr+" "+r.URL)
			}
			require.Equal(t, want, strings.Join(got, ", "), tag)
			return "", false
		})
		require.NoError(t, err)
	}
}

func TestRewrite(t *testing.T) {
	t.Parallel()
	out, err := Walk([]byte(`<img src="a" srcset="b, c 2x" style="x:url(d)" alt="a">`), func(n *Node) (string, bool) {
		changed := n.Rewrite(func(r AttrRef) (string, bool) { return "<" + r.URL + `">`, r.URL != "c" })
		return n.StartTag(), changed
	})
	require.NoError(t, err)
	require.Equal(t, `<img src="&lt;a&#34;&gt;" srcset="&lt;b&#34;&gt;, c 2x" style="x:url(&#34;&lt;d\&#34;&gt;&#34;)" alt="a">`, string(out))
}
