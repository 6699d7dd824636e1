package webhooks

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/api/kernel"
	"github.com/spark-games/spark/internal/api/openapi"
	"github.com/spark-games/spark/internal/webhooks"
)

// defaultOverlap is for how long both secrets sign, unless a request says otherwise.
const defaultOverlap = 24 * time.Hour

// ListWebhookSecrets answers GET /v1/webhooks/endpoints/{id}/secrets.
func (a *Area) ListWebhookSecrets(ctx context.Context, r openapi.ListWebhookSecretsRequestObject) (openapi.ListWebhookSecretsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	all, err := a.Webhooks.Secrets(ctx, account, r.ID)
	if err != nil {
		return nil, err
	}
	return openapi.ListWebhookSecrets200JSONResponse(showSecrets(all)), nil
}

// RotateWebhookSecret answers POST /v1/webhooks/endpoints/{id}/secrets/rotate.
func (a *Area) RotateWebhookSecret(ctx context.Context, r openapi.RotateWebhookSecretRequestObject) (openapi.RotateWebhookSecretResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	if err := knownEndpoint(r.ID); err != nil {
		return nil, err
	}
	fresh, err := a.rotate(ctx, account, r.ID, r.Body)
	if err != nil {
		return nil, err
	}
	return openapi.RotateWebhookSecret201JSONResponse(showSecret(fresh)), nil
}

// ListDefaultWebhookSecrets answers GET /v1/webhooks/secrets.
func (a *Area) ListDefaultWebhookSecrets(ctx context.Context,
	_ openapi.ListDefaultWebhookSecretsRequestObject) (openapi.ListDefaultWebhookSecretsResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	all, err := a.Webhooks.DefaultSecrets(ctx, account)
	if err != nil {
		return nil, err
	}
	return openapi.ListDefaultWebhookSecrets200JSONResponse(showSecrets(all)), nil
}

// RotateDefaultWebhookSecret answers POST /v1/webhooks/secrets/rotate.
func (a *Area) RotateDefaultWebhookSecret(ctx context.Context,
	r openapi.RotateDefaultWebhookSecretRequestObject) (openapi.RotateDefaultWebhookSecretResponseObject, error) {
	ctx, account := kernel.Caller(ctx)
	fresh, err := a.rotate(ctx, account, "", r.Body)
	if err != nil {
		return nil, err
	}
	return openapi.RotateDefaultWebhookSecret201JSONResponse(showSecret(fresh)), nil
}

func (a *Area) rotate(ctx context.Context, account, endpoint string, b *openapi.WebhookRotation) (*webhooks.Secret, error) {
	overlap := defaultOverlap
	if b.OverlapSeconds != nil {
		overlap = time.Duration(*b.OverlapSeconds) * time.Second
	}
	return a.Webhooks.Rotate(ctx, account, endpoint, kernel.OrZero(b.Kind), kernel.OrZero(b.Secret), overlap)
}

func showSecrets(all []webhooks.Secret) openapi.WebhookSecretList {
	data := make([]openapi.WebhookSecret, len(all))
	for i := range all {
		data[i] = showSecret(&all[i])
	}
	return openapi.WebhookSecretList{Data: data}
}

func showSecret(k *webhooks.Secret) openapi.WebhookSecret {
	return openapi.WebhookSecret{ID: k.ID, Kind: k.Kind, Key: k.Verification, CreatedAt: k.CreatedAt.UTC(), ExpiresAt: kernel.UTC(k.ExpiresAt)}
}
