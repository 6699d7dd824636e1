package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

func webhooksCommand(c *client) *cobra.Command {
	cmd := groupCommand("webhooks", "Have other programs told what happens")
	cmd.AddCommand(
		webhookListCommand(c), webhookAddCommand(c),
		printCommand(c, "show ID", "Print an endpoint", func(a *api, ctx context.Context, id string) (apiclient.WebhookEndpoint, error) {
			return a.GetWebhookEndpoint(ctx, id)
		}),
		printCommand(c, "health ID", "Print how an endpoint does", func(a *api, ctx context.Context, id string) (apiclient.WebhookHealth, error) {
			return a.GetWebhookHealth(ctx, id)
		}),
		webhookChangeCommand(c), webhookRemoveCommand(c), webhookSecretsCommand(c), webhookRotateCommand(c), webhookEventsCommand(c),
		webhookDeliveriesCommand(c), webhookReplayCommand(c),
		printCommand(c, "test ID", "Send a test to an endpoint", func(a *api, ctx context.Context, id string) (apiclient.WebhookDelivery, error) {
			return a.TestWebhookEndpoint(ctx, id, nil, apiclient.WebhookTest{})
		}),
		webhookTriggerCommand(c), webhookListenCommand(c),
	)
	return cmd
}

func webhookListCommand(c *client) *cobra.Command {
	var asJSON bool
	var project string
	var page pageFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List endpoints, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListWebhookEndpoints(cmd.Context(), &apiclient.ListWebhookEndpointsParams{ProjectID: given(project), Limit: &page.limit,
				Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tSTATE\tEVENTS\tURL")
			for _, e := range l.Data {
				state, events := string(e.State), strings.Join(e.Events, ",")
				if e.Reason != nil {
					state += " (" + *e.Reason + ")"
				}
				if events == "" {
					events = "*"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", clean(e.ID), clean(state), clean(events), clean(e.URL))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	cmd.Flags().StringVar(&project, "project", "", "only endpoints of this project")
	page.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// endpointFlags are what an endpoint is made or changed by.
type endpointFlags struct {
	description, payload, template string
	events, headers                []string
}

func (f *endpointFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.events, "events", nil, `types of events with commas between, "job.*" for a group; without it all`)
	flags.StringArrayVar(&f.headers, "header", nil, `a header of each delivery, "Name: value"`)
	flags.StringVar(&f.description, "description", "", "what it is for")
	flags.StringVar(&f.payload, "payload", "", "thin or full")
	flags.StringVar(&f.template, "template", "", "the body, JSON with {{data.job_id}} in its texts")
}

func (f *endpointFlags) headerMap() (map[string]string, error) {
	headers := make(map[string]string)
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return nil, usagef(`--header: it is "Name: value"`)
		}
		headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return headers, nil
}

func webhookAddCommand(c *client) *cobra.Command {
	var f endpointFlags
	var project, signing string
	cmd := &cobra.Command{
		Use: "add URL", Short: "Have a URL told what happens",
		Long: `add makes an endpoint, and prints it with the secret that receivers verify with.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			headers, err := f.headerMap()
			if err != nil {
				return err
			}
			made, err := a.CreateWebhookEndpoint(cmd.Context(), nil, apiclient.NewWebhookEndpoint{URL: args[0], ProjectID: given(project),
				Description: given(f.description), Events: f.events, Headers: headers, Payload: given(models.WebhookPayload(f.payload)),
				Template: given(f.template), Signing: given(models.WebhookSecretKind(signing))})
			if err != nil {
				return err
			}
			secrets, err := a.ListWebhookSecrets(cmd.Context(), made.ID)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), map[string]any{"endpoint": made, "secrets": secrets.Data})
		}),
	}
	f.add(cmd)
	cmd.Flags().StringVar(&project, "project", "", "only what happens in this project")
	cmd.Flags().StringVar(&signing, "signing", "", "symmetric or ed25519")
	return cmd
}

func webhookChangeCommand(c *client) *cobra.Command {
	var f endpointFlags
	var url string
	var enable, disable bool
	cmd := &cobra.Command{
		Use: "change ID", Short: "Change, disable or enable an endpoint",
		Long: `change changes what its flags name, and prints the endpoint. --events, --header and --template with an empty text remove what was there.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			body := apiclient.WebhookEndpointChange{URL: given(url), Payload: given(models.WebhookPayload(f.payload))}
			changed := cmd.Flags().Changed
			if changed("description") {
				body.Description = &f.description
			}
			if changed("template") {
				body.Template = &f.template
			}
			if changed("events") {
				body.Events = &f.events
			}
			if changed("header") {
				if len(f.headers) == 1 && f.headers[0] == "" {
					f.headers = nil
				}
				headers, err := f.headerMap()
				if err != nil {
					return err
				}
				body.Headers = &headers
			}
			if enable != disable {
				body.Enabled = &enable
			}
			e, err := a.ChangeWebhookEndpoint(cmd.Context(), args[0], nil, body)
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), e)
		}),
	}
	f.add(cmd)
	cmd.Flags().StringVar(&url, "url", "", "where to")
	cmd.Flags().BoolVar(&enable, "enable", false, "send what happens from now on")
	cmd.Flags().BoolVar(&disable, "disable", false, "send nothing")
	cmd.MarkFlagsMutuallyExclusive("enable", "disable")
	return cmd
}

func webhookRemoveCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Delete an endpoint with its secrets and deliveries", Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if err := a.DeleteWebhookEndpoint(cmd.Context(), args[0], nil); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "Deleted.")
			return err
		}),
	}
}

