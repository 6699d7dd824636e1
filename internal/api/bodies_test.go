package api

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// An account whose large bodies come slowly takes the places of no other.
func TestSlowBodiesOfAnAccountLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	a := newTestAPI(t)
	upload := func(n int, text, key string) answer {
		return a.do("POST", fmt.Sprintf("/v1/assets?name=a%d.txt", n), text, "Content-Type: application/octet-stream", bearer(key))
	}
	bodies, refused := make([]*io.PipeWriter, 40), make(chan struct{}, 40)
	ended := make(chan struct{}, 40)
	for i := range bodies {
		var body *io.PipeReader
		body, bodies[i] = io.Pipe()
		go func() {
			defer func() { ended <- struct{}{} }()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf("%s/v1/assets?name=s%d.txt", a.url, i), body)
			if err != nil {
				return
			}
			req.Header.Set("Authorization", "Bearer "+a.key)
			req.Header.Set("Content-Type", "application/octet-stream")
			res, err := a.client.Do(req)
			_ = body.Close()
			if err == nil {
				if res.StatusCode == http.StatusServiceUnavailable {
					refused <- struct{}{}
				}
				_ = res.Body.Close()
			}
		}()
	}
	for range len(bodies) - 8 {
		<-refused
	}
	upload(1, "mine", a.key).problem(503, models.CodeUnavailable)
	upload(1, "another's", a.stranger).want(201)
	for _, b := range bodies {
		_, _ = io.Copy(b, strings.NewReader("the end"))
		_ = b.Close()
	}
	for range bodies {
		<-ended
	}
	require.Empty(t, refused)
	upload(1, "mine", a.key).want(201)
}
