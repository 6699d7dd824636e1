package cli

import (
	"fmt"
	"net/http"

	"github.com/spf13/cobra"
)

func signInCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "sign-in",
		Short: "Print a link that signs a browser in at the server's page, once",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			req, err := http.NewRequestWithContext(cmd.Context(), http.MethodPost, a.server+"/landing/links", nil)
			if err != nil {
				return err
			}
			req.Header.Set("Authorization", "Bearer "+a.key)
			link, err := as[struct{ Path string }](a.body(a.http.Do(req)))
			if err == nil {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), a.server+clean(link.Path))
			}
			return err
		}),
	}
}
