package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
)

// projectSource says what a project is made from.
type projectSource struct {
	engine  string
	zip     string
	prompt  string
	starter bool
}

func projectsCreateCommand(c *client) *cobra.Command {
	var asJSON bool
	var from projectSource
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Create a project and print its id",
		Long: `create makes a project without files, or with those of the engine's starter or of a zip, or with a game that is made from a prompt.
The engine of a zip is recognized by its files unless --engine names it, and its name may be missing.
` + exitHelp,
		Args: func(cmd *cobra.Command, args []string) error {
			if from.zip != "" && len(args) == 0 {
				return nil
			}
			return namedArgs(cmd, args)
		},
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			name := strings.Join(args, "")
			if from.zip != "" {
				if !cmd.Flags().Changed("engine") {
					from.engine = ""
				}
				return a.importProject(cmd, name, from, asJSON)
			}
			p, err := a.createProjectFrom(cmd.Context(), name, from)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), p)
			}
			if p.Pipeline != nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "pipeline %s makes it\n", p.Pipeline.ID)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), p.ID)
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVarP(&from.engine, "engine", "e", "phaser", engineHelp)
	f.StringVar(&from.zip, "from-zip", "", `a zip with the project's files; "-" is the standard input`)
	f.StringVar(&from.prompt, "prompt", "", "make a game from this prompt, and a preview of it")
	f.BoolVar(&from.starter, "starter", false, "begin with the engine's starter")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("from-zip", "prompt", "starter")
	complete(cmd, "engine", c.completeEngine)
	return cmd
}

// createProjectFrom makes a project from nothing, a starter or a prompt.
func (a *api) createProjectFrom(ctx context.Context, name string, from projectSource) (apiclient.Project, error) {
	engine, version, err := splitEngine(from.engine)
	if err != nil {
		return apiclient.Project{}, err
	}
	n := apiclient.NewProject{Name: name, Engine: engine, EngineVersion: given(version)}
	switch {
	case from.starter:
		n.From = &apiclient.ProjectSource{Starter: &engine}
	case from.prompt != "":
		n.From = &apiclient.ProjectSource{Prompt: &from.prompt}
	}
	p, err := a.CreateProject(ctx, nil, n)
	if err != nil {
		err = a.explainEngine(ctx, from.engine, err)
	}
	return p, err
}

// splitEngine is the name and the version of an engine, "" if it has none.
func splitEngine(ref string) (name, version string, err error) {
	name, version, pinned := strings.Cut(ref, "@")
	if pinned && version == "" {
		return "", "", usagef("--engine %s@: the version is missing; \"spark engines\" lists them", clean(name))
	}
	return name, version, nil
}

// importProject makes a project from a zip, and tells what was left out of it.
func (a *api) importProject(cmd *cobra.Command, name string, from projectSource, asJSON bool) (err error) {
	engine, version, err := splitEngine(from.engine)
	if err != nil {
		return err
	}
	body := cmd.InOrStdin()
	if from.zip != "-" {
		file, err := os.Open(from.zip)
		if err != nil {
			return usagef("--from-zip: %v", err)
		}
		defer file.Close()
		body = file
	}
	made, err := a.ImportProject(cmd.Context(), &apiclient.ImportProjectParams{Name: given(name), Engine: given(engine), EngineVersion: given(version)}, body)
	if err != nil {
		return err
	}
	for _, l := range made.LeftOut {
		fmt.Fprintf(cmd.ErrOrStderr(), "left out: %s (files: %d)\n", clean(l.Path), l.Files)
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), made)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), made.Project.ID)
	return err
}
