package redact

import (
	"strings"
	"testing"
)

func TestKnownSecretsAreRedacted(t *testing.T) {
	t.Parallel()
	r := New("hunter2-hunter2", "correct horse battery", "pass/word+1", "short", "first line 1\nsecond line 2\n", "hunter2-hunter2-longer")
	for in, want := range map[string]string{
		"":                                      "",
		"nothing to hide, not even short":       "nothing to hide, not even short",
		"hunter2-hunter2":                       Redacted,
		"a hunter2-hunter2 b":                   "a " + Redacted + " b",
		"hunter2-hunter2hunter2-hunter2 b":      Redacted + " b",
		"hunter2-hunter2-longer!":               Redacted + "!",
		"hunter2-hunter2-longe!":                Redacted + "-longe!",
		"hunter2-hunter hunter2-hunter2":        "hunter2-hunter " + Redacted,
		"url pass%2Fword%2B1 and pass%2Fword+1": "url " + Redacted + " and " + Redacted,
		"the first line 1 and second line 2 x":  "the " + Redacted + " and " + Redacted + " x",
		"split hunter2-\nhunter2 over lines":    "split " + Redacted + "\n" + Redacted + " over lines",
		"ends with hunter":                      "ends with " + Redacted,
		"ends with hun":                         "ends with hun",
		"correct horse\n\n battery staple":      Redacted + "\n\n" + Redacted + " staple",
		"shortened within hunter2-hunt…":        "shortened within " + Redacted + "…",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWhatLooksLikeASecretIsRedacted(t *testing.T) {
	t.Parallel()
	r := New()
	for in, want := range map[string]string{
		"key spark_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZab in use": "key [redacted] in use",
		"spark_sandboxes_total 7":                                 "spark_sandboxes_total 7",
		"OPENAI=sk-proj-abcdefghijklmnopqrstuv!":                  "OPENAI=[redacted]!",
		"a task-force and a desk-lamp":                            "a task-force and a desk-lamp",
		"AKIAIOSFODNN7EXAMPLE":                                    "[redacted]",
		"ghp_0123456789abcdefghijABCDEFGHIJ012345 x":              "[redacted] x",
		"Authorization: Bearer abc.def-ghi":                       "Authorization: Bearer [redacted]",
		"Authorization: Basic dXNlcjpwYXNz":                       "Authorization: Basic [redacted]",
		"postgres://spark:s3cret@db:5432/spark":                   "postgres://spark:[redacted]@db:5432/spark",
		"redis://:s3cret@cache":                                   "redis://:[redacted]@cache",
		"see http://localhost:8080":                               "see http://localhost:8080",
		"see http://localhost:8080/a@b":                           "see http://localhost:8080/a@b",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw":                  "[redacted]",
		"-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nAwEHoUQD\n-----END EC PRIVATE KEY-----\nnext": "[redacted]\n[redacted]\n[redacted]\n[redacted]\nnext",
		"x -----BEGIN PRIVATE KEY-----abc-----END PRIVATE KEY----- y":                            "x [redacted] y",
		"-----BEGIN CERTIFICATE-----\nMHcC":                                                      "-----BEGIN CERTIFICATE-----\nMHcC",
		"sk-abcdefgh\nijklmnop rest":                                                             "[redacted]\n[redacted] rest",
		"const key = \"sk-proj-ab…":                                                              "const key = \"[redacted]…",
		"src/main.ts:3:14: error: no such thing as a secret":                                     "src/main.ts:3:14: error: no such thing as a secret",
	} {
		if got := r.Text(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzRedactor cuts a text with secrets into lines anywhere. Put together again, it has none of them.
func FuzzRedactor(f *testing.F) {
	f.Add("hunter2-hunter2", "the password is ", " indeed", []byte{3, 9, 20})
	f.Add("abababababab", "abab", "abababababababab", []byte{1, 1, 1, 1, 1, 1, 1, 1})
	f.Add("aaaaaaaab", "aaaa", "aab", []byte{})
	f.Fuzz(func(t *testing.T, secret, before, after string, cuts []byte) {
		secret = strings.TrimSpace(strings.NewReplacer("\n", "", "\r", "").Replace(secret))
		if len(secret) < shortestSecret || len(secret) > 200 || strings.Contains(Redacted, secret) {
			return
		}
		text := strings.NewReplacer("\n", "").Replace(before + secret + after + secret)
		line := New(secret, "another-secret-"+secret).Lines()
		var shown strings.Builder
		for _, c := range cuts {
			n := min(int(c), len(text))
			shown.WriteString(line(text[:n]))
			text = text[n:]
		}
		shown.WriteString(line(text))
		if strings.Contains(shown.String(), secret) {
			t.Fatalf("%q shows %q", shown.String(), secret)
		}
	})
}

func BenchmarkRedactor(b *testing.B) {
	r := New("hunter2-hunter2", "correct horse battery", strings.Repeat("0123456789abcdef", 4))
	text := strings.Repeat("src/main.ts:3:14: warning: unused variable; ", 90)
	b.SetBytes(int64(len(text)))
	line := r.Lines()
	for b.Loop() {
		line(text)
	}
}
