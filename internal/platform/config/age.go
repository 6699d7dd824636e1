package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Age is how long something is kept: "30d", or any duration such as "36h"; "0" is for ever.
type Age time.Duration

const day = 24 * time.Hour

// maxAge is far more than anyone needs, and far less than a duration can hold.
const maxAge = 36_500 * day

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Age) UnmarshalText(text []byte) error {
	var d time.Duration
	var err error
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(n) * day
	} else {
		d, err = time.ParseDuration(string(text))
	}
	if err != nil || d < 0 || d > maxAge {
		return fmt.Errorf(`%q is neither a number of days, "30d", nor a duration, "36h"`, text)
	}
	*a = Age(d)
	return nil
}

// MarshalText is the inverse of UnmarshalText.
func (a Age) MarshalText() ([]byte, error) {
	if d := time.Duration(a); d%day != 0 {
		return []byte(d.String()), nil
	}
	return []byte(strconv.FormatInt(int64(time.Duration(a)/day), 10) + "d"), nil
}
