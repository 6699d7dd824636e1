package signin

import (
	"bytes"
	"net/http"

	"go.uber.org/zap"

	"github.com/spark-games/spark/models"
)

// show writes a page.
func (a *Area) show(w http.ResponseWriter, status int, page string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, page, data); err != nil {
		a.Log.Error("a page cannot be written", zap.String("page", page), zap.Error(err))
		http.Error(w, "something went wrong on our side", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // an error means that the client has gone
}

// fail shows the safe part of an error, and logs the rest.
func (a *Area) fail(w http.ResponseWriter, r *http.Request, err error) {
	e := models.AsError(err)
	status := statusOf(e.Code)
	log := a.Log.Info
	switch {
	case status == http.StatusServiceUnavailable:
		log = a.Log.Warn
		w.Header().Set("Retry-After", "5")
	case status >= http.StatusInternalServerError:
		log = a.Log.Error
	}
	log("refused at a page", zap.String("path", r.URL.Path), zap.Int("status", status), zap.Error(err))
	a.show(w, status, "error.html", struct{ Message string }{e.Message})
}

func statusOf(code models.Code) int {
	switch code {
	case models.CodeUnauthorized:
		return http.StatusUnauthorized
	case models.CodeForbidden, models.CodeAccountSuspended:
		return http.StatusForbidden
	case models.CodeNotFound:
		return http.StatusNotFound
	case models.CodeConflict:
		return http.StatusConflict
	case models.CodeInvalidRequest:
		return http.StatusBadRequest
	case models.CodeRateLimited:
		return http.StatusTooManyRequests
	case models.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
