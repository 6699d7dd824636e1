package ai_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/spark-games/spark/internal/ai"
	"github.com/spark-games/spark/models"
)

func TestConfigValidate(t *testing.T) {
	t.Parallel()
	key := models.NewSecret("sk-secret")
	tests := []struct {
		name string
		cfg  ai.Config
		want string // part of the error; "" is valid
	}{
		{"builtin needs nothing", ai.Config{Provider: ai.Builtin}, ""},
		{"openai", ai.Config{Provider: ai.OpenAI, Model: "m", APIKey: key}, ""},
		{"local without key", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "http://localhost:11434/v1"}, ""},
		{"anthropic with a tool", ai.Config{Provider: ai.Anthropic, Model: "m", APIKey: key, Output: ai.OutputTool}, ""},
		{"no provider", ai.Config{}, "unknown provider"},
		{"no model", ai.Config{Provider: ai.OpenAI, APIKey: key, Model: " "}, "model is required"},
		{"no key", ai.Config{Provider: ai.Anthropic, Model: "m"}, "API key is required"},
		{"key with a line break", ai.Config{Provider: ai.OpenAI, Model: "m", APIKey: models.NewSecret("sk-secret\n")}, "API key has"},
		{"scheme", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "file:///etc/passwd"}, "http://"},
		{"no host", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "https://"}, "host"},
		{"password", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "https://u:sk-secret@h/v1"}, "must not have a user"},
		{"key in the query", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "https://h/v1?key=sk-secret"}, "query"},
		{"unreadable", ai.Config{Provider: ai.OpenAI, Model: "m", BaseURL: "https://h:sk-secret/v1"}, "cannot be read"},
		{"tokens", ai.Config{Provider: ai.OpenAI, Model: "m", APIKey: key, MaxTokens: -1}, "max tokens"},
		{"openai has no tool mode", ai.Config{Provider: ai.OpenAI, Model: "m", APIKey: key, Output: ai.OutputTool}, "output mode"},
		{"anthropic has no json mode", ai.Config{Provider: ai.Anthropic, Model: "m", APIKey: key, Output: ai.OutputJSON}, "output mode"},
		{"negative timeout", ai.Config{Provider: ai.OpenAI, Model: "m", APIKey: key, IdleTimeout: -time.Second}, "idle timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.cfg.Validate()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error = %v", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error = %v, want %q", err, tt.want)
			case err != nil && strings.Contains(err.Error(), "sk-secret"):
				t.Errorf("the error contains the key: %v", err)
			}
		})
	}
}

func TestConstructorsRefuseOthersConfigurations(t *testing.T) {
	t.Parallel()
	good := ai.Config{Model: "m", APIKey: models.NewSecret("k")}
	for _, name := range []string{"", ai.Builtin, ai.Anthropic, "mistral"} {
		cfg := good
		cfg.Provider = name
		if _, err := ai.NewOpenAI(cfg); err == nil {
			t.Errorf("NewOpenAI took a configuration for %q", name)
		}
	}
	for _, name := range []string{"", ai.Builtin, ai.OpenAI} {
		cfg := good
		cfg.Provider = name
		if _, err := ai.NewAnthropic(cfg); err == nil {
			t.Errorf("NewAnthropic took a configuration for %q", name)
		}
	}
}

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const key = "sk-secret-0123456789"
	cfg := ai.Config{Provider: ai.OpenAI, APIKey: models.NewSecret(key)}
	hidden := struct{ c ai.Config }{cfg} // unexported: formatting sees through to the fields
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%p", "%t"} {
		for _, v := range []any{cfg.APIKey, &cfg.APIKey, cfg, &cfg, hidden, []models.Secret{cfg.APIKey}} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
	}
	b, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(b)
	slog.New(slog.NewTextHandler(&out, nil)).Info("config", "key", cfg.APIKey, "config", cfg)
	core, logs := observer.New(zapcore.DebugLevel)
	zap.New(core).Info("config", zap.Any("key", cfg.APIKey), zap.Any("config", cfg), zap.Stringer("s", cfg.APIKey))
	for _, entry := range logs.All() {
		line, err := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()).EncodeEntry(entry.Entry, entry.Context)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(line.Bytes())
	}
	for _, form := range []string{key, fmt.Sprintf("%x", key), fmt.Sprintf("%X", key)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the key is in:\n%s", out.String())
		}
	}
	if !strings.Contains(out.String(), "[redacted]") || cfg.APIKey.Reveal() != key {
		t.Error("the key is lost")
	}
	if s := (models.Secret{}); s.Reveal() != "" || !s.IsZero() || s.String() != "" {
		t.Error("the zero secret is not empty")
	}
}
