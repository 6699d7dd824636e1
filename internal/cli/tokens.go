package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

// accesses are what a browser token may allow.
var accesses = []models.Access{models.AccessRead, models.AccessPlay, models.AccessEdit}

func tokenCommand(c *client) *cobra.Command {
	cmd := groupCommand("token", "Make browser tokens")
	var asJSON bool
	var access, job, pipeline, project, endUser string
	var life time.Duration
	create := &cobra.Command{
		Use:   "create",
		Short: "Make a token for a browser, and print it",
		Long: `create makes a short-lived token for one job, pipeline or project, which a web page may have: your key stays on your server.
` + exitHelp,
		Args: cobra.NoArgs,
		PreRunE: ran(func(*cobra.Command, []string) error {
			n := 0
			for _, one := range []string{job, pipeline, project} {
				if one != "" {
					n++
				}
			}
			if n != 1 {
				return usagef("say what the token is for: one of --job, --pipeline and --project")
			}
			return oneOf("access", models.Access(access), accesses)
		}),
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			body := apiclient.NewToken{Access: models.Access(access), JobID: given(job), PipelineID: given(pipeline), ProjectID: given(project),
				EndUser: given(endUser)}
			if life > 0 {
				body.ExpiresIn = new(int(life.Seconds()))
			}
			token, err := a.CreateToken(cmd.Context(), body)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), token)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), token.Token)
			return err
		}),
	}
	f := create.Flags()
	f.StringVar(&access, "access", string(models.AccessRead), "what it allows: "+orList(namesOf(accesses)))
	f.StringVar(&job, "job", "", "the id of the job that it is for")
	f.StringVar(&pipeline, "pipeline", "", "the id of the pipeline that it is for")
	f.StringVar(&project, "project", "", "the id of the project that it is for")
	f.StringVar(&endUser, "end-user", "", "for whom: what is submitted with it is theirs")
	f.Var((*age)(&life), "expires", `after how long it stops working, at most an hour; what the server says if 0`)
	f.BoolVar(&asJSON, "json", false, "print JSON, with the time when it expires")
	complete(create, "access", completing(accesses))
	cmd.AddCommand(create)
	return cmd
}
