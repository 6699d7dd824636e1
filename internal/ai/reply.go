package ai

import (
	"bytes"
	"math"

	"github.com/spark-games/spark/jobs/generation"
	"github.com/spark-games/spark/models"
)

// reply collects one streamed answer and reports progress.
type reply struct {
	text      bytes.Buffer
	model     string // as the server names it
	tokensIn  *int64
	tokensOut *int64

	scan     pathScanner
	expected float64 // bytes, estimated
	tell     func(generation.Progress)
	fraction float64
	stage    string
}

// Shares of the progress bar: asking, writing, checking.
const (
	writingFrom = 0.05
	writingTo   = 0.95
)

// typicalAnswer is the size in bytes of a small game: the estimate when there is no better one.
const typicalAnswer = 24 << 10

func newReply(req generation.Request, tell func(generation.Progress)) *reply {
	r := &reply{tell: tell, expected: typicalAnswer}
	if r.tell == nil {
		r.tell = func(generation.Progress) {}
	}
	var current int
	for _, f := range req.Files {
		current += len(f.Data)
	}
	if current > 0 { // an edit writes a part of what there is
		r.expected = min(float64(current)/2+2048, 4*typicalAnswer)
	}
	return r
}

// report advances the progress. Steps too small to see are dropped.
func (r *reply) report(fraction float64, stage string) {
	if stage == r.stage && fraction < r.fraction+0.01 {
		return
	}
	r.fraction, r.stage = max(fraction, r.fraction), stage
	r.tell(generation.Progress{Fraction: r.fraction, Stage: stage})
}

// write adds the next piece of the answer.
func (r *reply) write(s string) error {
	if r.text.Len()+len(s) > generation.MaxOutputBytes {
		return again(models.CodeProviderOutput, "the answer is larger than 16 MiB", nil)
	}
	r.text.WriteString(s)
	stage := r.stage
	if p, found := r.scan.feed(s); found {
		stage = "writing a file"
		if models.CheckPath(p) == nil {
			stage = "writing " + p
		}
	} else if r.scan.files == 0 {
		stage = "designing"
	}
	// The progress approaches the end of its share without reaching it, however wrong the estimate was.
	done := 1 - math.Exp(-2*float64(r.text.Len())/r.expected)
	r.report(writingFrom+(writingTo-writingFrom)*done, stage)
	return nil
}

// named keeps the model name that the server reports, if it is one.
func (r *reply) named(model string) {
	if r.model != "" || model == "" || len(model) > 100 {
		return
	}
	for _, c := range []byte(model) {
		if c <= ' ' || c > '~' {
			return
		}
	}
	r.model = model
}

// count accepts a token count unless it is impossible.
func count(n int64) *int64 {
	if n < 0 || n > 1<<40 {
		return nil
	}
	return &n
}
