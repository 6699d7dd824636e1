package jobs

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func TestDecodePayload(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind         models.Kind
		raw, pointer string
		code         models.Code
		says         string
	}{
		{"generation", `{"prompt":"a fox","seed":7}`, "", "", ""},
		{"generation", `{}`, "/prompt", models.CodeInvalidRequest, ""},
		{"generation", ``, "/prompt", models.CodeInvalidRequest, ""},
		{"generation", `{"prompt":"a\u0000b"}`, "/prompt", models.CodeInvalidRequest, ""},
		{"generation", `{"prompt":"` + strings.Repeat("x", MaxPromptBytes+1) + `"}`, "/prompt", models.CodeInvalidRequest, ""},
		{"generation", `{"prompt":"` + strings.Repeat("x", MaxInputBytes) + `"}`, "", models.CodePayloadTooLarge, ""},
		{"generation", `{"prompt":7}`, "/prompt", models.CodeInvalidRequest, ""},
		{"generation", `{"promt":"typo"}`, "/promt", models.CodeInvalidRequest, ""},
		{"build", `null`, "", "", ""},
		{"build", `{"mode":"fast"}`, "/mode", models.CodeInvalidRequest, ""},
		{"build", `{"revision_id":"../etc"}`, "/revision_id", models.CodeInvalidRequest, ""},
		{"build", `[]`, "", models.CodeInvalidRequest, ""},
		{"build", `{} {}`, "", models.CodeInvalidRequest, ""},
		{"export", `{"format":"exe"}`, "/format", models.CodeInvalidRequest, ""},
		{"generation", `{"prompt":null}`, "/prompt", models.CodeInvalidRequest, "a prompt is required"},
		{"generation", `{"prompt":["a"]}`, "/prompt", models.CodeInvalidRequest, "must be a string"},
		{"generation", `{"prompt":"a","seed":"7"}`, "/seed", models.CodeInvalidRequest, "must be a 64-bit integer"},
		{"generation", `{"prompt":"a","seed":1.5}`, "/seed", models.CodeInvalidRequest, "must be a 64-bit integer"},
		{"generation", `{"prompt":"a","seed":9223372036854775808}`, "/seed", models.CodeInvalidRequest, "must be a 64-bit integer"},
		{"generation", `{"prompt":"a","seed":-9223372036854775808}`, "", "", ""},
		{"generation", `{"prompt":"a","provider":1}`, "/provider", models.CodeInvalidRequest, "must be a string"},
		{"generation", `{"prompt":"a","provider":"` + strings.Repeat("x", 65) + `"}`, "/provider", models.CodeInvalidRequest, "unknown provider"},
		{"generation", `{"prompt":"a","from_scratch":"yes"}`, "/from_scratch", models.CodeInvalidRequest, "must be true or false"},
		{"generation", `{"prompt":"a","prompt":"b"}`, "/prompt", models.CodeInvalidRequest, "the field is duplicated"},
		{"generation", `{"Prompt":"a"}`, "/Prompt", models.CodeInvalidRequest, "unknown field"},
		{"generation", `{"a/b~c":1}`, "/a~1b~0c", models.CodeInvalidRequest, "unknown field"},
		{"build", `{"mode":true}`, "/mode", models.CodeInvalidRequest, "must be a string"},
		{"build", `{"revision_id":{}}`, "/revision_id", models.CodeInvalidRequest, "must be a string"},
		{"build", `{"no_cache":0}`, "/no_cache", models.CodeInvalidRequest, "must be true or false"},
		{"build", `{"mode":"preview"`, "", models.CodeInvalidRequest, "the input is not a JSON object"},
		{"build", `{"mode":"preview",}`, "", models.CodeInvalidRequest, "the input is not a JSON object"},
		{"export", `{"format":7}`, "/format", models.CodeInvalidRequest, "must be a string"},
		{"export", `{"artifact_id":7}`, "/artifact_id", models.CodeInvalidRequest, "must be a string"},
		{"export", `{"artifact_id":"x"}`, "/artifact_id", models.CodeInvalidRequest, "not an id"},
		{"analytics", `{"since":"2026-01-31T00:00:00+01:00"}`, "", "", ""},
		{"analytics", `{"since":null}`, "", "", ""},
		{"analytics", `{"since":"yesterday"}`, "/since", models.CodeInvalidRequest, "must be a time in RFC 3339, such as 2026-01-31T15:04:05Z"},
		{"analytics", `{"since":1767225600}`, "/since", models.CodeInvalidRequest, "must be a time in RFC 3339, such as 2026-01-31T15:04:05Z"},
		{"analytics", `{"until":"2026-01-31T00:00:00Z"}`, "/until", models.CodeInvalidRequest, "unknown field"},
		{"mining", `{}`, "", models.CodeUnknownKind, ""},
	} {
		_, err := DecodePayload(c.kind, []byte(c.raw))
		name := fmt.Sprintf("%s %.40s", c.kind, c.raw)
		if c.code == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.code, models.CodeOf(err), name)
		require.Equal(t, c.pointer, models.AsError(err).Pointer, name)
		if c.says != "" {
			require.Equal(t, c.says, models.AsError(err).Message, name)
		}
	}
}

func FuzzDecodePayload(f *testing.F) {
	f.Add("generation", []byte(`{"prompt":"x"}`))
	f.Add("analytics", []byte(`{"since":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		p, err := DecodePayload(models.Kind(kind), raw)
		if err != nil {
			var known *models.Error
			require.ErrorAs(t, err, &known)
			return
		}
		// What was accepted is accepted again in the form in which it is stored.
		_, err = DecodePayload(models.Kind(kind), models.ToJSON(p))
		require.NoError(t, err)
	})
}

// Each field of each payload says what belongs there.
func TestEveryPayloadFieldSaysWhatItTakes(t *testing.T) {
	t.Parallel()
	for kind, payload := range map[models.Kind]Payload{models.KindGeneration: GenerationInput{}, models.KindBuild: BuildInput{},
		models.KindExport: ExportInput{}, models.KindAnalytics: AnalyticsInput{}} {
		for field := range reflect.TypeOf(payload).Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			_, err := DecodePayload(kind, []byte(`{"`+name+`":{"x":[]}}`))
			require.Equal(t, "/"+name, models.AsError(err).Pointer)
			require.Contains(t, models.AsError(err).Message, "must be ")
		}
	}
}
