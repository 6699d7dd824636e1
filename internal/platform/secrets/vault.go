package secrets

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/spark-games/spark/models"
)

// VaultOptions say how Vault or OpenBao is reached. What is "" is taken from the variables of its own tools.
type VaultOptions struct {
	Addr, Namespace, CAFile string

	Auth          string // token, kubernetes or approle; "" is token
	Mount         string // of the method; "" is its name
	Role, JWTFile string // of kubernetes
	RoleID        string // of approle
	Token         models.Secret
	SecretID      models.Secret
}

// vault reads secrets of HashiCorp Vault, or OpenBao, which has the same API: key-value engines of both versions, and whatever
// other engine answers a read with fields.
type vault struct {
	opts VaultOptions

	mu     sync.Mutex
	client *api.Client
	until  time.Time // when to sign in again; zero is never
}

func (v *vault) fetch(ctx context.Context, path, field string) (value, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	client, err := v.signedIn(ctx)
	if err != nil {
		return value{}, err
	}
	got, err := v.get(ctx, client, strings.Trim(path, "/"), field)
	if denied(err) {
		v.until = time.Now() // the token was revoked, perhaps: the next attempt signs in
	}
	return got, err
}

// denied reports whether Vault does not accept the token, or not for this.
func denied(err error) bool {
	response, ok := errors.AsType[*api.ResponseError](err)
	return ok && response.StatusCode == http.StatusForbidden
}

// get reads one secret. Version 2 of the key-value engine has "data" in its paths, which a reference leaves out as Vault's tools do.
func (v *vault) get(ctx context.Context, client *api.Client, path, field string) (value, error) {
	mount, err := client.Logical().ReadWithContext(ctx, "sys/internal/ui/mounts/"+path)
	if err != nil {
		return value{}, fmt.Errorf("find the engine: %w", err)
	}
	if mount == nil {
		return value{}, errors.New("there is no engine at this path")
	}
	at, _ := mount.Data["path"].(string)
	options, _ := mount.Data["options"].(map[string]any)
	if options["version"] == "2" {
		secret, err := client.KVv2(strings.Trim(at, "/")).Get(ctx, strings.TrimPrefix(path, at))
		if err != nil {
			return value{}, err
		}
		text, err := fieldOf(secret.Data, field)
		return value{text: text}, err
	}
	secret, err := client.Logical().ReadWithContext(ctx, path)
	if err != nil {
		return value{}, err
	}
	if secret == nil {
		return value{}, errors.New("there is no secret at this path")
	}
	text, err := fieldOf(secret.Data, field)
	return value{text, time.Duration(secret.LeaseDuration) * time.Second}, err
}

// signedIn is the client with a token that works for some time.
func (v *vault) signedIn(ctx context.Context) (*api.Client, error) {
	if v.client == nil {
		client, err := v.dial()
		if err != nil {
			return nil, err
		}
		v.client = client
	} else if v.until.IsZero() || time.Now().Before(v.until) {
		if v.opts.Auth == "" || v.opts.Auth == "token" {
			return v.client, v.useToken()
		}
		return v.client, nil
	}
	return v.client, v.signIn(ctx)
}

func (v *vault) dial() (*api.Client, error) {
	config := api.DefaultConfig() // with the variables of Vault's tools
	if config.Error != nil {
		return nil, config.Error
	}
	if v.opts.Addr != "" {
		config.Address = v.opts.Addr
	}
	if v.opts.CAFile != "" {
		if err := config.ConfigureTLS(&api.TLSConfig{CACert: v.opts.CAFile}); err != nil {
			return nil, err
		}
	}
	config.MaxRetries = 1
	client, err := api.NewClient(config)
	if err == nil && v.opts.Namespace != "" {
		client.SetNamespace(v.opts.Namespace)
	}
	return client, err
}

// useToken follows the rotation of a token that is in a file.
func (v *vault) useToken() error {
	if token := v.opts.Token.Reveal(); token != "" {
		v.client.SetToken(token)
	}
	if v.client.Token() == "" {
		return errors.New("there is no token for Vault (vault.token, or VAULT_TOKEN)")
	}
	return nil
}

// signIn gets a token by the configured method, or extends the one that is given.
func (v *vault) signIn(ctx context.Context) error {
	var body map[string]any
	switch method := v.opts.Auth; method {
	case "", "token":
		return v.extend(ctx)
	case "kubernetes":
		jwt, err := os.ReadFile(v.opts.JWTFile)
		if err != nil {
			return fmt.Errorf("service account's token: %w", err)
		}
		body = map[string]any{"role": v.opts.Role, "jwt": strings.TrimSpace(string(jwt))}
	case "approle":
		body = map[string]any{"role_id": v.opts.RoleID, "secret_id": v.opts.SecretID.Reveal()}
	default:
		return fmt.Errorf("unknown method %q", method)
	}
	mount := v.opts.Mount
	if mount == "" {
		mount = v.opts.Auth
	}
	v.client.ClearToken()
	login, err := v.client.Logical().WriteWithContext(ctx, "auth/"+strings.Trim(mount, "/")+"/login", body)
	if err != nil {
		return fmt.Errorf("sign in to Vault: %w", err)
	}
	if login == nil || login.Auth == nil || login.Auth.ClientToken == "" {
		return errors.New("sign in to Vault: it gave no token")
	}
	v.client.SetToken(login.Auth.ClientToken)
	v.validFor(login.Auth.LeaseDuration)
	return nil
}

// extend renews the given token, if it is one that ends and can be renewed.
func (v *vault) extend(ctx context.Context) error {
	if err := v.useToken(); err != nil {
		return err
	}
	v.until = time.Time{}
	self, err := v.client.Auth().Token().LookupSelfWithContext(ctx)
	if denied(err) {
		return nil // its policy may allow less than the default one does; a token that is wrong reads nothing either
	}
	if err != nil {
		return fmt.Errorf("token of Vault: %w", err)
	}
	if renewable, err := self.TokenIsRenewable(); err != nil || !renewable {
		return err
	}
	renewed, err := v.client.Auth().Token().RenewSelfWithContext(ctx, 0)
	if denied(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("extend the token of Vault: %w", err)
	}
	if renewed.Auth != nil {
		v.validFor(renewed.Auth.LeaseDuration)
	}
	return nil
}

// validFor plans to sign in again, with time left for attempts that fail.
func (v *vault) validFor(seconds int) {
	v.until = time.Time{}
	if seconds > 0 {
		v.until = time.Now().Add(time.Duration(seconds) * time.Second * 2 / 3)
	}
}
