package store

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/spark-games/spark/models"
)

// A process of which all connections of a kind are in use cannot serve, whichever they are, and says so until one is free.
func TestPingNeedsConnections(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *Store) {
		require.NoError(t, s.Ping(t.Context()))
		for name, db := range map[string]*gorm.DB{"reads": s.db.r, "writes": s.db.w, "queue": s.db.fast} {
			if db == nil {
				continue
			}
			pool, err := db.DB()
			require.NoError(t, err)
			var held []*sql.Conn
			for range pool.Stats().MaxOpenConnections {
				conn, err := pool.Conn(t.Context())
				require.NoError(t, err)
				held = append(held, conn)
			}
			within, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			err = s.Ping(within)
			cancel()
			require.Equal(t, models.CodeUnavailable, models.CodeOf(err), name)
			require.NoError(t, held[0].Close())
			require.NoError(t, s.Ping(t.Context()), name)
			for _, conn := range held[1:] {
				require.NoError(t, conn.Close())
			}
		}
	})
}
