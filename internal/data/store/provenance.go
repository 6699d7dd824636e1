package store

import (
	"context"

	"github.com/spark-games/spark/models"
)

// Provenance is the signed statements of how artifacts were made, and the public keys that verify them.
type Provenance struct{ *db }

// Attestation is the signed statement of how one of the account's artifacts came about, a DSSE envelope in JSON.
func (s *Provenance) Attestation(ctx context.Context, accountID, artifactID string) ([]byte, error) {
	type attestation struct{ Envelope string }
	if err := needAccount(accountID); err != nil {
		return nil, err
	}
	row, err := one[attestation](s.db, s.read(ctx).Where("artifact_id = (SELECT id FROM artifacts WHERE id = ? AND account_id = ?)", artifactID, accountID),
		"provenance: the artifact was made without a signing key")
	if err != nil {
		return nil, err
	}
	return []byte(row.Envelope), nil
}

// SaveSigningKey stores a public key permanently, because the statements that it verifies are kept.
func (s *Provenance) SaveSigningKey(ctx context.Context, k models.SigningKey) error {
	return s.write(ctx, func(tx *tx) error {
		made := tx.Exec("INSERT INTO signing_keys (id, public_key) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", k.ID, k.PublicKey)
		if made.Error != nil || made.RowsAffected == 0 {
			return made.Error
		}
		return tx.record("signing_key.publish", resource{"", "signing_key", k.ID})
	})
}

// SigningKeys are the public keys that the platform signs or has signed with, newest first.
func (s *Provenance) SigningKeys(ctx context.Context) ([]models.SigningKey, error) {
	var rows []models.SigningKey
	return rows, s.wrap(s.read(ctx).Order("created_at DESC, id").Find(&rows).Error)
}
