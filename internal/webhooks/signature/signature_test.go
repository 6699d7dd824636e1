package signature_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/webhooks/signature"
	"github.com/spark-games/spark/tests/testenv"
)

// The specification's own example.
func TestTheExampleOfTheSpecification(t *testing.T) {
	t.Parallel()
	key, err := signature.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	header, err := signature.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), key)
	require.NoError(t, err)
	assert.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header)
}

var bodies = []string{`{"type":"job.completed","data":{"name":"Żółw 🐢"}}`, `{}`, `{"a":"` + strings.Repeat("x", 100_000) + `"}`}

// While a key replaces another, a receiver that knows either takes the webhook, whatever else is in the header.
func TestThePublishedGoLibraryTakesWhatIsSigned(t *testing.T) {
	t.Parallel()
	before, after, pair := signature.NewSymmetric(), signature.NewSymmetric(), signature.NewAsymmetric()
	for _, body := range bodies {
		header := make(http.Header)
		require.NoError(t, signature.Headers(header, "msg_1", time.Now(), []byte(body), before, pair, after))
		for _, key := range []signature.Key{before, after} {
			hook, err := standard.NewWebhook(key.Secret())
			require.NoError(t, err)
			require.NoError(t, hook.Verify([]byte(body), header))
			require.Error(t, hook.Verify([]byte(body+" "), header))
		}
		for _, secret := range []string{before.Verification(), after.Verification(), pair.Verification()} {
			require.NoError(t, client.VerifyWebhook(header, []byte(body), secret))
		}
		stranger, err := standard.NewWebhook(signature.NewSymmetric().Secret())
		require.NoError(t, err)
		require.Error(t, stranger.Verify([]byte(body), header))
	}
}

// npm's library for v1. It knows no v1a, nor does any published one, so node's own ed25519 verifies that.
func TestThePublishedNodeLibraryTakesWhatIsSigned(t *testing.T) {
	t.Parallel()
	type hook struct {
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
		Secret  string            `json:"secret"`
		Public  string            `json:"public"`
		Good    bool              `json:"good"`
	}
	var hooks []hook
	for i, body := range bodies {
		shared, old, pair := signature.NewSymmetric(), signature.NewSymmetric(), signature.NewAsymmetric()
		header := make(http.Header)
		require.NoError(t, signature.Headers(header, fmt.Sprintf("msg_%d", i), time.Now(), []byte(body), old, shared, pair))
		headers := map[string]string{}
		for name := range header {
			headers[name] = header.Get(name)
		}
		public := strings.TrimPrefix(pair.Verification(), "whpk_")
		hooks = append(hooks,
			hook{headers, body, shared.Secret(), public, true},
			hook{headers, body, old.Secret(), public, true},
			hook{headers, body + " ", shared.Secret(), public, false})
	}
	input, err := json.Marshal(hooks)
	require.NoError(t, err)
	script, err := filepath.Abs("testdata/verify.cjs")
	require.NoError(t, err)
	node := exec.CommandContext(t.Context(), "node", script)
	node.Dir = testenv.NodeModules(t, "testdata")
	node.Env = append(node.Environ(), "NODE_PATH="+filepath.Join(node.Dir, "node_modules"))
	node.Stdin = bytes.NewReader(input)
	out, err := node.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Equal(t, fmt.Sprintf("%d webhooks as expected\n", len(hooks)), string(out))
}

func TestSecretsComeBack(t *testing.T) {
	t.Parallel()
	for _, key := range []signature.Key{signature.NewSymmetric(), signature.NewAsymmetric()} {
		again, err := signature.Parse(key.Secret())
		require.NoError(t, err)
		assert.Equal(t, key.Secret(), again.Secret())
		assert.Equal(t, key.Verification(), again.Verification())
		stored, err := signature.FromBytes(key.Bytes(), key.Asymmetric())
		require.NoError(t, err)
		assert.Equal(t, key.Secret(), stored.Secret())
		_, err = signature.FromBytes(key.Bytes()[:20], key.Asymmetric())
		require.Error(t, err)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", key, key, key), key.Secret()[7:20])
	}
	pair := signature.NewAsymmetric()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(pair.Secret(), "whsk_"))
	require.NoError(t, err)
	seed, err := signature.Parse("whsk_" + base64.StdEncoding.EncodeToString(raw[:ed25519.SeedSize]))
	require.NoError(t, err)
	assert.Equal(t, pair.Secret(), seed.Secret())
	assert.True(t, pair.Asymmetric())
	assert.NotContains(t, pair.Verification(), pair.Secret()[5:])
}

func TestWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	text := base64.StdEncoding.EncodeToString
	mixed := append(make([]byte, 32), bytes.Repeat([]byte{7}, 32)...)
	for _, secret := range []string{"", "whsec_", "whsec_" + text(make([]byte, 23)), "whsec_" + text(make([]byte, 65)), "whsec_!!!",
		text(make([]byte, 32)), "whsk_" + text(make([]byte, 31)), "whsk_" + text(mixed), "whpk_" + text(make([]byte, 32)), "WHSEC_" + text(make([]byte, 32))} {
		_, err := signature.Parse(secret)
		require.Error(t, err, secret)
	}
	_, err := signature.Sign("a.1", time.Now(), nil, signature.NewSymmetric())
	require.Error(t, err, "the id would be read as something else")
	_, err = signature.Sign("a", time.Now(), nil)
	require.Error(t, err)
	_, err = signature.Sign("a", time.Now(), nil, signature.Key{})
	require.Error(t, err)
}

func FuzzParse(f *testing.F) {
	f.Add(signature.NewSymmetric().Secret())
	f.Add(signature.NewAsymmetric().Secret())
	f.Add("whsk_AAAA")
	f.Fuzz(func(t *testing.T, secret string) {
		key, err := signature.Parse(secret)
		if err != nil {
			return
		}
		again, err := signature.Parse(key.Secret())
		if err != nil || again.Secret() != key.Secret() {
			t.Fatalf("%q does not come back", secret)
		}
		header := make(http.Header)
		if err := signature.Headers(header, "msg", time.Now(), []byte(secret), key); err != nil {
			t.Fatal(err)
		}
		if err := client.VerifyWebhook(header, []byte(secret), key.Verification()); err != nil {
			t.Fatal(err)
		}
	})
}
