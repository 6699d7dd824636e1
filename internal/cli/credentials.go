package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// credential is a key that a person was given by signing in at a server.
type credential struct {
	Server    string    `json:"server"`
	Account   string    `json:"account"`
	User      string    `json:"user,omitempty"`
	KeyID     string    `json:"key_id"`
	Key       string    `json:"key"`
	ExpiresAt time.Time `json:"expires_at"`
}

// credentials are those of all servers and accounts, the one that was signed in last first.
type credentials struct {
	path string
	All  []credential `json:"credentials"`
}

// maxCredentials limits the file, which is this program's own.
const maxCredentials = 1 << 20

// credentials reads the file in the person's configuration folder; without one there are none.
func (c *client) credentials() (*credentials, error) {
	all := &credentials{}
	if c.deps.ConfigDir == "" {
		return all, nil
	}
	all.path = filepath.Join(c.deps.ConfigDir, "spark", "credentials.json")
	info, err := os.Stat(all.path)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil && info.Size() > maxCredentials {
		err = errors.New("it is too large")
	}
	var raw []byte
	if err == nil {
		raw, err = os.ReadFile(all.path)
	}
	if err == nil {
		err = json.Unmarshal(raw, all)
	}
	if err != nil {
		return nil, fmt.Errorf("the credentials in %s cannot be read, sign in again after removing the file: %w", all.path, err)
	}
	return all, nil
}

// find is the credential for a server and an account, "" being any of them; nil if there is none.
func (c *credentials) find(server, account string) *credential {
	for i, one := range c.All {
		if (server == "" || sameServer(one.Server, server)) && (account == "" || one.Account == account) {
			return &c.All[i]
		}
	}
	return nil
}

// put stores a credential in the place of what there was for its server and account, and makes it the first.
func (c *credentials) put(one credential) error {
	c.drop(one)
	c.All = slices.Insert(c.All, 0, one)
	return c.save()
}

// drop forgets what there is for a credential's server and account.
func (c *credentials) drop(one credential) {
	c.All = slices.DeleteFunc(c.All, func(o credential) bool { return sameServer(o.Server, one.Server) && o.Account == one.Account })
}

// save writes the file, for its owner only, completely or not at all.
func (c *credentials) save() (err error) {
	if c.path == "" {
		return errors.New("there is no configuration folder for credentials: set HOME")
	}
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	dir := filepath.Dir(c.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".credentials-*") // with the mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(append(raw, '\n'))
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), c.path)
}
