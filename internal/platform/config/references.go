package config

import (
	"errors"
	"reflect"
	"strings"

	"github.com/spark-games/spark/models"
)

// Vault is how secrets are read from HashiCorp Vault or OpenBao. What is not set is taken from the variables that its own tools use,
// VAULT_ADDR and so on.
type Vault struct {
	Addr      string        `set:"addr" help:"address of Vault or OpenBao; without it, VAULT_ADDR"`
	Namespace string        `set:"namespace" help:"namespace; without it, VAULT_NAMESPACE"`
	CAFile    string        `set:"ca_file" help:"PEM of the authority that Vault's certificate is from; without it, VAULT_CACERT"`
	Auth      string        `set:"auth" default:"token" help:"how this process signs in: token, kubernetes or approle"`
	Mount     string        `set:"mount" help:"where that method is mounted; without it, its name"`
	Role      string        `set:"role" help:"role of the method kubernetes"`
	JWTFile   string        `set:"jwt_file" default:"/var/run/secrets/kubernetes.io/serviceaccount/token" help:"service account's token, for kubernetes"`
	Token     models.Secret `set:"token" help:"token of the method token; without it, VAULT_TOKEN"`
	RoleID    string        `set:"role_id" help:"role id of the method approle"`
	SecretID  models.Secret `set:"secret_id" help:"secret id of the method approle"`
}

// AWS is how secrets are read from AWS Secrets Manager. The credentials are found as AWS' own tools do.
type AWS struct {
	Region   string `set:"region" help:"region of AWS; without it, AWS_REGION or the machine's"`
	Endpoint string `set:"endpoint" help:"address of Secrets Manager; without it, that of the region"`
}

// The schemes of references, which stand in the place of a secret.
const (
	FileScheme  = "file://"
	VaultScheme = "vault://"
	AWSScheme   = "awssm://"
)

// Reference is a secret that is kept elsewhere.
type Reference struct {
	Setting string
	Source  string        // "file:///run/secrets/pepper", "vault://path#field", "awssm://name#field"
	Secret  models.Secret // whose text is the Source until it is resolved
	Origin  Origin
}

// References lists the secrets that are kept elsewhere and have not been resolved.
func (c *Config) References() (all []Reference) {
	for _, s := range c.settings() {
		if secret, ok := reflect.TypeAssert[models.Secret](s.field); ok && IsReference(secret.Reveal()) {
			all = append(all, Reference{s.name, secret.Reveal(), secret, c.origins[s.name]})
		}
	}
	return all
}

// IsReference reports whether a text stands for a secret that is kept elsewhere.
func IsReference(text string) bool {
	return strings.HasPrefix(text, FileScheme) || strings.HasPrefix(text, VaultScheme) || strings.HasPrefix(text, AWSScheme)
}

// checkReferences checks the form of what stands for secrets, and how to get at them.
func (c *Config) checkReferences(bad func(setting, why string)) {
	for _, r := range c.References() {
		remote := !strings.HasPrefix(r.Source, FileScheme)
		switch {
		case remote && strings.HasPrefix(r.Setting, "vault."):
			bad(r.Setting, "is what opens the vault, and cannot be in one: give it as a text or a file")
		case checkReference(r.Source) != nil:
			bad(r.Setting, checkReference(r.Source).Error())
		}
	}
	if c.SecretsEvery < minRefresh {
		bad("secrets.refresh", "is less than 10s")
	}
	switch c.Vault.Auth {
	case "token":
	case "kubernetes":
		if c.Vault.Role == "" {
			bad("vault.role", "is required by vault.auth: kubernetes")
		}
	case "approle":
		if c.Vault.RoleID == "" {
			bad("vault.role_id", "is required by vault.auth: approle")
		}
	default:
		bad("vault.auth", "is token, kubernetes or approle")
	}
}

func checkReference(source string) error {
	if path, ok := strings.CutPrefix(source, FileScheme); ok {
		if path == "" {
			return errors.New("names no file")
		}
		return nil
	}
	_, rest, _ := strings.Cut(source, "://")
	path, field, _ := strings.Cut(rest, "#")
	if strings.Trim(path, "/") == "" {
		return errors.New(`names no secret: write "vault://path#field" or "awssm://name#field"`)
	}
	if field == "" && strings.HasPrefix(source, VaultScheme) {
		return errors.New(`names no field: write "vault://path#field"`)
	}
	return nil
}
