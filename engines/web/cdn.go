package web

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Remote is what an address of a content delivery network says of the package that it serves.
type Remote struct {
	Package string // as npm has it: "three"
	Version string // "" if the address has none
	File    string // within the package, "" for its main one
}

// versioned splits "three@0.170.0/build/three.module.js" or "@babylonjs/core@9/Maths/math.js".
var versioned = regexp.MustCompile(`^((?:@[\w.-]+/)?[\w.-]+)(?:@([\w.^~+-]+))?(?:/(.*))?$`)

// aliases are other names of packages, on networks or in their own history.
var aliases = map[string]string{"three.js": "three", "threejs": "three", "babylonjs": "@babylonjs/core", "pixi": "pixi.js",
	"phaser-ce": "", "kaboom": "kaplay", "kaboom.js": "kaplay"}

// loose are the addresses of engines on hosts that serve files and no packages, by the file's name.
var loose = regexp.MustCompile(`^(phaser|three|babylon|pixi|playcanvas|kaplay|kaboom)(?:[.-](?:min|max|module|esm|core|stable|latest|legacy|\d[\w.]*))*\.m?js$`)

var looseVersion = regexp.MustCompile(`[.-](\d+(?:\.\d+)*)[.-][^/]*$`)

var looseNames = map[string]string{"phaser": "phaser", "three": "three", "babylon": "@babylonjs/core", "pixi": "pixi.js",
	"playcanvas": "playcanvas", "kaplay": "kaplay", "kaboom": "kaplay"}

// Renamed is the package that another one is the old name of, "" for none.
func Renamed(pkg string) string { return aliases[pkg] }

// Globals are the names by which scripts of pages know engines, by package.
var Globals = map[string]string{"phaser": "Phaser", "three": "THREE", "@babylonjs/core": "BABYLON", "pixi.js": "PIXI",
	"playcanvas": "pc", "kaplay": "kaplay"}

// RemoteOf takes an address on a network apart, as the hosts document their addresses; false for what names no package.
func RemoteOf(address string) (Remote, bool) {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Remote{}, false
	}
	p := strings.TrimPrefix(path.Clean(u.Path), "/")
	switch u.Hostname() {
	case "cdn.jsdelivr.net", "fastly.jsdelivr.net":
		if strings.HasPrefix(p, "gh/") {
			return LocalCopyOf(p)
		}
		p, _ = strings.CutPrefix(p, "npm/")
		p = strings.TrimSuffix(p, "/+esm")
	case "unpkg.com", "www.unpkg.com", "esm.sh", "cdn.skypack.dev", "esm.run":
		p = strings.TrimPrefix(p, "pin/")
	case "ga.jspm.io":
		p, _ = strings.CutPrefix(p, "npm:")
	case "cdnjs.cloudflare.com", "ajax.googleapis.com":
		rest, ok := strings.CutPrefix(p, "ajax/libs/")
		parts := strings.SplitN(rest, "/", 3)
		if !ok || len(parts) < 3 {
			return Remote{}, false
		}
		return named(parts[0], parts[1], parts[2])
	default:
		return LocalCopyOf(p)
	}
	m := versioned.FindStringSubmatch(p)
	if m == nil {
		return Remote{}, false
	}
	return named(m[1], m[2], m[3])
}

// LocalCopyOf is the package that a file is called after, as "lib/phaser-3.80.1.min.js" is.
func LocalCopyOf(name string) (Remote, bool) {
	m := loose.FindStringSubmatch(strings.ToLower(path.Base(name)))
	if m == nil {
		return Remote{}, false
	}
	remote := Remote{Package: looseNames[m[1]]}
	if v := looseVersion.FindStringSubmatch(name); v != nil {
		remote.Version = v[1]
	}
	return remote, true
}

// built are the files of a package that are all of it.
var built = regexp.MustCompile(`^(?:(?:dist|build|lib|src)/)*[\w.-]*\.(?:m?js|cjs)$`)

func named(pkg, version, file string) (Remote, bool) {
	if other, ok := aliases[pkg]; ok {
		pkg = other
	}
	if pkg == "" {
		return Remote{}, false
	}
	if built.MatchString(file) {
		file = ""
	}
	return Remote{Package: pkg, Version: strings.TrimPrefix(version, "r"), File: file}, true
}
