package ai

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/shared"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

const openAIHost = "api.openai.com"

// OpenAIProvider writes games over the Chat Completions API, which OpenAI, Ollama, vLLM and most others speak.
type OpenAIProvider struct {
	cfg       Config
	transport *transport
	chat      openai.ChatCompletionService
	official  bool
}

var _ generation.Provider = (*OpenAIProvider)(nil)

// NewOpenAI makes the provider for a configuration whose Provider is OpenAI.
func NewOpenAI(cfg Config) (*OpenAIProvider, error) {
	cfg, err := cfg.check(OpenAI)
	if err != nil {
		return nil, err
	}
	p := &OpenAIProvider{cfg: cfg, transport: newTransport(cfg), official: cfg.BaseURL == ""}
	// The service instead of the client, whose constructor reads the environment.
	opts := []option.RequestOption{
		option.WithEnvironmentProduction(),
		option.WithHTTPClient(p.transport.client()),
		option.WithMaxRetries(0),
	}
	if cfg.BaseURL != "" {
		opts = append(opts, option.WithBaseURL(cfg.BaseURL))
		if u, err := url.Parse(cfg.BaseURL); err == nil {
			p.official = u.Hostname() == openAIHost
		}
	}
	p.chat = openai.NewChatCompletionService(opts...)
	return p, nil
}

// Name implements generation.Provider.
func (p *OpenAIProvider) Name() string { return p.cfg.Name }

// Close closes idle connections.
func (p *OpenAIProvider) Close() error {
	p.transport.base.CloseIdleConnections()
	return nil
}

// Generate implements generation.Provider.
func (p *OpenAIProvider) Generate(ctx context.Context, req generation.Request, progress func(generation.Progress)) (*generation.Response, error) {
	return generate(ctx, p.cfg, req, progress, p.ask)
}

func (p *OpenAIProvider) params(pr prompt) openai.ChatCompletionNewParams {
	params := openai.ChatCompletionNewParams{
		Model: p.cfg.Model,
		Messages: []openai.ChatCompletionMessageParamUnion{
			openai.SystemMessage(pr.instructions), openai.UserMessage(pr.task),
		},
		StreamOptions: openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)},
	}
	if pr.seed != 0 {
		params.Seed = openai.Int(pr.seed)
	}
	if n := int64(p.cfg.MaxTokens); n > 0 {
		// OpenAI's reasoning models refuse the old name; some compatible servers ignore the new one.
		if p.official {
			params.MaxCompletionTokens = openai.Int(n)
		} else {
			params.MaxTokens = openai.Int(n)
		}
	}
	switch p.cfg.Output {
	case OutputSchema:
		params.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
			JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
				Name: generation.OutputSchemaName, Strict: param.NewOpt(true), Schema: json.RawMessage(generation.OutputSchema),
			},
		}
	case OutputJSON:
		params.ResponseFormat.OfJSONObject = &shared.ResponseFormatJSONObjectParam{}
	}
	return params
}

// ask streams one completion. Only the finish reason shows that the answer is complete: to the SDK, [DONE] and the end of the
// connection look alike.
func (p *OpenAIProvider) ask(ctx context.Context, pr prompt, r *reply) error {
	var opts []option.RequestOption
	if !p.cfg.APIKey.IsZero() { // asked for now: it may have been rotated
		opts = append(opts, option.WithAPIKey(p.cfg.APIKey.Reveal()))
	}
	stream := p.chat.NewStreaming(ctx, p.params(pr), opts...)
	defer func() { _ = stream.Close() }()

	var finish string
	var refusal bool
	for stream.Next() {
		chunk := stream.Current()
		r.named(chunk.Model)
		// Some servers send a count in every chunk: the last one is valid.
		if u := chunk.Usage; chunk.JSON.Usage.Valid() {
			if u.JSON.PromptTokens.Valid() {
				r.tokensIn = count(u.PromptTokens)
			}
			if u.JSON.CompletionTokens.Valid() {
				r.tokensOut = count(u.CompletionTokens)
			}
		}
		for _, choice := range chunk.Choices {
			if choice.Index != 0 {
				continue
			}
			refusal = refusal || choice.Delta.Refusal != ""
			if choice.FinishReason != "" {
				finish = choice.FinishReason
			}
			if choice.Delta.Content == "" {
				continue
			}
			if err := r.write(choice.Delta.Content); err != nil {
				return err
			}
		}
	}
	if err := stream.Err(); err != nil {
		if inStream, ok := errors.AsType[*ssestream.StreamError](err); ok {
			kind, code := errorWords(inStream.Event.Data)
			return &wordError{kind: kind, code: code}
		}
		return err
	}
	switch {
	case refusal || finish == "content_filter":
		return refused()
	case finish == "":
		return truncated("the stream ended early")
	case finish == "length":
		return truncated("it reached the token limit")
	case finish == "tool_calls" || finish == "function_call":
		return again(models.CodeProviderOutput, "the model called a tool that it was not given", nil)
	}
	return nil
}
