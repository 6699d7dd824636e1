package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func projectsMergeCommand(c *client) *cobra.Command {
	var asJSON, preview, ours, theirs, markers bool
	cmd := &cobra.Command{
		Use:   "merge PROJECT REVISION",
		Short: "Merge a revision into the current one and print the new one's id",
		Long: `merge is for the revision of a generation that was superseded, and for any other. What only one of the two has changed is taken from it.
Without one of --ours, --theirs and --markers a conflict merges nothing, and the conflicts are listed.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			policy := apiclient.ConflictPolicyRefuse
			switch {
			case ours:
				policy = apiclient.ConflictPolicyOurs
			case theirs:
				policy = apiclient.ConflictPolicyTheirs
			case markers:
				policy = apiclient.ConflictPolicyMarkers
			}
			if preview {
				return a.previewMerge(cmd, args[0], args[1], policy, asJSON)
			}
			rev, err := a.MergeRevision(cmd.Context(), args[0], args[1], nil, apiclient.NewMerge{Conflicts: &policy})
			if problem, ok := errors.AsType[*apiclient.Error](err); ok && problem.Code == models.CodeMergeConflict && problem.Conflicts != nil {
				tellConflicts(cmd, *problem.Conflicts)
			}
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rev)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), rev.ID)
			return err
		}),
	}
	f := cmd.Flags()
	f.BoolVar(&ours, "ours", false, "where there is a conflict, take what is current")
	f.BoolVar(&theirs, "theirs", false, "where there is a conflict, take the revision's version")
	f.BoolVar(&markers, "markers", false, "where texts conflict, write both versions between marks")
	f.BoolVar(&preview, "preview", false, "tell what would change, and change nothing")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("ours", "theirs", "markers")
	return cmd
}

// previewMerge prints what a merge would change.
func (a *api) previewMerge(cmd *cobra.Command, project, revision string, policy apiclient.ConflictPolicy, asJSON bool) error {
	m, err := a.PreviewMerge(cmd.Context(), project, revision, &apiclient.PreviewMergeParams{Conflicts: &policy})
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), m)
	}
	for _, f := range m.Files {
		fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", f.Status, clean(f.Path))
	}
	tellConflicts(cmd, m.Conflicts)
	return nil
}

// tellConflicts lists what is in the way of a merge.
func tellConflicts(cmd *cobra.Command, conflicts []apiclient.MergeConflict) {
	for _, c := range conflicts {
		line := fmt.Sprintf("conflict: %s (%s", clean(c.Path), c.Kind)
		if c.Side != nil {
			line += " by " + string(*c.Side)
		}
		if c.To != nil {
			line += " to " + clean(*c.To)
		}
		fmt.Fprintln(cmd.ErrOrStderr(), line+")")
	}
}
