package cli

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func adminCommand(c *client) *cobra.Command {
	cmd := groupCommand("admin", "Administer the platform: its accounts and plans")
	accounts := groupCommand("accounts", "List, create and change accounts")
	accounts.AddCommand(accountsListCommand(c), accountsCreateCommand(c), accountsShowCommand(c), accountsSetCommand(c))
	plans := groupCommand("plans", "List, set and delete plans, which are named sets of limits")
	plans.AddCommand(plansListCommand(c), plansSetCommand(c), plansDeleteCommand(c))
	cmd.AddCommand(accounts, plans)
	return cmd
}

// limitFlags are limits of an account or a plan: a number, "none", or "" for what the plan or the platform says.
type limitFlags struct{ running, perEndUser, waiting, rate, ratePerKey, ratePerEndUser string }

func (l *limitFlags) flags(f *pflag.FlagSet) {
	const how = `: a number, "none", or "default" for what the plan or the platform says`
	f.StringVar(&l.running, "max-running", "", "how many jobs may be in Redis or run"+how)
	f.StringVar(&l.perEndUser, "max-running-per-end-user", "", "the same of each end user"+how)
	f.StringVar(&l.waiting, "max-waiting", "", "how many jobs may wait"+how)
	f.StringVar(&l.rate, "requests-per-minute", "", "how many requests all keys may make in a minute"+how)
	f.StringVar(&l.ratePerKey, "requests-per-minute-per-key", "", "the same of each key"+how)
	f.StringVar(&l.ratePerEndUser, "requests-per-minute-per-end-user", "", "how many submissions for each end user"+how)
}

func (l *limitFlags) given() bool { return *l != limitFlags{} }

// over are limits with those changed that were given.
func (l *limitFlags) over(now apiclient.Limits) (apiclient.Limits, error) {
	for _, one := range []struct {
		name, text string
		limit      **int
	}{{"max-running", l.running, &now.MaxRunning}, {"max-running-per-end-user", l.perEndUser, &now.MaxRunningPerEndUser},
		{"max-waiting", l.waiting, &now.MaxWaiting}, {"requests-per-minute", l.rate, &now.RequestsPerMinute},
		{"requests-per-minute-per-key", l.ratePerKey, &now.RequestsPerMinutePerKey},
		{"requests-per-minute-per-end-user", l.ratePerEndUser, &now.RequestsPerMinutePerEndUser}} {
		switch one.text {
		case "":
		case "default":
			*one.limit = nil
		case "none":
			*one.limit = new(0)
		default:
			n, err := strconv.Atoi(one.text)
			if err != nil || n < 1 {
				return now, usagef("--%s %s: give a number above 0, none or default", one.name, clean(one.text))
			}
			*one.limit = &n
		}
	}
	return now, nil
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
	var asJSON bool
	var page pageFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List accounts, newest first",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			params := &apiclient.ListAccountsParams{Limit: &page.limit, Cursor: given(page.cursor)}
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
	var limits limitFlags
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
	for _, one := range []struct {
		name    string
		has, in int
		own     *int
	}{{"Running", o.Running, o.EffectiveLimits.MaxRunning, o.Limits.MaxRunning}, {"Waiting", o.Waiting, o.EffectiveLimits.MaxWaiting, o.Limits.MaxWaiting}} {
		fmt.Fprintf(t, "%s\t%d, at most %s%s\n", one.name, one.has, showLimit(&one.in), ownLimit(one.own))
	}
	fmt.Fprintf(t, "Running of an end user\tat most %s%s\n", showLimit(&o.EffectiveLimits.MaxRunningPerEndUser), ownLimit(o.Limits.MaxRunningPerEndUser))
	fmt.Fprintf(t, "Requests a minute\tat most %s%s, of a key %s%s, of an end user %s%s\n",
		showLimit(&o.EffectiveLimits.RequestsPerMinute), ownLimit(o.Limits.RequestsPerMinute),
		showLimit(&o.EffectiveLimits.RequestsPerMinutePerKey), ownLimit(o.Limits.RequestsPerMinutePerKey),
		showLimit(&o.EffectiveLimits.RequestsPerMinutePerEndUser), ownLimit(o.Limits.RequestsPerMinutePerEndUser))
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
	var limits limitFlags
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
	var limits limitFlags
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
