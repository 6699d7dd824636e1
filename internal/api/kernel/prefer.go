package kernel

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// maxWait is how long a request may wait for something to end.
const maxWait = time.Minute

// PreferredWait is how long a request prefers to wait (RFC 7240, "wait"), 0 if it does not. Other preferences are ignored.
func PreferredWait(ctx context.Context) (time.Duration, error) {
	for _, line := range Request(ctx).Header.Values("Prefer") {
		for one := range strings.SplitSeq(line, ",") {
			one, _, _ = strings.Cut(one, ";") // its parameters
			name, value, _ := strings.Cut(one, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "wait") {
				continue
			}
			n, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
			if wait := time.Duration(n) * time.Second; err == nil && n >= 0 && wait <= maxWait {
				return wait, nil
			}
			return 0, ParameterError("Prefer", "wait is a number of seconds, at most 60")
		}
	}
	return 0, nil
}

// insteadKey is where the answer is that is kept instead of the one that is given.
const insteadKey = "spark.instead"

type instead struct {
	status         int
	location, body string
}

// KeepInstead has a repetition of the request with its idempotency key answered otherwise than the request itself.
func KeepInstead(ctx context.Context, status int, location string, body any) {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return
	}
	if raw, err := json.Marshal(body); err == nil {
		c.Set(insteadKey, instead{status, location, string(raw) + "\n"})
	}
}
