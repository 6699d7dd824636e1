package cli

import (
	"encoding/json"
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

func adminCommand(c *client) *cobra.Command {
	cmd := groupCommand("admin", "Administer the platform: its accounts, plans, queues, jobs and workers")
	accounts := groupCommand("accounts", "List, create and change accounts")
	accounts.AddCommand(accountsListCommand(c), accountsCreateCommand(c), accountsShowCommand(c), accountsSetCommand(c))
	plans := groupCommand("plans", "List, set and delete plans, which are named sets of limits")
	plans.AddCommand(plansListCommand(c), plansSetCommand(c), plansDeleteCommand(c))
	accounts.AddCommand(accountPauseCommands(c)...)
	accounts.AddCommand(accountDeletionCommands(c)...)
	cmd.AddCommand(accounts, plans, adminUsersCommand(c), adminFlowCommand(c), adminQueuesCommand(c), adminJobsCommand(c), adminWorkersCommand(c))
	return cmd
}

// limitFlags are limits of an account or a plan by their names: a number, "none", or "default" for what the plan or the platform says.
type limitFlags map[string]*string

// limitHelp says what each limit is of.
var limitHelp = map[string]string{
	"max_running":                        "how many jobs may be in Redis or run",
	"max_running_per_end_user":           "the same of each end user",
	"max_waiting":                        "how many jobs may wait",
	"requests_per_minute":                "how many requests all keys may make in a minute",
	"requests_per_minute_per_key":        "the same of each key",
	"requests_per_minute_per_end_user":   "how many submissions for each end user",
	"max_storage_mb":                     "how many MiB of files may be stored",
	"max_schedules":                      "how many schedules there may be",
	"min_schedule_seconds":               "how many seconds are between two times of a schedule at least",
	"jobs_per_day":                       "how many jobs may be submitted in a day",
	"jobs_per_day_per_end_user":          "the same for each end user",
	"tokens_per_day":                     "how many tokens of language models may be used in a day",
	"tokens_per_day_per_end_user":        "the same of each end user",
	"build_minutes_per_day":              "how many minutes builds may run in a day",
	"build_minutes_per_day_per_end_user": "the same of each end user",
}

func flagOf(limit string) string { return strings.ReplaceAll(limit, "_", "-") }

func (l limitFlags) flags(f *pflag.FlagSet) {
	for _, field := range new(models.Limits).Fields() {
		l[field.Name] = f.String(flagOf(field.Name), "", limitHelp[field.Name]+`: a number, "none", or "default" for what the plan or the platform says`)
	}
}

func (l limitFlags) given() bool {
	for _, text := range l {
		if *text != "" {
			return true
		}
	}
	return false
}

// over are limits with those changed that were given.
func (l limitFlags) over(now apiclient.Limits) (apiclient.Limits, error) {
	changed := limitsAs[models.Limits](now)
	for _, field := range changed.Fields() {
		switch text := *l[field.Name]; text {
		case "":
		case "default":
			*field.Value = nil
		case "none":
			*field.Value = new(0)
		default:
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return now, usagef("--%s %s: give a number above 0, none or default", flagOf(field.Name), clean(text))
			}
			*field.Value = &n
		}
	}
	return limitsAs[apiclient.Limits](changed), nil
}

// limitsAs turns limits into another type whose fields have the same names in JSON.
func limitsAs[T any](limits any) (same T) {
	raw, err := json.Marshal(limits)
	if err == nil {
		err = json.Unmarshal(raw, &same)
	}
	if err != nil {
		panic("cli: limits that are none: " + err.Error()) // they are numbers
	}
	return same
}

func showLimit(n *int) string {
	switch {
	case n == nil:
		return "default"
	case *n == 0:
		return "none"
	}
	return strconv.Itoa(*n)
}

func accountsListCommand(c *client) *cobra.Command {
	var asJSON, deleted bool
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List accounts, newest first",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params := &apiclient.ListAccountsParams{Limit: &page.limit, Cursor: given(page.cursor)}
			if deleted {
				return printDeleted(cmd.Context(), cmd.OutOrStdout(), a, asJSON)
			}
			l, err := a.ListAccounts(cmd.Context(), params)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tSTATE\tWEIGHT\tPLAN\tMAX RUNNING\tPER END USER\tMAX WAITING\tCREATED\tNAME")
			for _, one := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", one.ID, one.State, one.Weight, clean(orDash(one.Plan)),
					showLimit(one.Limits.MaxRunning),
					showLimit(one.Limits.MaxRunningPerEndUser), showLimit(one.Limits.MaxWaiting), one.CreatedAt.Local().Format(time.DateTime), clean(one.Name))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&deleted, "deleted", false, "all that were deleted and can still be restored, and when they were")
	return cmd
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

