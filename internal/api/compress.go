package api

import (
	"mime"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// leastPacked is the size below which an answer is not worth packing, in bytes.
const leastPacked = 1 << 10

// packed are the media types besides text that become smaller by packing. Everything else that is stored (pictures, sounds, archives) is
// packed already.
var packed = map[string]bool{
	"application/json": true, "application/problem+json": true, "application/x-ndjson": true, "application/javascript": true, "application/wasm": true,
	"application/yaml": true, "application/xml": true, "image/svg+xml": true, "image/bmp": true,
	"model/gltf+json": true, "model/gltf-binary": true, "font/ttf": true, "font/otf": true,
}

// compressed packs answers as clients accept it: with zstd, or else with gzip. Pages on which people sign in or administer are left
// alone, since they hold secrets beside what others may influence (BREACH), and streams of events are, since each has to arrive at once.
//
// What is packed has a tag of its own (RFC 9110, section 8.8.3). A client may send it wherever it may send the tag of the content.
func compressed(next http.Handler) http.Handler {
	pack, err := gzhttp.NewWrapper(gzhttp.MinSize(leastPacked), gzhttp.SuffixETag("-gzip"), gzhttp.ContentTypeFilter(packs),
		gzhttp.CompressionLevel(fastest))
	if err != nil {
		panic("api: " + err.Error())
	}
	packing := pack(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen := strings.Join(r.Header["If-None-Match"], ","); unpackedTags.Replace(seen) != seen {
			w = &unchanged{w, seen}
		}
		for _, name := range []string{"If-Match", "If-None-Match"} {
			for i, tags := range r.Header[name] {
				r.Header[name][i] = unpackedTags.Replace(tags)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/auth/") || strings.HasPrefix(r.URL.Path, "/admin/") {
			next.ServeHTTP(w, r)
			return
		}
		packing(w, r)
	})
}

// fastest is the level of gzip: games are packed while they are sent.
const fastest = 1

var unpackedTags = strings.NewReplacer(`-gzip"`, `"`, `-zstd"`, `"`)

// unchanged answers that what a client has packed has not changed, with the tag that it has.
type unchanged struct {
	http.ResponseWriter
	seen string // the tags of the request
}

// WriteHeader implements http.ResponseWriter.
func (u *unchanged) WriteHeader(status int) {
	if tag, ok := strings.CutSuffix(u.Header().Get("ETag"), `"`); ok && status == http.StatusNotModified {
		for _, suffix := range []string{"-gzip", "-zstd"} {
			if packed := tag + suffix + `"`; strings.Contains(u.seen, packed) {
				u.Header().Set("ETag", packed)
			}
		}
	}
	u.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the server's writer.
func (u *unchanged) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// Flush implements http.Flusher.
func (u *unchanged) Flush() { _ = http.NewResponseController(u.ResponseWriter).Flush() }

func packs(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (packed[media] || strings.HasPrefix(media, "text/") && media != "text/event-stream")
}
