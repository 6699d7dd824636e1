package webhooks

import (
	"context"
	"time"

	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/models"
)

// Secret is one that signs, with what receivers verify with: whsec_… or whpk_….
type Secret struct {
	models.WebhookSecret
	Verification string
}

// newSecret makes a secret of a kind, or takes one that somebody chose.
func (s *Service) newSecret(accountID string, kind models.WebhookSecretKind, chosen string) (*models.WebhookSecret, signature.Key, error) {
	var key signature.Key
	switch kind {
	case "", models.WebhookSymmetric:
		if kind, key = models.WebhookSymmetric, signature.NewSymmetric(); chosen != "" {
			var err error
			if key, err = signature.Parse(chosen); err != nil || key.Asymmetric() {
				return nil, key, models.FieldError("/secret", "a secret is whsec_ and base64 of 24 to 64 bytes")
			}
		}
	case models.WebhookEd25519:
		if key = signature.NewAsymmetric(); chosen != "" {
			return nil, key, models.FieldError("/secret", "the key of ed25519 is made here, so that nobody else has it")
		}
	default:
		return nil, key, models.FieldError("/signing", "it is symmetric or ed25519")
	}
	fresh := &models.WebhookSecret{ID: models.WebhookSecretPrefix + models.NewID(), AccountID: accountID, Kind: kind}
	var err error
	fresh.Sealed, err = s.Sealer.Seal(fresh.ID, key.Bytes())
	return fresh, key, err
}

// Open is what a secret signs with.
func Open(sealer Sealer, k *models.WebhookSecret) (signature.Key, error) {
	raw, err := sealer.Open(k.ID, k.Sealed)
	if err != nil {
		return signature.Key{}, err
	}
	return signature.FromBytes(raw, k.Kind == models.WebhookEd25519)
}

func (s *Service) open(all []models.WebhookSecret) ([]Secret, error) {
	opened := make([]Secret, len(all))
	for i := range all {
		key, err := Open(s.Sealer, &all[i])
		if err != nil {
			return nil, err
		}
		opened[i] = Secret{all[i], key.Verification()}
	}
	return opened, nil
}

// Secrets are those that sign for an endpoint now, newest first.
func (s *Service) Secrets(ctx context.Context, accountID, endpointID string) ([]Secret, error) {
	all, err := s.Endpoints.Secrets(ctx, accountID, endpointID)
	if err != nil {
		return nil, err
	}
	return s.open(all)
}

// DefaultSecrets are those that sign for the URLs of an account's jobs and pipelines. The first is made when it is first needed.
func (s *Service) DefaultSecrets(ctx context.Context, accountID string) ([]Secret, error) {
	fresh, _, err := s.newSecret(accountID, models.WebhookSymmetric, "")
	if err != nil {
		return nil, err
	}
	all, err := s.Endpoints.DefaultSecrets(ctx, fresh)
	if err != nil {
		return nil, err
	}
	return s.open(all)
}

// Rotate replaces the secret of a kind of an endpoint, or the account's default one for "". No kind is that of the newest. Both sign until the overlap
// is over.
func (s *Service) Rotate(ctx context.Context, accountID, endpointID string, kind models.WebhookSecretKind, chosen string,
	overlap time.Duration) (*Secret, error) {
	if overlap < 0 || overlap > maxOverlap {
		return nil, models.FieldError("/overlap_seconds", "is at most 604800, which is seven days")
	}
	if kind == "" && endpointID != "" {
		signing, err := s.Endpoints.Secrets(ctx, accountID, endpointID)
		if err != nil {
			return nil, err
		}
		if len(signing) > 0 {
			kind = signing[0].Kind
		}
	}
	fresh, key, err := s.newSecret(accountID, kind, chosen)
	if err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("webhook_secret", fresh.ID)
	if err := s.Endpoints.RotateSecret(ctx, accountID, endpointID, fresh, overlap); err != nil {
		return nil, err
	}
	return &Secret{*fresh, key.Verification()}, nil
}
