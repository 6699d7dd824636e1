package ai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// toolName is the tool by which the model submits its answer in OutputTool mode.
const toolName = "write_game"

// AnthropicProvider writes games over Anthropic's Messages API.
type AnthropicProvider struct {
	cfg       Config
	transport *transport
	messages  anthropic.MessageService
	schema    map[string]any
}

var _ generation.Provider = (*AnthropicProvider)(nil)

// NewAnthropic makes the provider for a configuration whose Provider is Anthropic. A base URL may end in /v1 or not.
func NewAnthropic(cfg Config) (*AnthropicProvider, error) {
	cfg, err := cfg.check(Anthropic)
	if err != nil {
		return nil, err
	}
	if cfg.MaxTokens == 0 {
		cfg.MaxTokens = DefaultMaxTokens
	}
	p := &AnthropicProvider{cfg: cfg, transport: newTransport(cfg)}
	if err := json.Unmarshal([]byte(generation.OutputSchema), &p.schema); err != nil {
		return nil, fmt.Errorf("read the answer's schema: %w", err)
	}
	// The service instead of the client, whose constructor reads the environment. The SDK's spans are off: an environment
	// variable of its own could put prompts into them.
	opts := []option.RequestOption{
		option.WithEnvironmentProduction(),
		option.WithHTTPClient(p.transport.client()),
		option.WithMaxRetries(0),
		option.WithoutOpenTelemetry(),
	}
	if cfg.BaseURL != "" {
		base := strings.TrimSuffix(strings.TrimRight(cfg.BaseURL, "/"), "/v1")
		opts = append(opts, option.WithBaseURL(base+"/"))
	}
	p.messages = anthropic.NewMessageService(opts...)
	return p, nil
}

// Name implements generation.Provider.
func (p *AnthropicProvider) Name() string { return p.cfg.Name }

// Close closes idle connections.
func (p *AnthropicProvider) Close() error {
	p.transport.base.CloseIdleConnections()
	return nil
}

// Generate implements generation.Provider.
func (p *AnthropicProvider) Generate(ctx context.Context, req generation.Request, progress func(generation.Progress)) (*generation.Response, error) {
	return generate(ctx, p.cfg, req, progress, p.ask)
}

func (p *AnthropicProvider) params(pr prompt) anthropic.MessageNewParams {
	params := anthropic.MessageNewParams{
		Model:     p.cfg.Model,
		MaxTokens: int64(p.cfg.MaxTokens),
		// The instructions are the same for every game of an engine: worth caching.
		System: []anthropic.TextBlockParam{{
			Text: pr.instructions, CacheControl: anthropic.NewCacheControlEphemeralParam(),
		}},
		Messages: []anthropic.MessageParam{anthropic.NewUserMessage(anthropic.NewTextBlock(pr.task))},
	}
	switch p.cfg.Output {
	case OutputSchema:
		params.OutputConfig.Format = anthropic.JSONOutputFormatParam{Schema: p.schema}
	case OutputTool:
		required, _ := p.schema["required"].([]any)
		input := anthropic.ToolInputSchemaParam{
			Properties:  p.schema["properties"],
			ExtraFields: map[string]any{"additionalProperties": false},
		}
		for _, name := range required {
			input.Required = append(input.Required, fmt.Sprint(name))
		}
		tool := anthropic.ToolParam{
			Name: toolName, InputSchema: input,
			Description: anthropic.String("Submits the finished game: its title, a summary and its files."),
			// Otherwise the files arrive in one piece at the end, after silence for as long as writing them took.
			EagerInputStreaming: anthropic.Bool(true),
		}
		params.Tools = []anthropic.ToolUnionParam{{OfTool: &tool}}
		params.ToolChoice = anthropic.ToolChoiceParamOfTool(toolName)
	}
	return params
}

// ask streams one message. Only message_stop shows that the message is complete.
func (p *AnthropicProvider) ask(ctx context.Context, pr prompt, r *reply) error {
	var opts []option.RequestOption
	if !p.cfg.APIKey.IsZero() { // asked for now: it may have been rotated
		opts = append(opts, option.WithAPIKey(p.cfg.APIKey.Reveal()))
	}
	stream := p.messages.NewStreaming(ctx, p.params(pr), opts...)
	defer func() { _ = stream.Close() }()

	m := message{reply: r, tool: p.cfg.Output == OutputTool}
	for stream.Next() {
		if err := m.take(stream.Current()); err != nil {
			return err
		}
	}
	if err := stream.Err(); err != nil {
		if inStream, ok := errors.AsType[*anthropic.Error](err); ok {
			kind, _ := errorWords([]byte(inStream.RawJSON()))
			return &wordError{kind: kind}
		}
		return err
	}
	return m.end()
}

// message follows the events of one streamed message.
type message struct {
	reply   *reply
	tool    bool // the answer is a tool's input instead of text
	calls   int
	stop    anthropic.StopReason
	stopped bool
}

func (m *message) take(event anthropic.MessageStreamEventUnion) error {
	switch event.Type {
	case "message_start":
		m.reply.named(event.Message.Model)
		u := event.Message.Usage
		// This event has only the first few output tokens: the count is unknown until the end.
		if u.JSON.InputTokens.Valid() {
			m.reply.tokensIn = count(u.InputTokens + u.CacheReadInputTokens + u.CacheCreationInputTokens)
		}
	case "content_block_start":
		block := event.ContentBlock
		if block.Type == "tool_use" {
			m.calls++
		}
		if block.Type == "text" && !m.tool && block.Text != "" {
			return m.reply.write(block.Text)
		}
	case "content_block_delta":
		switch {
		case m.tool && event.Delta.Type == "input_json_delta":
			return m.reply.write(event.Delta.PartialJSON)
		case !m.tool && event.Delta.Type == "text_delta":
			return m.reply.write(event.Delta.Text)
		}
	case "message_delta":
		if event.Delta.StopReason != "" {
			m.stop = event.Delta.StopReason
		}
		u := event.Usage
		if u.JSON.OutputTokens.Valid() {
			m.reply.tokensOut = count(u.OutputTokens)
		}
		// Some servers report the size of the prompt only now.
		if u.JSON.InputTokens.Valid() && u.InputTokens > 0 {
			m.reply.tokensIn = count(u.InputTokens + u.CacheReadInputTokens + u.CacheCreationInputTokens)
		}
	case "message_stop":
		m.stopped = true
	}
	return nil
}

// end checks the message after the stream has ended.
func (m *message) end() error {
	switch {
	case m.stop == anthropic.StopReasonRefusal:
		return refused()
	case m.stop == anthropic.StopReasonMaxTokens, m.stop == anthropic.StopReasonModelContextWindowExceeded:
		return truncated("it reached the token limit")
	case !m.stopped || m.stop == "":
		return truncated("the stream ended early")
	case m.stop == anthropic.StopReasonPauseTurn:
		return truncated("the model paused")
	case m.tool && m.calls != 1:
		return again(models.CodeProviderOutput, "the model did not submit one answer", nil)
	}
	return nil
}
