package agent

import (
	"regexp"
	"strconv"

	"github.com/spark-games/spark/engines"
)

// progress reads from what a step prints how far it is. A tool does one task after another and does not say how many will come:
// each is taken for half of what is left of the step.
type progress struct {
	patterns []*regexp.Regexp
	plain    func(line string) string
	tell     func(stage string, fraction float64)

	stage     string
	from, end float64 // of the step, in the job
	task      string
	begins    float64 // where the task does, in the job
	of, done  float64 // parts of the task; none of them is -1
	told      float64
}

// leastProgress is the smallest rise worth a frame. It limits a job to a hundred of them, whatever its tools print.
const leastProgress = 0.01

// newProgress reads lines as plain leaves them: as they are in the log, without places of the machine.
func newProgress(list []engines.Progress, plain func(line string) string, tell func(stage string, fraction float64)) (*progress, error) {
	p := &progress{plain: plain, tell: tell}
	for _, item := range list {
		re, err := regexp.Compile(item.Pattern)
		if err != nil {
			return nil, err
		}
		p.patterns = append(p.patterns, re)
	}
	return p, nil
}

// begin starts a step, which takes the job from one fraction to another.
func (p *progress) begin(stage string, from, end float64) {
	p.stage, p.from, p.end = stage, from, end
	p.task, p.begins, p.of, p.done, p.told = "", from, 0, -1, from
	p.tell(stage, from)
}

// see looks at one line.
func (p *progress) see(line string) {
	if len(p.patterns) == 0 {
		return
	}
	line = p.plain(line)
	for _, re := range p.patterns {
		m := re.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		done, of := -1.0, -1.0
		for i, name := range re.SubexpNames() {
			switch name {
			case "task":
				p.task = m[i]
			case "of":
				of = number(m[i])
			case "done":
				done = number(m[i])
			}
		}
		if of >= 0 && (done < p.done || of != p.of) { // and not the next line of the same task
			p.of, p.begins = of, p.told
		}
		p.reach(done)
		return
	}
}

// reach tells how far the task is, when that is worth it.
func (p *progress) reach(done float64) {
	p.done = done
	if p.of <= 0 || done < 0 {
		return
	}
	at := p.begins + (p.end-p.begins)/2*min(done/p.of, 1)
	if at-p.told < leastProgress {
		return
	}
	p.told = at
	stage := p.stage
	if p.task != "" {
		stage += ": " + p.task
	}
	p.tell(stage, at)
}

// number is a whole number in a tool's words; what is none is 0.
func number(s string) float64 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return float64(n)
}
