package bundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spark-games/spark/engines"
	"github.com/spark-games/spark/engines/web"
	"github.com/spark-games/spark/models"
)

// deepTools is a toolchain with a package whose files are imported one by one.
func deepTools(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for name, data := range map[string]string{
		"node_modules/@scope/core/package.json":     `{"name":"@scope/core","main":"index.js","type":"module","sideEffects":["polyfill.js","extra/*"]}`,
		"node_modules/@scope/core/index.js":         "export * from './scene.js'; export * from './maths/vector.js'",
		"node_modules/@scope/core/scene.js":         "export class Scene { mark = 'SCENE' }",
		"node_modules/@scope/core/maths/vector.js":  "export class Vector { mark = 'VECTOR' }",
		"node_modules/@scope/core/maths/inner.js":   "import { Vector } from './vector.js'; import { tool } from './tool.js'; export class Inner extends Vector { mark = 'INNER' + tool }",
		"node_modules/@scope/core/maths/tool.js":    "export const tool = 'TOOL'",
		"node_modules/@scope/core/extra/shader.js":  "import { Scene } from '../scene.js'; Scene.shader = 'SHADER'",
		"node_modules/@scope/core/polyfill.js":      "import { Scene } from './index.js'; Scene.safe = 'POLYFILL'",
		"node_modules/@scope/coreless/package.json": `{"name":"@scope/coreless","main":"index.js"}`,
		"node_modules/@scope/coreless/index.js":     "import { Scene } from '@scope/core/scene'; export class Less extends Scene { mark = 'LESS' }",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func buildDeep(t *testing.T, mode engines.Mode, list []models.File) string {
	t.Helper()
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	shared := []engines.SharedModule{{Specifier: "@scope/core", File: "core.js", Deep: true,
		Apart: []string{"extra/", "maths/inner.js", "maths/tool.js", "polyfill.js"}}}
	plan, err := web.Plan(engines.BuildRequest{Files: list, Mode: mode}, shared)
	if err != nil {
		t.Fatal(err)
	}
	plan.Bundle.Before = []string{"@scope/core/polyfill.js"}
	res, err := Make(Input{Bundle: *plan.Bundle, Files: list, Toolchain: deepTools(t),
		ModuleURLs: map[string]string{"@scope/core": "/engine-modules/0/core.js"}})
	if err != nil || res.Failed() {
		t.Fatalf("%v %+v", err, res)
	}
	return output(res, "", ".js")
}

// However a project names the files of the package, the preview has one copy of every class: the shared module's.
func TestDeepImportsAreTheSharedModule(t *testing.T) {
	t.Parallel()
	list := files("src/main.js", `import { Scene } from '@scope/core/scene.js';
import { Vector } from '@scope/core/maths/vector';
import * as all from '@scope/core';
import { Inner } from '@scope/core/maths/inner.js';
import '@scope/core/extra/shader.js';
import { Less } from '@scope/coreless';
console.log(Scene, Vector, all, Inner, Less, import('@scope/core/scene'));`)
	preview, release := buildDeep(t, engines.Preview, list), buildDeep(t, engines.Release, list)
	for _, mark := range []string{"SCENE", "VECTOR"} {
		if strings.Contains(preview, mark) || strings.Count(release, mark) != 1 {
			t.Errorf("%s: %d times in the preview, %d in the release", mark, strings.Count(preview, mark), strings.Count(release, mark))
		}
	}
	for _, mark := range []string{"INNER", "TOOL", "SHADER", "LESS", "POLYFILL"} {
		if strings.Count(preview, mark) != 1 || strings.Count(release, mark) != 1 {
			t.Errorf("%s: %d times in the preview, %d in the release", mark, strings.Count(preview, mark), strings.Count(release, mark))
		}
	}
	for _, want := range []string{`from "@scope/core"`, `import("@scope/core")`} {
		if !strings.Contains(preview, want) || strings.Contains(release, want) {
			t.Errorf("%q: not what is wanted in\n%s\n%s", want, preview, release)
		}
	}
	if strings.Contains(preview, `"@scope/core/`) {
		t.Errorf("an import of the preview has no place in the import map:\n%s", preview)
	}
}

// What comes before the project's modules runs before them.
func TestBeforeComesFirst(t *testing.T) {
	t.Parallel()
	list := files("src/main.js", "console.log('MAIN')")
	for _, mode := range []engines.Mode{engines.Preview, engines.Release} {
		script := buildDeep(t, mode, list)
		first, then := strings.Index(script, "POLYFILL"), strings.Index(script, "MAIN")
		if first < 0 || then < first {
			t.Errorf("%s: at %d and %d in\n%s", mode, first, then, script)
		}
	}
}
