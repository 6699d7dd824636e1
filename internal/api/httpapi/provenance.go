package httpapi

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
)

// GetProvenance answers GET /v1/artifacts/{id}/provenance.
func (s *server) GetProvenance(ctx context.Context, r GetProvenanceRequestObject) (GetProvenanceResponseObject, error) {
	ctx, account := caller(ctx)
	a, err := s.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	envelope, err := s.Provenance.Attestation(ctx, a.ID)
	return signed(envelope), err
}

// signed answers with an envelope as it was signed, byte for byte.
type signed []byte

// VisitGetProvenanceResponse implements GetProvenanceResponseObject.
func (e signed) VisitGetProvenanceResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/vnd.dsse.envelope.v1+json")
	_, err := w.Write(e)
	return err
}

// signingKeys answers GET /v1/signing-keys, to anybody: who has a game may want to know where it comes from.
func (s *server) signingKeys(c *gin.Context) {
	keys, err := s.Provenance.SigningKeys(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	list := SigningKeyList{Data: make([]SigningKey, len(keys))}
	for i, k := range keys {
		list.Data[i] = SigningKey{ID: k.ID, Algorithm: "ed25519", PublicKey: k.PublicKey, CreatedAt: k.CreatedAt.UTC()}
	}
	c.JSON(http.StatusOK, list)
}
