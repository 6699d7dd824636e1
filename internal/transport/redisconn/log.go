package redisconn

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

// go-redis has one logger for the whole process, which writes lines of its own to standard error. It is replaced before
// the first connection is made; its messages go to the logger of the last connection that was opened.
var (
	replace sync.Once
	current atomic.Pointer[zap.Logger]
)

func logTo(log *zap.Logger) {
	current.Store(log)
	replace.Do(func() { redis.SetLogger(clientLog{}) })
}

// clientLog implements go-redis' logger.
type clientLog struct{}

// Printf implements go-redis' logger. It has no levels: its messages are about connections that are lost or could not be made,
// or about the features of a server.
func (clientLog) Printf(_ context.Context, format string, args ...any) {
	current.Load().Warn(strings.TrimSpace(fmt.Sprintf(format, args...)))
}
