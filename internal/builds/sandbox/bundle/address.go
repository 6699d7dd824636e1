package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// A file of the project that is no code has one address in the game, by which code that imports it, code that names it by URL, style sheets and
// the page load it: the file's own path, or for a public file its path within the public folder.

// place is where a file of the project belongs in the game. The folder of a page is the game's.
func (p *project) place(name string) string {
	if rest, ok := p.inPublic(name); ok {
		return rest
	}
	if dir := path.Dir(p.in.Bundle.HTML); dir != "." {
		return strings.TrimPrefix(name, dir+"/")
	}
	return name
}

// output is the path of a file in the game. One whose place another has taken, a public one or one in the page's folder, is named by its content.
func (p *project) output(name string) string {
	to := p.place(name)
	if _, public := p.inPublic(name); public {
		return to
	}
	for _, dir := range []string{p.in.Bundle.PublicDir, path.Dir(p.in.Bundle.HTML)} {
		other := path.Join(dir, to)
		if _, taken := p.files[other]; taken && other != name && dir != "" && dir != "." {
			ext := path.Ext(to)
			return strings.TrimSuffix(to, ext) + "-" + contentName(p.files[name]) + ext
		}
	}
	return to
}

// use has a file copied into the game, and returns its address from the page's folder.
func (p *project) use(name string) string {
	p.mu.Lock()
	p.imported[name] = true
	p.mu.Unlock()
	return p.address(p.output(name))
}

// address writes a path of the game as an address from the page's folder, or for a worker from the game's.
func (p *project) address(name string) string {
	if p.working {
		return addressOf(name)
	}
	return p.up() + strings.TrimPrefix(addressOf(name), "./")
}

// addressOf writes a path of the game as an address from the game's folder.
func addressOf(name string) string {
	return "./" + strings.ReplaceAll(url.PathEscape(name), "%2F", "/")
}

// asset is the module of a file that is no code: its address. A game hands it to loaders, which fetch from the page's folder; those
// in a worker fetch from the worker's.
func (p *project) asset(name string) api.OnLoadResult {
	address, _ := json.Marshal(p.use(name))
	if p.working {
		return source("export default new URL("+string(address)+", "+p.base()+").href", api.LoaderJS)
	}
	return source("export default "+string(address), api.LoaderJS)
}

// isAsset reports whether an import of a file is its address.
func isAsset(name, query string) bool {
	_, source := preprocessed[strings.ToLower(path.Ext(name))]
	return query == queryURL || query == "" && loaderOf(name) == api.LoaderFile && !source
}

// withPlaces has the rooted addresses in code begin at the page's folder instead, "/assets/a.png" and `/levels/${n}.json` alike, since a game need
// not lie at its host's root. Only what begins like the address of a file of the game is one.
func (p *project) withPlaces(code string) string {
	return p.withPlacesFrom(strings.TrimSuffix(p.up(), "/"), code)
}

// withPlacesFrom is withPlaces for what begins at another folder, from where up leads to that of the game.
func (p *project) withPlacesFrom(up, code string) string {
	if !strings.Contains(code, `"/`) && !strings.Contains(code, `'/`) && !strings.Contains(code, "`/") {
		return code
	}
	var b strings.Builder
	done := 0
	for at, text := range web.Literals([]byte(code)) {
		if strings.HasPrefix(text, "/") && p.isPlace(text[1:]) {
			b.WriteString(code[done:at] + up)
			done = at
		}
	}
	return b.String() + code[done:]
}

// isPlace reports whether a text is the path of a file of the game, or the beginning of one's that ends with its folder.
func (p *project) isPlace(text string) bool {
	before, _, computed := strings.Cut(text, "${")
	if !computed && !strings.HasSuffix(text, "/") {
		if i := strings.IndexAny(text, "?#"); i >= 0 {
			text = text[:i]
		}
		if plain, err := url.PathUnescape(text); err == nil && p.places[plain] {
			return true
		}
		return p.places[text] || p.places[text+"/"] && strings.Contains(text, "/")
	}
	folder := before[:strings.LastIndexByte(before, '/')+1]
	return folder != "" && p.places[folder]
}

// findPlaces notes all paths of the game that are known before it is bundled, and their folders, with a slash.
func (p *project) findPlaces() {
	p.places = make(map[string]bool)
	add := func(name string) {
		p.places[name] = true
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			p.places[dir+"/"] = true
		}
	}
	for name := range p.files {
		if rest, ok := p.inPublic(name); ok {
			add(rest)
		}
	}
	for _, name := range p.in.Bundle.Static {
		add(p.output(name))
	}
}

// addCopies adds the public folder, the files that the game loads by URL, and those that code and pages name.
func (o *outputs) addCopies() {
	p := o.p
	copied := map[string]bool{}
	add := func(name string) {
		to := p.output(name)
		data, ok := p.files[name]
		if key := models.PathKey(to); ok && !copied[key] && !p.isPage(name) {
			copied[key] = true
			if !bytes.ContainsRune(data, 0) {
				data = p.plainCopy(name, to, data)
			}
			o.add(to, data)
		}
	}
	for _, name := range p.sorted {
		if rest, ok := p.inPublic(name); ok && rest != "index.html" {
			add(name)
		}
	}
	for _, name := range p.in.Bundle.Static {
		add(name)
	}
	for _, name := range p.sorted {
		if p.imported[name] {
			add(name)
		}
	}
}

// plainCopy is a file as the game loads it by its address: what it names at the root begins at the page's folder, or at its own if it is of a
// kind that names files from there.
func (p *project) plainCopy(name, to string, data []byte) []byte {
	switch strings.ToLower(path.Ext(name)) {
	case ".js", ".mjs", ".json", ".tmj", ".tsj":
		return []byte(p.withPlaces(string(data)))
	case ".webmanifest", ".gltf":
		up := strings.TrimSuffix("./"+strings.Repeat("../", strings.Count(to, "/")), "/")
		return []byte(p.withPlacesFrom(up, string(data)))
	}
	return data
}

// contentName tells contents apart.
func contentName(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:4])
}
