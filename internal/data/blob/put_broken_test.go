package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// A sender that breaks off has not sent a file, whatever its error is: that of an HTTP body wraps io.ErrUnexpectedEOF, as a
// short read does.
func TestPutBrokenOff(t *testing.T) {
	t.Parallel()
	brokenOff := fmt.Errorf("the body broke off: %w", io.ErrUnexpectedEOF)
	for _, size := range []int{0, 5, headBytes - 1, headBytes, headBytes + 1, 2 * headBytes} {
		for _, cause := range []error{brokenOff, io.ErrUnexpectedEOF, errors.New("reset by peer")} {
			f := open(t)
			data := random(size)
			sum := sha256.Sum256(data)
			digest, _, err := f.Put(t.Context(), io.MultiReader(bytes.NewReader(data), iotest.ErrReader(cause)), 4*headBytes)
			require.ErrorIs(t, err, cause, "%d bytes", size)
			require.Empty(t, digest)
			_, err = get(t, f, hex.EncodeToString(sum[:]))
			require.Error(t, err, "%d bytes are stored", size)
		}
	}
}
