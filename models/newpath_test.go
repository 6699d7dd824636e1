package models

import "testing"

func TestCheckNewPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]Code{
		"src/größe 100%.js": "", "a/b": "", "a%20b": "", "%": "", "fox…": "", "日本/ゲーム.js": "", "…/a": "",
		"a%2fb": CodeInvalidPath, "a%252Fb": CodeInvalidPath, "%2e%2e/a": CodeInvalidPath, "a%5Cb": CodeInvalidPath, "a%00": CodeInvalidPath,
		"a\u2044b": CodeInvalidPath, "a\u2215b": CodeInvalidPath, "a\u29f8b": CodeInvalidPath, "a\u2216b": CodeInvalidPath, "a\uff0fb": CodeInvalidPath,
		"a\uff3cb": CodeInvalidPath, "\u2025/a": CodeInvalidPath, "\u2024\u2024/a": CodeInvalidPath, "../a": CodeInvalidPath, "": CodeInvalidPath,
	} {
		err := CheckNewPath(path)
		if (err == nil) != (want == "") || err != nil && CodeOf(err) != want {
			t.Errorf("%q: %v", path, err)
		}
	}
}
