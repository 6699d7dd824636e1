package kernel

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/models"
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
				if c, ok := ctx.(*gin.Context); ok {
					c.Header("Preference-Applied", "wait="+strconv.Itoa(n))
				}
				return wait, nil
			}
			return 0, ParameterError("Prefer", "wait is a number of seconds, at most 60")
		}
	}
	return 0, nil
}

// Where a request with an idempotency key finds what keeps its answer, and whether that was done.
const (
	keeperKey = "spark.keeper"
	keptKey   = "spark.kept"
)

// KeepNow keeps an answer for repetitions of the request with its idempotency key, before the request itself is answered, which may take
// some time and be another answer.
func KeepNow(ctx context.Context, status int, location string, body any) {
	c, ok := ctx.(*gin.Context)
	if !ok {
		return
	}
	keeper, ok := c.Get(keeperKey)
	raw, err := json.Marshal(body)
	if keep, is := keeper.(func(*models.Answer)); ok && is && err == nil {
		c.Set(keptKey, true)
		keep(&models.Answer{Status: status, Location: location, Body: string(raw) + "\n"})
	}
}
