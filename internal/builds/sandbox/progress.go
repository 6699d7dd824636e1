package sandbox

import "github.com/spark-games/spark/internal/builds/sandbox/protocol"

// meter passes on an agent's progress reports: a fraction that only rises, and a stage in a few plain words. The zero value
// drops them.
type meter struct {
	tell  func(fraction float64, stage string)
	told  bool
	last  float64
	stage string
}

const (
	// leastProgress is the smallest rise that is passed on without a new stage.
	leastProgress = 0.01
	// maxStage is how much of a stage's name is shown.
	maxStage = 80
)

// step takes an agent's report. A nonsensical one only affects its own job's progress.
func (m *meter) step(s protocol.Step) {
	if m.tell == nil {
		return
	}
	fraction, stage := m.last, clip(s.Stage, maxStage)
	if s.Fraction > fraction { // which no NaN is
		fraction = min(s.Fraction, 1)
	}
	if m.told && stage == m.stage && fraction-m.last < leastProgress {
		return
	}
	m.told, m.last, m.stage = true, fraction, stage
	m.tell(fraction, stage)
}
