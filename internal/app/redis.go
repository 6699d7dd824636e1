package app

import (
	"crypto/tls"

	"github.com/spark-games/spark/internal/platform/certs"
)

// redisTLS is what changes in how the process speaks TLS with Redis: whom it trusts, and what it shows.
func (p *parts) redisTLS() (changes []func(*tls.Config), err error) {
	c := p.cfg.RedisTLS
	if c.CAFile != "" {
		pool, err := certs.Pool(c.CAFile)
		if err != nil {
			return nil, err
		}
		changes = append(changes, func(t *tls.Config) { t.RootCAs = pool })
	}
	if c.CertFile != "" {
		files, err := certs.OpenShown(c.CertFile, c.KeyFile, p.log.Named("tls"))
		if err != nil {
			return nil, err
		}
		p.group.Go("certificate for Redis", files.Run)
		changes = append(changes, files.Show)
	}
	return changes, nil
}
