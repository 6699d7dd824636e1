package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func templatesCommand(c *client) *cobra.Command {
	cmd := groupCommand("templates", "List, make and change pipelines with names and parameters")
	cmd.AddCommand(templateListCommand(c),
		printCommand(c, "show NAME", "Print a template", func(a *api, ctx context.Context, name string) (apiclient.Template, error) {
			return a.GetTemplate(ctx, name)
		}),
		templateCreateCommand(c), templateUpdateCommand(c), templateDeleteCommand(c))
	return cmd
}

func templateListCommand(c *client) *cobra.Command {
	var asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List templates: the account's own, then those that every account has", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListTemplates(cmd.Context(), &apiclient.ListTemplatesParams{Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "NAME\tVERSION\tPARAMETERS\tDESCRIPTION")
			for _, one := range l.Data {
				version := fmt.Sprint(one.Version)
				if one.BuiltIn {
					version = "built in"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", clean(one.Name), version, clean(parameterNames(one.Parameters)), clean(one.Description))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// parameterNames are those of parameters, with a star at what is required.
func parameterNames(ps models.Parameters) string {
	names := slices.Sorted(maps.Keys(ps))
	for i, name := range names {
		if ps[name].Required {
			names[i] += "*"
		}
	}
	return strings.Join(names, ", ")
}

func templateCreateCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "create FILE", Short: "Make a template",
		Long: `create makes a template of a file, as JSON like POST /v1/templates takes it, or of the standard input for "-", and prints it:

  {"name": "pixel-art", "parameters": {"idea": {"type": "string", "required": true}},
   "steps": [{"kind": "generation", "input": {"prompt": "A pixel-art game. The idea: {{params.idea}}"}}, {"kind": "build"}]}
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			var body apiclient.NewTemplate
			if err := readFile(cmd.InOrStdin(), args[0], "template", &body); err != nil {
				return err
			}
			made, err := a.CreateTemplate(cmd.Context(), nil, body)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), made)
		}),
	}
}

func templateUpdateCommand(c *client) *cobra.Command {
	var tag string
	cmd := &cobra.Command{
		Use: "update NAME FILE", Short: "Change a template",
		Long: `update makes the next version of a template with the description, parameters and steps that a file has, as JSON, or the standard input
for "-". What it does not have stays as it is. A name in it must be the template's own.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			var file struct {
				Name string `json:"name"`
				apiclient.TemplateChange
			}
			if err := readFile(cmd.InOrStdin(), args[1], "template", &file); err != nil {
				return err
			}
			if file.Name != "" && file.Name != args[0] {
				return usagef("the file has the template %q: a template cannot be renamed", clean(file.Name))
			}
			changed, err := a.ChangeTemplate(cmd.Context(), args[0], &apiclient.ChangeTemplateParams{IfMatch: given(tag)}, file.TemplateChange)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), changed)
		}),
	}
	cmd.Flags().StringVar(&tag, "if-match", "", "only if this is its entity tag")
	return cmd
}

func templateDeleteCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "delete NAME", Short: "Delete a template; what was submitted stays", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := a.DeleteTemplate(cmd.Context(), args[0], nil); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "Deleted.")
			return err
		}),
	}
}

// readFile reads JSON of a file strictly, or of the standard input for "-": a field that is misspelled would be left out in silence.
func readFile(stdin io.Reader, name, what string, into any) error {
	from := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return usagef("%v", err)
		}
		defer file.Close()
		from = file
	}
	raw, err := io.ReadAll(io.LimitReader(from, maxPipelineFile+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", clean(name), err)
	}
	if len(raw) > maxPipelineFile {
		return usagef("%s has more than %d bytes, which no %s may", clean(name), maxPipelineFile, what)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err = decoder.Decode(into); err == nil && decoder.More() {
		err = errors.New("something follows the " + what)
	}
	if err != nil {
		return usagef("%s is no %s: %s", clean(name), what, clean(err.Error()))
	}
	return nil
}

// templateParams are the values of a template's parameters for spark make: those that are given, and what has the name of an option.
func (a *api) templateParams(ctx context.Context, o makeOptions, format string) (map[string]json.RawMessage, error) {
	t, err := a.GetTemplate(ctx, o.template)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(t.Steps, func(s models.TemplateStep) bool { return s.Kind == models.KindExport }) {
		return nil, usagef("the template %q exports nothing: submit it with spark pipeline submit", clean(o.template))
	}
	params := make(map[string]json.RawMessage)
	for _, param := range o.params {
		name, text, ok := strings.Cut(param, "=")
		if !ok {
			return nil, usagef("--param %q: a parameter is NAME=VALUE", clean(param))
		}
		if _, ok := t.Parameters[name]; !ok {
			return nil, usagef("--param %s: the template %q has no such parameter%s", clean(name), clean(o.template),
				didYouMean(name, slices.Sorted(maps.Keys(t.Parameters))))
		}
		params[name] = parameterValue(t.Parameters[name], text)
	}
	option := func(name, text string, required bool) error {
		if text == "" {
			return nil
		}
		p, ok := t.Parameters[name]
		if !ok {
			if required {
				return usagef("the template %q has no parameter %s", clean(o.template), name)
			}
			return nil
		}
		if _, given := params[name]; !given {
			params[name] = parameterValue(p, text)
		}
		return nil
	}
	seed := ""
	if o.seed != 0 {
		seed = fmt.Sprint(o.seed)
	}
	return params, errors.Join(option("prompt", o.prompt, true), option("seed", seed, true), option("provider", o.provider, true),
		option("format", format, false))
}

// parameterValue is a text as a value of a parameter. What is no number or boolean stays a text, which the server refuses.
func parameterValue(p models.Parameter, text string) json.RawMessage {
	if (p.Type == models.ParameterNumber || p.Type == models.ParameterBoolean) && p.Accept(json.RawMessage(text)) == nil {
		return json.RawMessage(text)
	}
	return json.RawMessage(models.ToJSON(text))
}

// lastOf is the last job of a kind.
func lastOf(all []apiclient.Job, kind models.Kind) (apiclient.Job, bool) {
	for _, j := range slices.Backward(all) {
		if j.Kind == kind {
			return j, true
		}
	}
	return apiclient.Job{}, false
}