func webhookSecretsCommand(c *client) *cobra.Command {
	var own bool
	cmd := &cobra.Command{
		Use: "secrets [ID]", Short: "Print what receivers verify with", Args: cobra.MaximumNArgs(1),
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			var l apiclient.WebhookSecretList
			var err error
			switch {
			case own && len(args) == 0:
				l, err = a.ListDefaultWebhookSecrets(cmd.Context())
			case !own && len(args) == 1:
				l, err = a.ListWebhookSecrets(cmd.Context(), args[0])
			default:
				return usagef("give an endpoint's id, or --default for the account's own")
			}
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), l)
		}),
	}
	cmd.Flags().BoolVar(&own, "default", false, "those of the account, for the webhook_url of jobs and pipelines")
	return cmd
}

func webhookRotateCommand(c *client) *cobra.Command {
	var kind string
	var overlap time.Duration
	var own bool
	cmd := &cobra.Command{
		Use: "rotate [ID]", Short: "Replace a secret", Args: cobra.MaximumNArgs(1),
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			body := apiclient.WebhookRotation{Kind: given(models.WebhookSecretKind(kind)), OverlapSeconds: new(int(overlap.Seconds()))}
			var fresh apiclient.WebhookSecret
			var err error
			switch {
			case own && len(args) == 0:
				fresh, err = a.RotateDefaultWebhookSecret(cmd.Context(), nil, body)
			case !own && len(args) == 1:
				fresh, err = a.RotateWebhookSecret(cmd.Context(), args[0], nil, body)
			default:
				return usagef("give an endpoint's id, or --default for the account's own")
			}
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), fresh)
		}),
	}
	cmd.Flags().BoolVar(&own, "default", false, "that of the account, for the webhook_url of jobs and pipelines")
	cmd.Flags().StringVar(&kind, "kind", "", "symmetric or ed25519")
	cmd.Flags().DurationVar(&overlap, "overlap", 24*time.Hour, "for how long both sign")
	return cmd
}

func webhookEventsCommand(c *client) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "events", Short: "List the types of events", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListWebhookEventTypes(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), l)
			}
			t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, e := range l.Data {
				fmt.Fprintf(t, "%s\t%s\n", clean(e.Type), clean(e.Description))
			}
			return t.Flush()
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with samples")
	return cmd
}

func webhookDeliveriesCommand(c *client) *cobra.Command {
	var asJSON bool
	var endpoint, name, state, job string
	var page pageFlags
	cmd := &cobra.Command{
		Use: "deliveries", Short: "List deliveries, newest first", Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			l, err := a.ListWebhookDeliveries(cmd.Context(), &apiclient.ListWebhookDeliveriesParams{EndpointID: given(endpoint), Type: given(name),
				JobID: given(job), State: given(models.WebhookDeliveryState(state)), Limit: &page.limit, Cursor: given(page.cursor)})
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			if asJSON {
				return printJSON(out, l)
			}
			t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tTYPE\tSTATE\tATTEMPTS\tSTATUS\tMADE")
			for _, d := range l.Data {
				status := "-"
				switch {
				case d.LastStatus != nil:
					status = fmt.Sprint(*d.LastStatus)
				case d.Failure != nil:
					status = *d.Failure
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\n", clean(d.ID), clean(d.Type), clean(string(d.State)), d.Attempts, clean(status),
					d.CreatedAt.Local().Format(time.DateTime))
			}
			return errors.Join(t.Flush(), tellMore(out, l.NextCursor))
		}),
	}
	f := cmd.Flags()
	f.StringVar(&endpoint, "endpoint", "", "only those to this endpoint")
	f.StringVar(&name, "type", "", "only those of this type of event")
	f.StringVar(&state, "state", "", "only those in this state: pending, delivering, delivered or failed")
	f.StringVar(&job, "job", "", "only those about this job")
	page.flags(f)
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func webhookReplayCommand(c *client) *cobra.Command {
	var since time.Duration
	var all bool
	cmd := &cobra.Command{
		Use: "replay ID", Short: "Deliver again",
		Long: `replay makes a delivery again at once, or, with the id of an endpoint and --since, all to it that have failed since then.
` + exitHelp,
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if !strings.HasPrefix(args[0], models.WebhookEndpointPrefix) {
				d, err := a.ReplayWebhookDelivery(cmd.Context(), args[0], nil)
				if err != nil {
					return err
				}
				return printJSON(cmd.OutOrStdout(), d)
			}
			if since <= 0 {
				return usagef("--since says how far back, 24h for example")
			}
			made, err := a.ReplayWebhookEndpoint(cmd.Context(), args[0], nil, apiclient.WebhookReplay{Since: time.Now().Add(-since).UTC(), All: &all})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d deliveries are made again.\n", made.Count)
			return err
		}),
	}
	cmd.Flags().DurationVar(&since, "since", 0, "how far back, for an endpoint")
	cmd.Flags().BoolVar(&all, "all", false, "also those that were taken")
	return cmd
}

func webhookTriggerCommand(c *client) *cobra.Command {
	var endpoint string
	cmd := &cobra.Command{
		Use: "trigger TYPE", Short: "Send a made-up event of a type to an endpoint",
		Args: namedArgs,
		RunE: c.connected(func(cmd *cobra.Command, args []string, a *api) error {
			if endpoint == "" {
				return usagef("--endpoint names the endpoint; spark webhooks list lists them")
			}
			d, err := a.TestWebhookEndpoint(cmd.Context(), endpoint, nil, apiclient.WebhookTest{Type: &args[0]})
			if err != nil {
				return err
			}
			return printJSON(cmd.OutOrStdout(), d)
		}),
	}
	cmd.Flags().StringVar(&endpoint, "endpoint", "", "where to")
	return cmd
}
