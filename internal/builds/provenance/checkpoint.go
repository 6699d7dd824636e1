package provenance

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/spark-games/spark/models"
)

// CheckpointType is what an envelope with a checkpoint of the audit holds. It is part of what is signed, so that no other statement passes as one.
const CheckpointType = "application/vnd.spark.audit-checkpoint+json"

// maxCheckpoint limits an envelope with a checkpoint, in bytes.
const maxCheckpoint = 16 << 10

// Checkpoint signs a checkpoint of the audit.
func (s *Signer) Checkpoint(ctx context.Context, c models.Checkpoint) ([]byte, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return s.sign(ctx, CheckpointType, payload)
}

// OpenCheckpoint verifies the envelope of a checkpoint with the trusted keys, and reads it. The error is one of those of Open, with details.
func OpenCheckpoint(envelope []byte, keys []PublicKey) (c models.Checkpoint, err error) {
	if len(envelope) > maxCheckpoint {
		return c, fmt.Errorf("%w: it is larger than 16 KiB", ErrMalformed)
	}
	var e dsse.Envelope
	if err := json.Unmarshal(envelope, &e); err != nil {
		return c, fmt.Errorf("%w: it is not an envelope in JSON", ErrMalformed)
	}
	payload, _, err := verify(&e, keys)
	if err != nil {
		return c, err
	}
	if e.PayloadType != CheckpointType {
		return c, fmt.Errorf("%w: the envelope holds %.80q", ErrUnsupported, e.PayloadType)
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil || c.AccountID == "" || c.Sequence <= 0 || c.Hash == "" {
		return models.Checkpoint{}, fmt.Errorf("%w: it contains no checkpoint", ErrMalformed)
	}
	return c, nil
}
