package ai

import (
	"context"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// asker streams one answer into a reply.
type asker func(ctx context.Context, p prompt, r *reply) error

// generate is what the providers have in common: the prompt, the time limit, the accounting, and the checking of what
// was written.
func generate(ctx context.Context, cfg Config, req generation.Request, tell func(generation.Progress), ask asker) (*generation.Response, error) {
	p, err := newPrompt(req, cfg.Output)
	if err != nil {
		return nil, err
	}
	callCtx, cancel := context.WithTimeoutCause(ctx, cfg.Timeout, errOutOfTime)
	defer cancel()

	r := newReply(req, tell)
	r.report(0.01, "asking "+cfg.Model)
	err = ask(callCtx, p, r)
	res := &generation.Response{Provider: cfg.Name, Model: r.model, TokensIn: r.tokensIn, TokensOut: r.tokensOut}
	if res.Model == "" {
		res.Model = cfg.Model
	}
	if err != nil {
		return res, explain(callCtx, err, cfg.APIKey)
	}
	r.report(writingTo, "checking the files")
	out, err := generation.ParseAnswer(r.text.Bytes())
	if err != nil {
		return res, badAnswer(err)
	}
	files, err := out.Apply(req)
	if err != nil {
		return res, badAnswer(err)
	}
	res.Files, res.Title, res.Summary = files, out.Title, out.Summary
	r.report(1, "done")
	return res, nil
}

// badAnswer is the error of an answer that failed the checks; another attempt may pass.
func badAnswer(err error) error {
	if models.CodeOf(err) != models.CodeProviderOutput {
		return err
	}
	return &generation.Failure{Err: models.AsError(err)}
}
