package app

import (
	"context"
	"sync"

	"go.uber.org/zap"

	"github.com/spark-games/spark/internal/platform/config"
	"github.com/spark-games/spark/internal/platform/secrets"
)

// rotations has what is to be done after a secret got another value, by setting. Most parts need nothing: they ask for the secret when
// they use it.
type rotations struct {
	mu   sync.Mutex
	each map[string][]func()
}

func (r *rotations) on(setting string, do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.each == nil {
		r.each = make(map[string][]func())
	}
	r.each[setting] = append(r.each[setting], do)
}

// changed is called after a secret was rotated; "" stands for every setting.
func (r *rotations) changed(setting string) {
	r.mu.Lock()
	all := append(append([]func(){}, r.each[setting]...), r.each[""]...)
	r.mu.Unlock()
	for _, do := range all {
		do()
	}
}

// resolve reads the secrets that are kept outside the configuration, and then checks all of it.
func resolve(ctx context.Context, cfg *config.Config, o secrets.Options) (*secrets.Keeper, error) {
	var refs []secrets.Reference
	for _, r := range cfg.References() {
		refs = append(refs, secrets.Reference{Setting: r.Setting, Source: r.Source, Secret: r.Secret})
	}
	v := cfg.Vault
	o.Vault = secrets.VaultOptions{Addr: v.Addr, Namespace: v.Namespace, CAFile: v.CAFile, Auth: v.Auth, Mount: v.Mount, Role: v.Role, JWTFile: v.JWTFile,
		RoleID: v.RoleID, Token: v.Token, SecretID: v.SecretID}
	o.AWS = secrets.AWSOptions{Region: cfg.AWS.Region, Endpoint: cfg.AWS.Endpoint}
	o.Every = cfg.SecretsEvery
	keeper, err := secrets.Open(ctx, refs, o)
	if err != nil {
		return nil, err
	}
	return keeper, cfg.Validate()
}

// openSecrets resolves the secrets of this process and follows their rotation.
func (p *parts) openSecrets(ctx context.Context) (err error) {
	p.secrets, err = resolve(ctx, p.cfg, secrets.Options{Log: p.log.Named("secrets"), Observer: p.metrics, Changed: p.rotations.changed})
	return err
}

// rotated notes that a part could not follow the rotation of a secret, and goes on with the value it has.
func (p *parts) rotated(setting string, err error) {
	if err != nil {
		p.log.Error("the new value of a secret is of no use, and the last one stays in use", zap.String("setting", setting), zap.Error(err))
	}
}
