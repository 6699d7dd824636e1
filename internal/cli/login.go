package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// deviceGrant is the type of grant of RFC 8628.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

func loginCommand(c *client) *cobra.Command {
	var noBrowser bool
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Sign in at a server, by a browser anywhere",
		Long: `login prints an address and a code, and opens the address in a browser unless --no-browser says otherwise. Sign in there, on this
machine or another, and approve. The key that comes of it acts as you, in one account, for 90 days. It is kept in your configuration folder, readable
for you alone, and used by every command that is given neither --server nor --key, nor their variables.`,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error { return c.login(cmd, !noBrowser) }),
	}
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "print the address only")
	return cmd
}

// deviceAnswer is what a server answers a program that asks for a person's key; see RFC 8628.
type deviceAnswer struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	At         string `json:"verification_uri"`
	Complete   string `json:"verification_uri_complete"`
	ExpiresIn  int    `json:"expires_in"`
	Interval   int    `json:"interval"`

	Key     string `json:"access_token"`
	Account string `json:"account"`
	KeyID   string `json:"key_id"`
	User    string `json:"user"`

	Error string `json:"error"`
	Why   string `json:"error_description"`
}

func (c *client) login(cmd *cobra.Command, browse bool) error {
	ctx := cmd.Context()
	all, err := c.credentials()
	if err != nil {
		return err
	}
	server, _ := c.configured()
	if known := all.find("", ""); server == "" && known != nil {
		server = known.Server
	}
	if server == "" {
		server, _ = c.local()
	}
	if server == "" {
		return usagef("name the server: spark login --server https://spark.example.com")
	}
	a, err := dial(server, "")
	if err != nil {
		return err
	}
	defer a.close()
	asked, _, err := a.device(ctx, "/auth/device", url.Values{"client_id": {"spark"}, "name": {"spark on " + cmp.Or(c.deps.Hostname, "a machine")},
		"account": {c.account()}})
	if err != nil {
		return err
	}
	if asked.Error != "" || asked.DeviceCode == "" {
		return fmt.Errorf("the server refuses: %s", clean(cmp.Or(asked.Why, asked.Error, "its answer has no code")))
	}
	if _, err := fmt.Fprintf(cmd.OutOrStdout(), "Open %s and approve the code %s\n", clean(asked.At), clean(asked.UserCode)); err != nil {
		return err
	}
	if to, err := url.Parse(asked.Complete); browse && c.deps.Browse != nil && err == nil && (to.Scheme == "https" || to.Scheme == "http") {
		_ = c.deps.Browse(to.String()) // the address was printed
	}
	got, err := a.waitForKey(ctx, asked)
	if err != nil {
		return err
	}
	one := credential{Server: a.server, Account: got.Account, User: got.User, KeyID: got.KeyID, Key: got.Key,
		ExpiresAt: time.Now().Add(time.Duration(got.ExpiresIn) * time.Second).UTC().Truncate(time.Second)}
	old := all.find(one.Server, one.Account)
	if old != nil {
		a.revoke(ctx, old.Key) // one that the server does not know any more is none
	}
	if err := all.put(one); err != nil {
		a.revoke(ctx, one.Key)
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Signed in at %s as %s, in the account %s\n", a.server, clean(got.User), clean(got.Account))
	return err
}

// waitForKey asks until the person has decided.
func (a *api) waitForKey(ctx context.Context, asked deviceAnswer) (deviceAnswer, error) {
	const shortest, longest = 1, 60
	every := min(max(asked.Interval, shortest), longest)
	for {
		select {
		case <-ctx.Done():
			return deviceAnswer{}, ctx.Err()
		case <-time.After(time.Duration(every) * time.Second):
		}
		got, status, err := a.device(ctx, "/auth/device/token",
			url.Values{"client_id": {"spark"}, "grant_type": {deviceGrant}, "device_code": {asked.DeviceCode}})
		switch {
		case err != nil && ctx.Err() != nil:
			return got, ctx.Err()
		case err != nil, status >= http.StatusInternalServerError: // it may be back in time, or tells that it is too late
			every = min(every*2, longest)
			if asked.ExpiresIn -= every; asked.ExpiresIn <= 0 {
				return got, errors.Join(errors.New("the server was not there for too long"), err)
			}
		case got.Key != "":
			return got, nil
		case got.Error == "authorization_pending":
		case got.Error == "slow_down":
			every = min(every+5, longest)
		case got.Error == "access_denied":
			return got, errors.New("access was denied")
		case got.Error == "expired_token":
			return got, errors.New("nobody has decided in time; begin again")
		default:
			return got, fmt.Errorf("the server refuses: %s", clean(cmp.Or(got.Why, got.Error)))
		}
	}
}

// device posts a form to one of the addresses of RFC 8628.
func (a *api) device(ctx context.Context, path string, form url.Values) (got deviceAnswer, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.server+path, strings.NewReader(form.Encode()))
	if err != nil {
		return got, 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := a.http.Do(req)
	if err != nil {
		return got, 0, connectionError(a.server, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return got, 0, connectionError(a.server, err)
	}
	if len(raw) > 0 {
		err = json.Unmarshal(raw, &got)
	}
	if err != nil || res.StatusCode == http.StatusNotFound {
		return got, res.StatusCode, errors.New("nobody signs in at " + a.server + ": it has no sign-in provider, or is no Spark server of this version")
	}
	return got, res.StatusCode, nil
}

// revoke ends a person's key at the server (RFC 7009). It reports whether the server has heard it.
func (a *api) revoke(ctx context.Context, key string) bool {
	_, status, err := a.device(ctx, "/auth/revoke", url.Values{"token": {key}})
	return err == nil && status == http.StatusOK
}

func logoutCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "End the key that login has made, of the last server or of the one that --server and --account name",
		Args:  cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			all, err := c.credentials()
			if err != nil {
				return err
			}
			server, _ := c.configured()
			found := all.find(server, c.account())
			if found == nil {
				return usagef("you are not signed in there")
			}
			one := *found
			all.drop(one)
			if err := all.save(); err != nil {
				return err
			}
			a, err := dial(one.Server, "")
			if err != nil {
				return err
			}
			defer a.close()
			if !a.revoke(cmd.Context(), one.Key) {
				return fmt.Errorf("the key was forgotten here, but %s does not answer: revoke it there, its id is %s", clean(one.Server), clean(one.KeyID))
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Signed out at %s\n", clean(one.Server))
			return err
		}),
	}
}

func whoamiCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Tell the server and the account that commands act for, and as whom",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			account, err := a.GetAccount(cmd.Context(), nil)
			if err != nil {
				return err
			}
			who := struct {
				Server  string   `json:"server"`
				Account string   `json:"account"`
				Name    string   `json:"account_name"`
				UserID  string   `json:"user_id,omitempty"`
				User    string   `json:"user,omitempty"`
				KeyID   string   `json:"key_id,omitempty"`
				Scopes  []string `json:"scopes"`
			}{Server: a.server, Account: account.ID, Name: account.Name}
			if by := account.Caller; by != nil {
				who.UserID, who.KeyID = deref(by.UserID), deref(by.KeyID)
				for _, s := range by.Scopes {
					who.Scopes = append(who.Scopes, string(s))
				}
			}
			if all, err := c.credentials(); err == nil {
				if one := all.find(a.server, account.ID); one != nil && one.KeyID == who.KeyID {
					who.User = one.User
				}
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), who)
			}
			as := cmp.Or(who.User, who.UserID, "the key "+who.KeyID)
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s, in the account %s (%s) at %s\n", clean(as), clean(who.Name), clean(who.Account), clean(who.Server))
			return err
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