func accountsCreateCommand(c *client) *cobra.Command {
	var asJSON bool
	var weight int
	var plan string
	limits := make(limitFlags)
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Create an account and print its id",
		Long: `create makes an account for a tenant. Make its first key with: spark keys create NAME --role owner --for ID
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			l, err := limits.over(apiclient.Limits{})
			if err != nil {
				return err
			}
			made, err := a.CreateAccount(cmd.Context(), nil,
				apiclient.NewAccount{Name: args[0], Weight: &weight, Plan: given(plan), Limits: &l})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), made)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), made.ID)
			return err
		}),
	}
	f := cmd.Flags()
	f.IntVar(&weight, "weight", 1, "its share of the workers beside other accounts")
	f.StringVar(&plan, "plan", "", "the name of its plan")
	limits.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func accountsShowCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show an account, its limits, and how many of its jobs run and wait",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			o, err := a.ReadAccount(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), o)
			}
			return printOverview(cmd.OutOrStdout(), o)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printOverview(w io.Writer, o apiclient.AccountOverview) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Account\t%s (%s)\n", clean(o.Name), o.ID)
	fmt.Fprintf(t, "State\t%s\n", o.State)
	fmt.Fprintf(t, "Weight\t%d\n", o.Weight)
	fmt.Fprintf(t, "Plan\t%s\n", clean(orDash(o.Plan)))
	fmt.Fprintf(t, "Running\t%d\nWaiting\t%d\n", o.Running, o.Waiting)
	effective, own := limitsAs[models.Limits](o.EffectiveLimits), limitsAs[models.Limits](o.Limits)
	for i, field := range effective.Fields() {
		mine := *own.Fields()[i].Value
		if **field.Value > 0 || mine != nil {
			fmt.Fprintf(t, "%s\t%s%s\n", flagOf(field.Name), showLimit(*field.Value), ownLimit(mine))
		}
	}
	for _, q := range o.Quotas {
		fmt.Fprintf(t, "Used of %s\t%d of %d\n", flagOf(q.Name), q.Used, q.Limit)
	}
	return t.Flush()
}

func ownLimit(own *int) string {
	if own == nil {
		return ""
	}
	return " (its own limit)"
}

func accountsSetCommand(c *client) *cobra.Command {
	var asJSON bool
	var name, state, plan string
	var weight int
	limits := make(limitFlags)
	cmd := &cobra.Command{
		Use:   "set ID",
		Short: "Change an account's name, state, weight, plan or limits",
		Long: `set changes what its flags name. It applies within a second. The jobs of a paused account are accepted and wait; the keys of a
suspended one are refused. Jobs that run go on.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			change := apiclient.AccountChange{Name: given(name), State: given(models.AccountState(state))}
			if cmd.Flags().Changed("weight") {
				change.Weight = &weight
			}
			if cmd.Flags().Changed("plan") {
				change.Plan = &plan
			}
			if limits.given() {
				now, err := a.ReadAccount(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				over, err := limits.over(now.Limits)
				if err != nil {
					return err
				}
				change.Limits = &over
			}
			if change == (apiclient.AccountChange{}) {
				return usagef("nothing to change: see %s --help", cmd.CommandPath())
			}
			changed, err := a.ChangeAccount(cmd.Context(), args[0], change)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), changed)
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "Changed.")
			return err
		}),
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "its name")
	f.StringVar(&state, "state", "", "active, paused or suspended")
	f.IntVar(&weight, "weight", 1, "its share of the workers beside other accounts")
	f.StringVar(&plan, "plan", "", `the name of its plan; "" is none`)
	limits.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func plansListCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the plans",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListPlans(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "NAME\tMAX RUNNING\tPER END USER\tMAX WAITING")
			for _, p := range l.Data {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", clean(p.Name), showLimit(p.Limits.MaxRunning), showLimit(p.Limits.MaxRunningPerEndUser),
					showLimit(p.Limits.MaxWaiting))
			}
			return t.Flush()
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func plansSetCommand(c *client) *cobra.Command {
	limits := make(limitFlags)
	cmd := &cobra.Command{
		Use:   "set NAME",
		Short: "Create a plan, or set the limits of one",
		Long: `set sets all limits of a plan: those that no flag names are left to the platform.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			l, err := limits.over(apiclient.Limits{})
			if err != nil {
				return err
			}
			p, err := a.PutPlan(cmd.Context(), args[0], apiclient.PlanLimits{Limits: l})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "Set the plan %s.\n", clean(p.Name))
			return err
		}),
	}
	limits.flags(cmd.Flags())
	return cmd
}

func plansDeleteCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a plan that no account has",
		Args:  namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := a.DeletePlan(cmd.Context(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "Deleted.")
			return err
		}),
	}
}
