package results

import "fmt"

// Target is what a figure should come to: by itself, or as a multiple of another.
type Target struct {
	Measure string // in words
	Of      Key
	Against *Key // nil for a target by itself
	AtMost  bool // else at least
	Limit   float64
}

// Verdict is a target held against the figures.
type Verdict struct {
	Target
	Measured  bool    // whether there are figures for it
	Value     Summary // of the figure
	Compared  Summary // of the one that it is compared with
	Reached   float64 // what stands beside the limit: the median, or its ratio
	Met       bool
	Shortfall float64 // how much is missing, as a share of the limit
}

// Judge holds the results against a target. Ratios are of medians.
func (r Results) Judge(a Target) Verdict {
	v := Verdict{Target: a}
	var ok bool
	if v.Value, ok = r.Of(a.Of); !ok {
		return v
	}
	v.Reached = v.Value.Median
	if a.Against != nil {
		if v.Compared, ok = r.Of(*a.Against); !ok || v.Compared.Median == 0 {
			return v
		}
		v.Reached /= v.Compared.Median
	}
	v.Measured = true
	v.Shortfall = (a.Limit - v.Reached) / a.Limit
	if a.AtMost {
		v.Shortfall = -v.Shortfall
	}
	v.Met = v.Shortfall <= 0
	return v
}

// Words says what became of the target.
func (v Verdict) Words() string {
	switch {
	case !v.Measured:
		return "not measured"
	case v.Met:
		return "met"
	case v.AtMost:
		return fmt.Sprintf("**missed**: %.3g × the limit", v.Shortfall+1)
	}
	return fmt.Sprintf("**missed** by %.0f %%", v.Shortfall*100)
}
