package play

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/models"
)

// Games are untrusted code, served from the API's own address. The sandbox directive below isolates them from it: it gives the
// page an opaque origin, so the game has no cookies, no storage and no credentials of this server, and its requests look
// cross-site to the server. (The sandbox attribute of an iframe can only restrict this further.) An opaque origin makes the
// game's own modules and data cross-origin to itself, hence the CORS header on these public files.

// immutable is for content that its URL determines: an artifact or a digest never changes.
const immutable = "public, max-age=31536000, immutable"

func gamePolicy(frameAncestors string) string {
	return strings.Join([]string{
		"sandbox allow-scripts allow-pointer-lock allow-orientation-lock",
		"default-src 'none'",
		"script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"media-src 'self' data: blob:",
		"font-src 'self' data:",
		"connect-src 'self' data: blob:",
		"worker-src 'self' blob:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors " + frameAncestors,
	}, "; ")
}

// gamePermissions denies the features for which a browser would ask the player on this server's behalf.
const gamePermissions = "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), serial=(), " +
	"hid=(), midi=(), clipboard-read=(), publickey-credentials-get=(), screen-wake-lock=()"

func (a *Area) gameHeaders(h http.Header) {
	h.Set("Content-Security-Policy", gamePolicy(a.FrameAncestors))
	h.Set("Permissions-Policy", gamePermissions)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// whatIs says what players get.
func whatIs(format string) string {
	switch format {
	case models.FormatLinux:
		return "a program for Linux"
	case models.FormatPack:
		return "a pack for Godot"
	}
	return "a folder of files"
}

// redirect adds the slash that makes the game's relative paths work.
func (a *Area) redirect(c *gin.Context) {
	if !models.ValidID(c.Param("artifact")) {
		a.Kernel.NoRoute(c)
		return
	}
	c.Redirect(http.StatusPermanentRedirect, models.PlayPath(c.Param("artifact")))
}

// play serves a file of a build to anyone who knows the artifact's id.
func (a *Area) play(c *gin.Context) {
	a.gameHeaders(c.Writer.Header())
	ctx, id := c.Request.Context(), c.Param("artifact")
	if !models.ValidID(id) {
		a.Kernel.NoRoute(c)
		return
	}
	artifact, err := a.Artifacts.PublicArtifact(ctx, id)
	switch {
	case err != nil:
	case artifact.Kind != models.ArtifactBuild:
		err = models.NewError(models.CodeNotFound, "no such game")
	case !artifact.Playable():
		err = models.NewError(models.CodeNotPlayable, "this game does not run in a browser: it is "+whatIs(artifact.Format)+
			", which its maker can download from "+models.DownloadPath(artifact.ID))
	}
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	path := kernel.FilePath(c.Param("path"))
	if path == "" {
		path = "index.html"
	}
	file, err := kernel.OpenEntry(ctx, a.Blobs, c.Request, artifact.Manifest, path)
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	file.Headers["Cache-Control"] = immutable
	if err := file.Serve(c.Writer); err != nil {
		a.Kernel.Fail(c, err)
	}
}

// engineModule serves a shared engine module. Only engine modules are served by digest: other blobs belong to their owners.
func (a *Area) engineModule(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	entry := models.ManifestEntry{Path: c.Param("file"), SHA256: c.Param("sha256")}
	size, ok := a.Modules.EngineModule(entry.SHA256, entry.Path)
	if !ok {
		a.Kernel.NoRoute(c)
		return
	}
	entry.Size = size
	file, err := kernel.OpenBlob(c.Request.Context(), a.Blobs, c.Request, entry)
	if err != nil {
		a.Kernel.Fail(c, err)
		return
	}
	file.Headers["Cache-Control"] = immutable
	if err := file.Serve(c.Writer); err != nil {
		a.Kernel.Fail(c, err)
	}
}
