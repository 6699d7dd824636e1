package config

// The providers that need no entry in the list of providers.
const (
	Builtin   = "builtin" // offline, without settings
	OpenAI    = "openai"
	Anthropic = "anthropic"
)

// Models are the language models that are configured: the two that have settings of their own, and those of the list. The type is
// whose API each speaks.
func (c *Config) Models() (all []NamedProvider) {
	for _, p := range []NamedProvider{{Name: OpenAI, Type: OpenAI, Model: c.OpenAI}, {Name: Anthropic, Type: Anthropic, Model: c.Anthropic}} {
		if p.Model.Model != "" {
			all = append(all, p)
		}
	}
	return append(all, c.Providers...)
}

// HasProvider reports whether a generation may name a provider.
func (c *Config) HasProvider(name string) bool {
	if name == Builtin {
		return true
	}
	for _, p := range c.Models() {
		if p.Name == name {
			return true
		}
	}
	return false
}
