package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spark-games/spark/internal/platform/suggest"
)

// groupCommand is a command that only contains others.
func groupCommand(name, short string) *cobra.Command {
	return &cobra.Command{Use: name, Short: short, Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
}

// noSuchCommand refuses an unknown command, and suggests those that may have been meant.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usagef("unknown command %q for %q%s\nRun '%s --help' for what there is.", clean(args[0]), cmd.CommandPath(),
		didYouMean(args[0], names), cmd.CommandPath())
}

// strictHelp makes "spark nonsense --help" and "spark help nonsense" errors: cobra would show the help of the known part. The
// returned function gives the error after a run.
func strictHelp(root *cobra.Command) func() error {
	var wrong error
	show := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if cmd.HasAvailableSubCommands() {
			if wrong = noSuchCommand(cmd, cmd.Flags().Args()); wrong != nil {
				return
			}
		}
		show(cmd, args)
	})
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		help.Run = nil
		help.RunE = func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err == nil {
				err = noSuchCommand(cmd, rest)
			}
			if err != nil {
				return err
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		}
	}
	return func() error { return wrong }
}

// namedArgs wants as many arguments as the command's usage names: one for "get ID".
func namedArgs(cmd *cobra.Command, args []string) error {
	names := strings.Fields(cmd.Use)[1:]
	if len(args) > len(names) {
		return usagef("%q is one argument too many\nRun '%s --help' for what there is.", clean(args[len(names)]), cmd.CommandPath())
	}
	return someArgs(cmd, args)
}

// someArgs is namedArgs for a command whose last argument may be several words.
func someArgs(cmd *cobra.Command, args []string) error {
	names := strings.Fields(cmd.Use)[1:]
	if len(args) < len(names) {
		return usagef("%s is missing: %s\nRun '%s --help' for what there is.", names[len(args)],
			strings.TrimSuffix(cmd.UseLine(), " [flags]"), cmd.CommandPath())
	}
	return nil
}

// wrongFlag suggests the flag that may have been meant, or says which value was not.
func wrongFlag(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := wrong.GetFlag()
		kind := map[string]string{"int": "a whole number", "int64": "a whole number", "bool": "true or false",
			"duration": `a duration such as "12h", "30m" or "2d"`}[f.Value.Type()]
		return usagef("--%s %s: it is %s\nRun '%s --help' for what there is.", f.Name, clean(wrong.GetValue()), kind, cmd.CommandPath())
	}
	notThere, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := ""
	if near := suggest.Nearest(notThere.GetSpecifiedName(), names); near != "" {
		hint = "; did you mean --" + near + "?"
	}
	return usagef("%v%s\nRun '%s --help' for what there is.", err, hint, cmd.CommandPath())
}

// oneOf refuses a flag value that is not one of the known ones; "" is allowed.
func oneOf[T ~string](flag string, value T, all []T) error {
	if value == "" || slices.Contains(all, value) {
		return nil
	}
	names := namesOf(all)
	return usagef("--%s %s: it is one of %s%s", flag, clean(string(value)), orList(names), didYouMean(string(value), names))
}

func namesOf[T ~string](all []T) []string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return names
}

// didYouMean is "; did you mean x?", or nothing.
func didYouMean(word string, all []string) string {
	if near := suggest.Nearest(word, all); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// orList is "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// completing are the values that a shell offers for a flag.
func completing[T ~string](values []T) cobra.CompletionFunc {
	return cobra.FixedCompletions(namesOf(values), cobra.ShellCompDirectiveNoFileComp)
}

// complete registers what a shell offers for a flag that the command has.
func complete(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic("cli: " + err.Error()) // the flag is not the command's: a mistake in this package
	}
}
