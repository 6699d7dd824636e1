package ai

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spark-games/spark/models"
)

// The providers.
const (
	Builtin   = "builtin" // offline, in jobs/generation/builtin
	OpenAI    = "openai"
	Anthropic = "anthropic"
)

// OutputMode is how a model is made to follow the answer's schema.
type OutputMode string

const (
	// OutputSchema lets the server enforce the JSON Schema while it decodes: response_format json_schema of OpenAI,
	// Ollama and vLLM, output_config.format of Anthropic. The default.
	OutputSchema OutputMode = "schema"
	// OutputTool forces a call of a tool whose input is the answer. Anthropic only, for models and compatible servers without
	// structured outputs.
	OutputTool OutputMode = "tool"
	// OutputJSON asks for any JSON object (response_format json_object); the schema is in the prompt. OpenAI only.
	OutputJSON OutputMode = "json"
	// OutputText asks for no format; the schema is in the prompt, and the answer is searched for in the text.
	OutputText OutputMode = "text"
)

// Defaults and bounds of Config.
const (
	DefaultTimeout         = 15 * time.Minute
	DefaultConnectTimeout  = 10 * time.Second
	DefaultResponseTimeout = 3 * time.Minute
	DefaultIdleTimeout     = 60 * time.Second
	DefaultMaxTokens       = 32000 // Anthropic requires a number; OpenAI is sent none by default

	maxMaxTokens = 1_000_000
)

// Config is one model provider. Zero values mean the defaults.
type Config struct {
	Name     string // what generations call it; "" is Provider
	Provider string // whose API it is: Builtin, OpenAI or Anthropic
	Model    string
	// BaseURL is the API's root: "https://api.openai.com/v1" (the /v1 belongs to it, as it does for Ollama and vLLM) or
	// "https://api.anthropic.com". "" is the vendor's.
	BaseURL string
	// APIKey may be empty only with a custom BaseURL: local servers need none.
	APIKey models.Secret
	// MaxTokens bounds the answer, thinking included.
	MaxTokens int
	Output    OutputMode

	Timeout         time.Duration // of one generation
	ConnectTimeout  time.Duration // to connect, and for TLS
	ResponseTimeout time.Duration // until the answer begins; a local model reads the prompt first
	IdleTimeout     time.Duration // between two pieces of the answer
}

// Validate says what is wrong with the configuration. Its errors never contain the key.
func (c Config) Validate() error {
	var errs []error
	switch c.Provider {
	case Builtin:
		return nil
	case OpenAI, Anthropic:
	default:
		return fmt.Errorf("unknown provider %q: it is %q, %q or %q", c.Provider, Builtin, OpenAI, Anthropic)
	}
	if strings.TrimSpace(c.Model) == "" {
		errs = append(errs, errors.New("a model is required"))
	}
	if c.BaseURL == "" && c.APIKey.IsZero() {
		errs = append(errs, errors.New("an API key is required for the vendor's own API"))
	}
	if strings.ContainsFunc(c.APIKey.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
		errs = append(errs, errors.New("the API key has a space, a line break or a character outside ASCII"))
	}
	if err := checkBaseURL(c.BaseURL); err != nil {
		errs = append(errs, err)
	}
	if c.MaxTokens < 0 || c.MaxTokens > maxMaxTokens {
		errs = append(errs, fmt.Errorf("max tokens must be between 1 and %d", maxMaxTokens))
	}
	switch mode := c.Output; {
	case mode == "" || mode == OutputSchema || mode == OutputText:
	case mode == OutputTool && c.Provider == Anthropic:
	case mode == OutputJSON && c.Provider == OpenAI:
	default:
		errs = append(errs, fmt.Errorf("output mode %q does not exist for provider %q", mode, c.Provider))
	}
	for name, d := range map[string]time.Duration{
		"timeout": c.Timeout, "connect timeout": c.ConnectTimeout,
		"response timeout": c.ResponseTimeout, "idle timeout": c.IdleTimeout,
	} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("the %s is negative", name))
		}
	}
	return errors.Join(errs...)
}

func checkBaseURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return errors.New("the base URL cannot be read") // the parser's error quotes it, password and all
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("the base URL must begin with http:// or https:// and name a host")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the base URL must not have a user, a query or a fragment: a key belongs in the key's own setting")
	}
	return nil
}

// withDefaults fills what was left out.
func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = c.Provider
	}
	if c.Output == "" {
		c.Output = OutputSchema
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&c.Timeout, DefaultTimeout}, {&c.ConnectTimeout, DefaultConnectTimeout},
		{&c.ResponseTimeout, DefaultResponseTimeout}, {&c.IdleTimeout, DefaultIdleTimeout},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return c
}

// check is Validate for the constructor of one provider.
func (c Config) check(provider string) (Config, error) {
	if c.Provider != provider {
		return c, fmt.Errorf("provider %q: the configuration is for %q", provider, c.Provider)
	}
	if err := c.Validate(); err != nil {
		return c, fmt.Errorf("provider %q: %w", cmp.Or(c.Name, provider), err)
	}
	return c.withDefaults(), nil
}
