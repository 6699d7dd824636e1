package models

import (
	"path"
	"strings"
)

// mediaTypes are the types of files that games consist of. The table is our own, because the operating system's differs
// between machines, and a manifest must not.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".cjs": "text/javascript; charset=utf-8",
	".ts": "text/plain; charset=utf-8", ".tsx": "text/plain; charset=utf-8", ".jsx": "text/plain; charset=utf-8",
	".json": "application/json", ".map": "application/json", ".webmanifest": "application/manifest+json",
	".wasm": "application/wasm",
	".go":   "text/plain; charset=utf-8", ".mod": "text/plain; charset=utf-8", ".sum": "text/plain; charset=utf-8",
	".gd": "text/plain; charset=utf-8", ".tscn": "text/plain; charset=utf-8", ".tres": "text/plain; charset=utf-8",
	".godot": "text/plain; charset=utf-8", ".cfg": "text/plain; charset=utf-8", ".import": "text/plain; charset=utf-8",
	".shader": "text/plain; charset=utf-8",
	".txt":    "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
	".glsl": "text/plain; charset=utf-8", ".vert": "text/plain; charset=utf-8", ".frag": "text/plain; charset=utf-8",
	".wgsl": "text/plain; charset=utf-8",
	".xml":  "application/xml", ".tmx": "application/xml", ".fnt": "application/xml",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".bmp": "image/bmp", ".ktx2": "image/ktx2",
	".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav",
	".m4a": "audio/mp4", ".flac": "audio/flac", ".mid": "audio/midi",
	".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
	".ttf": "font/ttf", ".otf": "font/otf", ".woff": "font/woff", ".woff2": "font/woff2",
	".gltf": "model/gltf+json", ".glb": "model/gltf-binary", ".obj": "model/obj",
	".zip": "application/zip", ".pdf": "application/pdf",
}

// MediaType is the media type of a file, by its extension; application/octet-stream if that is unknown.
func MediaType(p string) string {
	if t, ok := mediaTypes[strings.ToLower(path.Ext(p))]; ok {
		return t
	}
	return "application/octet-stream"
}
