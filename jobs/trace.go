package jobs

import (
	"context"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
)

// A job belongs to the trace of the request that submitted it, as the header traceparent says (W3C Trace Context, level 1). It is kept with the
// job, and its attempts run under it, so that what they call belongs to it, too.

// traceparent is the header of a context's trace; "" if it has none.
func traceparent(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ""
	}
	carrier := make(propagation.MapCarrier)
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// inTrace is a context of the trace that a header names, if it names one.
func inTrace(ctx context.Context, header string) context.Context {
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": header})
}

// traceField is the trace of a context for logs.
func traceField(ctx context.Context) zap.Field {
	if sc := trace.SpanContextFromContext(ctx); sc.IsValid() {
		return zap.String("trace_id", sc.TraceID().String())
	}
	return zap.Skip()
}
