package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// newKeyFlags say what a new key may do.
type newKeyFlags struct {
	role, scopes, of string
	expires          time.Duration
}

func (n *newKeyFlags) flags(f *pflag.FlagSet) {
	f.StringVar(&n.scopes, "scopes", "", "what the key may do of what its role may, with commas between; all of it if empty")
	f.Var((*age)(&n.expires), "expires", `after how long the key stops working, "30d" or "12h" for example; never if 0`)
	f.StringVar(&n.of, "for", "", "the id of another account, for an administrator")
}

// age is a duration that is given in days as well, "30d".
type age time.Duration

func (a *age) String() string { return time.Duration(*a).String() }

// Type names it in the help of a command.
func (a *age) Type() string { return "duration" }

func (a *age) Set(s string) error {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		*a = age(time.Duration(n) * 24 * time.Hour)
		return err
	}
	d, err := time.ParseDuration(s)
	if err == nil && d < 0 {
		err = errors.New("it is negative")
	}
	*a = age(d)
	return err
}

// pageFlags choose a page of a list.
type pageFlags struct {
	limit  int
	cursor string
}

func (p *pageFlags) flags(f *pflag.FlagSet) {
	f.IntVar(&p.limit, "limit", 20, "how many, at most 100")
	f.StringVar(&p.cursor, "cursor", "", "where the previous page ended")
}

// on runs f with a connection to the server.
func (c *client) on(f func(a *api) error) error {
	a, err := c.connect()
	if err != nil {
		return err
	}
	defer a.close()
	return f(a)
}

func (c *client) createKey(cmd *cobra.Command, args []string, n newKeyFlags, asJSON bool) error {
	if len(args) == 0 {
		return usagef("give the key a name, by which you will recognize it; or say --local for one in a data folder on this machine")
	}
	body := apiclient.NewKey{Name: args[0], Role: given(models.Role(n.role))}
	if n.scopes != "" {
		var scopes []models.Scope
		for one := range strings.SplitSeq(n.scopes, ",") {
			scopes = append(scopes, models.Scope(strings.TrimSpace(one)))
		}
		body.Scopes = &scopes
	}
	if n.expires != 0 {
		at := time.Now().Add(n.expires).UTC()
		body.ExpiresAt = &at
	}
	return c.on(func(a *api) error {
		var key apiclient.KeyWithText
		var err error
		if n.of != "" {
			key, err = a.CreateAccountKey(cmd.Context(), n.of, nil, body)
		} else {
			key, err = a.CreateKey(cmd.Context(), nil, body)
		}
		return printNewKey(cmd.OutOrStdout(), key, err, asJSON)
	})
}

// printNewKey prints the text of a key, and nothing else, for a script to keep.
func printNewKey(w io.Writer, k apiclient.KeyWithText, err error, asJSON bool) error {
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(w, k)
	}
	_, err = fmt.Fprintln(w, clean(k.Key))
	return err
}

func (c *client) listKeys(cmd *cobra.Command, of string, p pageFlags, asJSON bool) error {
	return c.on(func(a *api) error {
		l, err := a.keys(cmd.Context(), of, p)
		if err != nil {
			return err
		}
		out := cmd.OutOrStdout()
		if asJSON {
			return printJSON(out, l)
		}
		t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "ID\tPREFIX\tROLE\tCREATED\tEXPIRES\tLAST USED\tNAME")
		for _, k := range l.Data {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, clean(k.Prefix), k.Role, k.CreatedAt.Local().Format(time.DateTime),
				orNever(k.ExpiresAt), orNever(k.LastUsedAt), clean(k.Name))
		}
		return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
	})
}

func (a *api) keys(ctx context.Context, of string, p pageFlags) (apiclient.KeyList, error) {
	if of != "" {
		return a.ListAccountKeys(ctx, of, &apiclient.ListAccountKeysParams{Limit: &p.limit, Cursor: given(p.cursor)})
	}
	return a.ListKeys(ctx, &apiclient.ListKeysParams{Limit: &p.limit, Cursor: given(p.cursor)})
}

func orNever(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Local().Format(time.DateTime)
}

func (c *client) revokeKey(cmd *cobra.Command, of, id string) error {
	return c.on(func(a *api) (err error) {
		if of != "" {
			err = a.RevokeAccountKey(cmd.Context(), of, id)
		} else {
			err = a.RevokeKey(cmd.Context(), id)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), "Revoked.")
		return err
	})
}

func keysRotateCommand(c *client) *cobra.Command {
	var overlap time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "rotate ID",
		Short: "Replace an API key of the account by a new one",
		Long: `rotate makes a key in the place of another, with the same name and rights, and prints its text. The old one goes on working for
the overlap, so that whoever uses it can be given the new one.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			seconds := int(overlap / time.Second)
			key, err := a.RotateKey(cmd.Context(), args[0], nil, apiclient.KeyRotation{OverlapSeconds: &seconds})
			return printNewKey(cmd.OutOrStdout(), key, err, asJSON)
		}),
	}
	overlap = 24 * time.Hour
	cmd.Flags().Var((*age)(&overlap), "overlap", `how long the old key goes on working, "2d" or "12h" for example`)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func keysGenerateCommand(d Deps) *cobra.Command {
	return &cobra.Command{
		Use:   "generate",
		Short: "Print a random text of a key's form, for SPARK_MASTER_KEY",
		Long: `generate prints a new key that no platform knows. Give it to a platform as its master key, in SPARK_MASTER_KEY: whoever has it
administers the platform, and acts for any account with --account.
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: ran(func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), d.GenerateKey())
			return err
		}),
	}
}
