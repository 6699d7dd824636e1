// Package reference is the API's documentation: the OpenAPI document, and a page that people read in a browser. The page is made from the document
// when the program starts, needs no script, and loads nothing from elsewhere.
package reference

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// Area serves the documentation.
type Area struct{ Document *openapi.Document }

//go:embed page/reference.css
var style []byte

// policy lets the page have its own style, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Register adds the routes.
func (a *Area) Register(routes *kernel.Routes) {
	routes.GET("/openapi.yaml", open(a.file("application/yaml", func() []byte { return a.Document.YAML() })))
	routes.GET("/openapi.json", open(a.file("application/json", func() []byte { return a.Document.JSON() })))
	routes.GET("/docs", a.file("text/html; charset=utf-8", func() []byte { return page(a.Document.Spec) }))
	routes.GET("/docs/reference.css", a.file("text/css; charset=utf-8", func() []byte { return style }))
}

// file serves what is the same as long as the program runs. It is made when it is first asked for.
func (a *Area) file(mediaType string, render func() []byte) gin.HandlerFunc {
	text := sync.OnceValue(func() tagged { return tag(render()) })
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Type", mediaType)
		h.Set("Cache-Control", "public, no-cache") // kept, and asked for again with its tag
		h.Set("Content-Security-Policy", policy)
		h.Set("ETag", text().tag)
		http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(text().bytes))
	}
}

// open lets the scripts of any site read the answer: viewers of documents run in browsers.
func open(serve gin.HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Header("Access-Control-Allow-Origin", "*")
		c.Header("Cross-Origin-Resource-Policy", "cross-origin")
		serve(c)
	}
}

// tagged is content with its entity tag.
type tagged struct {
	bytes []byte
	tag   string
}

func tag(text []byte) tagged {
	sum := sha256.Sum256(text)
	return tagged{text, `"` + hex.EncodeToString(sum[:16]) + `"`}
}
