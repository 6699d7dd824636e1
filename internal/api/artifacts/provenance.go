package artifacts

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
)

// GetProvenance answers GET /v1/artifacts/{id}/provenance.
func (area *Area) GetProvenance(ctx context.Context, r openapi.GetProvenanceRequestObject) (openapi.GetProvenanceResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	a, err := area.artifact(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	envelope, err := area.Provenance.Attestation(ctx, a.AccountID, a.ID)
	return signed(envelope), err
}

// signed sends an envelope as it was signed, byte for byte.
type signed []byte

// VisitGetProvenanceResponse implements GetProvenanceResponseObject.
func (e signed) VisitGetProvenanceResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/vnd.dsse.envelope.v1+json")
	_, err := w.Write(e)
	return err
}

// signingKeys answers GET /v1/signing-keys, without a key: anyone who has a game may want to check it.
func (area *Area) signingKeys(c *gin.Context) {
	keys, err := area.Provenance.SigningKeys(c.Request.Context())
	if err != nil {
		area.Kernel.Fail(c, err)
		return
	}
	list := openapi.SigningKeyList{Data: make([]openapi.SigningKey, len(keys))}
	for i, k := range keys {
		list.Data[i] = openapi.SigningKey{ID: k.ID, Algorithm: "ed25519", PublicKey: k.PublicKey, CreatedAt: k.CreatedAt.UTC()}
	}
	c.JSON(http.StatusOK, list)
}
