package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/webhooks/catalogue"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

const (
	forwardWithin = 15 * time.Second
	// answerShown is how much of an answer is read.
	answerShown = 200
)

func webhookListenCommand(c *client) *cobra.Command {
	var to, secret, payload string
	var events []string
	var after int64
	cmd := &cobra.Command{
		Use: "listen", Short: "Forward what happens to a port of this machine",
		Long: `listen follows the events of the account and posts each to a URL of this machine, signed as webhooks are, until it is interrupted. It needs no
endpoint, and nothing has to reach this machine from outside. Each event is forwarded once and in order, also after the connection broke; --after goes
on where an earlier listen ended.

  spark webhooks listen --forward-to http://localhost:3000/hook --events job.succeeded,job.failed
` + exitHelp,
		Args: cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			u, err := url.Parse(to)
			if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return usagef("--forward-to is a URL such as http://localhost:3000/hook")
			}
			if err := catalogue.CheckPatterns(events); err != nil {
				return usagef("--events: %s", models.AsError(err).Message)
			}
			key := signature.NewSymmetric()
			if secret != "" {
				if key, err = signature.Parse(secret); err != nil {
					return usagef("--secret: %v", err)
				}
			}
			if payload != string(models.WebhookThin) && payload != string(models.WebhookFull) {
				return usagef("--payload is thin or full")
			}
			me, err := a.GetAccount(cmd.Context(), nil)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "Forwarding to %s. The receiver verifies with %s\n", clean(to), key.Verification())
			l := &listener{api: a, account: me.ID, to: to, key: key, out: out, client: &http.Client{Timeout: forwardWithin,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
				endpoint: &models.WebhookEndpoint{State: models.WebhookEnabled, Events: events, Payload: models.WebhookPayload(payload)}}
			l.renderer = &catalogue.Renderer{Base: a.server, Resource: l.resource}
			for e, err := range a.FollowEvents(cmd.Context(), after) {
				if err != nil {
					return err
				}
				if err := l.forward(cmd.Context(), &e); err != nil {
					return err
				}
			}
			return nil
		}),
	}
	f := cmd.Flags()
	f.StringVar(&to, "forward-to", "", "where to, http://localhost:3000/hook for example")
	f.StringSliceVar(&events, "events", nil, `types of events with commas between, "job.*" for a group; without it all`)
	f.StringVar(&secret, "secret", "", "what to sign with, whsec_…; without it a new one")
	f.StringVar(&payload, "payload", string(models.WebhookThin), "thin or full")
	f.Int64Var(&after, "after", apiclient.Now, "the position after which to begin; without it, with what happens from now on")
	return cmd
}

// listener forwards events.
type listener struct {
	api      *api
	account  string
	to       string
	key      signature.Key
	endpoint *models.WebhookEndpoint
	renderer *catalogue.Renderer
	client   *http.Client
	out      io.Writer
	job      json.RawMessage // of the event that is forwarded
}

func (l *listener) resource(context.Context, *models.WebhookMessage) (json.RawMessage, error) {
	return l.job, nil
}

// forward posts an event, if it is wanted, and prints the answer. That a receiver fails is no error of the command's.
func (l *listener) forward(ctx context.Context, e *apiclient.StreamEvent) error {
	name, told := catalogue.Of(e.Type)
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	if !told || !l.endpoint.Wants(text(e.ProjectID), name) {
		return nil
	}
	m := &models.WebhookMessage{ID: fmt.Sprintf("%slisten-%d", models.WebhookMessagePrefix, e.Position), AccountID: l.account, ProjectID: text(e.ProjectID),
		PipelineID: text(e.PipelineID), JobID: text(e.JobID), Type: name, Position: e.Position, Seq: e.Seq, Attempt: e.Attempt,
		Data: models.JSON(e.Data), CreatedAt: e.CreatedAt}
	l.job = nil
	if m.JobID != "" {
		job, err := l.api.job(ctx, m.JobID)
		problem, known := errors.AsType[*apiclient.Error](err)
		switch {
		case known && (problem.Code == models.CodeNotFound || problem.Code == models.CodePruned): // told without it
		case err != nil:
			return err
		default:
			if m.JobKind = job.Kind; l.endpoint.Payload == models.WebhookFull {
				l.job = json.RawMessage(models.ToJSON(job))
			}
		}
	}
	body, err := l.renderer.Body(ctx, m, l.endpoint)
	if err != nil {
		return err
	}
	began := time.Now()
	answer, err := l.post(ctx, m.ID, body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		answer = err.Error()
	}
	_, err = fmt.Fprintf(l.out, "%d  %s  %s  %s  %s\n", e.Position, clean(name), clean(m.JobID), time.Since(began).Round(time.Millisecond), clean(answer))
	return err
}

func (l *listener) post(ctx context.Context, id string, body []byte) (answer string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.to, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	if err := signature.Headers(req.Header, id, time.Now(), body, l.key); err != nil {
		return "", err
	}
	res, err := l.client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, answerShown)) // what is missing is not shown
	return string(slices.Concat([]byte(res.Status+" "), text)), nil
}
