package web

import (
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/models"
)

func files(pairs ...string) []models.File {
	var list []models.File
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, models.File{Path: pairs[i], Data: []byte(pairs[i+1])})
	}
	return list
}

func TestInspect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in                 []models.File
		html, entry, publc string
		static             string
	}{
		"page":              {files("index.html", `<script type="module" src="/src/go.tsx">`, "src/main.js", "1"), "index.html", "src/go.tsx", "", ""},
		"page with a query": {files("index.html", `<script type=module src="./a.js?v=2">`), "index.html", "a.js", "", ""},
		"inline":            {files("index.html", `<script type=module>go()</script>`), "index.html", "index.html", "", ""},
		"only classic":      {files("index.html", `<script src="x.js">`, "src/index.ts", "1"), "index.html", "", "", ""},
		"page in public":    {files("public/index.html", `<script type=module src="main.js">`), "public/index.html", "public/main.js", "public", ""},
		"no page":           {files("main.tsx", "1", "src/index.js", "1"), "", "src/index.js", "", ""},
		"nothing":           {files("README.md", "1"), "", "", "", ""},
		"static": {files("main.js", "1", "assets/b.json", "", "assets/a.png", "", "hero.png", "", "src/x.png", "", "public/y.png", "", "node_modules/z.png", "",
			".git/a.png", "", "assets/.secret/a.png", "", "package.json", "", "assets/code.js", "", "fonts/a.TTF", ""),
			"", "main.js", "public", "assets/a.png assets/b.json fonts/a.TTF hero.png src/x.png"},
	} {
		p, err := Inspect(c.in)
		if err != nil || p.HTML != c.html || p.Entry != c.entry || p.PublicDir != c.publc || strings.Join(p.Static, " ") != c.static {
			t.Errorf("%s: %+v %v", name, p, err)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	shared := []engines.SharedModule{{Specifier: "x", File: "x.js"}}
	plan, err := Plan(engines.BuildRequest{Title: " A\n\tgame ", Files: files("main.js", "1"), Mode: engines.Preview}, shared)
	if err != nil || plan.Bundle.Title != "A game" || len(plan.Bundle.Shared) != 1 {
		t.Errorf("%+v %v", plan.Bundle, err)
	}
	plan, err = Plan(engines.BuildRequest{Files: files("main.js", "1"), Mode: engines.Release}, shared)
	if err != nil || len(plan.Bundle.Shared) != 0 {
		t.Errorf("%+v %v", plan.Bundle, err)
	}
	for name, req := range map[string]engines.BuildRequest{
		"mode":      {Files: files("main.js", "1"), Mode: "fast"},
		"no files":  {Mode: engines.Preview},
		"no entry":  {Files: files("a.md", "1"), Mode: engines.Preview},
		"huge page": {Files: files("index.html", strings.Repeat("<p>", 1<<20), "main.js", "1"), Mode: engines.Preview},
	} {
		if _, err := Plan(req, nil); models.CodeOf(err) == models.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const ok = `<script type="module" src="./game.js"></script>`
	mapped := func(target string) []models.File {
		return files("index.html", `<script type="importmap">{"imports":{"x":"`+target+`"}}</script>`+ok, "game.js", "1", "x.js", "1")
	}
	for name, c := range map[string]struct {
		out  []models.File
		mode engines.Mode
		want string // part of the message, "" for none
	}{
		"good":                   {files("index.html", ok, "game.js", "1"), engines.Release, ""},
		"classic script":         {files("index.html", `<script src="game.js"></script>`, "game.js", "1"), engines.Release, ""},
		"links and pictures":     {files("index.html", ok+`<link rel=icon href="a%20b.png?x#y"><img src="data:,x"><a href="/gone">`, "game.js", "1", "a b.png", ""), engines.Release, ""},
		"network":                {files("index.html", ok+`<link rel=stylesheet href="https://fonts.example/x.css">`, "game.js", "1"), engines.Release, ""},
		"nothing":                {nil, engines.Release, "no index.html"},
		"page elsewhere":         {files("a/index.html", ok, "a/game.js", "1"), engines.Release, "no index.html"},
		"empty page":             {files("index.html", " \n", "game.js", "1"), engines.Release, "empty"},
		"empty script":           {files("index.html", ok, "game.js", "\n"), engines.Release, "empty"},
		"no script":              {files("index.html", "<p>", "game.js", "1"), engines.Release, "starts no script"},
		"only a network script":  {files("index.html", `<script src="https://x/y.js"></script>`), engines.Release, "starts no script"},
		"script missing":         {files("index.html", ok), engines.Release, "not in the output"},
		"sheet missing":          {files("index.html", ok+`<link rel=stylesheet href="a.css">`, "game.js", "1"), engines.Release, "a.css"},
		"picture missing":        {files("index.html", ok+`<img src="a.png"><video poster="/b.png">`, "game.js", "1"), engines.Release, ""},
		"rooted picture":         {files("index.html", ok+`<img src="/a.png">`, "game.js", "1", "a.png", "1"), engines.Release, "not relative"},
		"rooted":                 {files("index.html", `<script type="module" src="/game.js"></script>`, "game.js", "1"), engines.Release, "not relative"},
		"climbs":                 {files("index.html", ok+`<script src="../game.js"></script>`, "game.js", "1"), engines.Release, "not in the output"},
		"hostile path":           {files("index.html", ok, "game.js", "1", "a/../../b", "1"), engines.Release, "path"},
		"case collision":         {files("index.html", ok, "game.js", "1", "Game.js", "1"), engines.Release, "collide"},
		"unicode collision":      {files("index.html", ok, "game.js", "1", "\u00e9", "1", "e\u0301", "1"), engines.Release, "path"},
		"file as folder":         {files("index.html", ok, "game.js", "1", "game.js/x", "1"), engines.Release, "folder"},
		"module of the platform": {mapped("/engine-modules/0/x.js"), engines.Preview, ""},
		"platform in a release":  {mapped("/engine-modules/0/x.js"), engines.Release, "platform"},
		"module beside":          {mapped("./x.js"), engines.Release, ""},
		"module missing":         {mapped("./y.js"), engines.Release, "not in the output"},
		"module on the network":  {mapped("https://x/y.js"), engines.Preview, "not part of the game"},
		"module elsewhere":       {mapped("/other/x.js"), engines.Preview, "not part of the game"},
		"broken import map":      {files("index.html", `<script type="importmap">{</script>`+ok, "game.js", "1"), engines.Preview, "JSON"},
	} {
		err := Verify(engines.BuildRequest{Mode: c.mode}, engines.InMemory(c.out))
		if c.want == "" && err != nil || c.want != "" && (models.CodeOf(err) != models.CodeInvalidOutput || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
