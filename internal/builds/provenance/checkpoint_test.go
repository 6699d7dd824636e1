package provenance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func newTestSigner(t testing.TB) *Signer {
	t.Helper()
	key, err := NewKey()
	require.NoError(t, err)
	s, err := NewSigner(key, Builder{})
	require.NoError(t, err)
	return s
}

// A checkpoint is what was signed, by a key that is trusted, as a checkpoint.
func TestCheckpoint(t *testing.T) {
	t.Parallel()
	s, other := newTestSigner(t), newTestSigner(t)
	c := models.Checkpoint{AccountID: "a", Sequence: 7, Hash: "abc", At: time.Unix(1, 0).UTC()}
	signed, err := s.Checkpoint(t.Context(), c)
	require.NoError(t, err)
	got, err := OpenCheckpoint(signed, []PublicKey{other.Public(), s.Public()})
	require.NoError(t, err)
	require.Equal(t, c, got)

	_, err = OpenCheckpoint(signed, []PublicKey{other.Public()})
	require.ErrorIs(t, err, ErrUnknownKey)
	_, err = OpenCheckpoint(signed, nil)
	require.ErrorIs(t, err, ErrUnknownKey)
	another, err := s.sign(t.Context(), PayloadType, []byte(`{"account_id":"a","sequence":7,"hash":"abc"}`))
	require.NoError(t, err)
	_, err = OpenCheckpoint(another, []PublicKey{s.Public()})
	require.ErrorIs(t, err, ErrUnsupported)
	_, err = Open(signed, []PublicKey{s.Public()})
	require.ErrorIs(t, err, ErrUnsupported, "nor is it a statement of an artifact")
	for _, payload := range []string{`{}`, `[]`, `{"account_id":"a","sequence":0,"hash":"x"}`, `{"account_id":"a","sequence":1,"hash":"x","more":1}`} {
		bad, err := s.sign(t.Context(), CheckpointType, []byte(payload))
		require.NoError(t, err)
		_, err = OpenCheckpoint(bad, []PublicKey{s.Public()})
		require.ErrorIs(t, err, ErrMalformed, payload)
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	s := newTestSigner(f)
	signed, err := s.Checkpoint(f.Context(), models.Checkpoint{AccountID: "a", Sequence: 7, Hash: "abc"})
	require.NoError(f, err)
	f.Add(signed)
	f.Add([]byte(`{"payloadType":"x","payload":"eyJ9","signatures":[{"sig":"eA=="}]}`))
	f.Fuzz(func(t *testing.T, envelope []byte) {
		c, err := OpenCheckpoint(envelope, []PublicKey{s.Public()})
		if err == nil && (c.AccountID != "a" || c.Sequence != 7 || c.Hash != "abc") {
			t.Errorf("forged: %+v", c)
		}
	})
}
