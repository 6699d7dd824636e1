package secrets

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

// counts is an observer.
type counts map[string]int

func (c counts) SecretRead(setting string, ok bool) {
	if !ok {
		c[setting]++
	}
}

func refer(source string) Reference {
	return Reference{Setting: "it", Source: source, Secret: models.NewSecret(source)}
}

// mounted is a folder as Kubernetes mounts a secret: files are links through "..data", which is swapped.
func mounted(t *testing.T, version, text string) (folder string, swap func(version, text string)) {
	t.Helper()
	folder = t.TempDir()
	put := func(version, text string) {
		require.NoError(t, os.Mkdir(filepath.Join(folder, version), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, version, "key"), []byte(text), 0o600))
		require.NoError(t, os.Symlink(version, filepath.Join(folder, "..data_tmp")))
		require.NoError(t, os.Rename(filepath.Join(folder, "..data_tmp"), filepath.Join(folder, "..data")))
	}
	put(version, text)
	require.NoError(t, os.Symlink(filepath.Join("..data", "key"), filepath.Join(folder, "key")))
	return folder, put
}

func TestFilesAreFollowed(t *testing.T) {
	t.Parallel()
	folder, swap := mounted(t, "..1", "first\n")
	failed := make(counts)
	var changed []string
	ref := refer("file://" + filepath.Join(folder, "key"))
	holder := ref.Secret // a copy, as a part of the program has it
	k, err := Open(t.Context(), []Reference{ref}, Options{Observer: failed, Changed: func(s string) { changed = append(changed, s) }})
	require.NoError(t, err)
	require.Equal(t, "first", holder.Reveal())

	now := time.Now()
	later := func() { now = now.Add(time.Hour); k.refresh(t.Context(), now) }
	later()
	require.Empty(t, changed)
	swap("..2", "second\r\n")
	k.refresh(t.Context(), time.Time{})
	require.Equal(t, "first", holder.Reveal(), "it is not due")
	later()
	require.Equal(t, "second", holder.Reveal())
	require.Equal(t, []string{"it"}, changed)

	require.NoError(t, os.Remove(filepath.Join(folder, "..data")))
	later()
	swap("..3", "  \n")
	later()
	swap("..4", "a\x00b")
	later()
	swap("..5", strings.Repeat("a", maxSecret+1))
	later()
	require.Equal(t, "second", holder.Reveal(), "what cannot be read keeps its last value")
	require.Equal(t, 4, failed["it"])
	swap("..6", "third")
	later()
	require.Equal(t, "third", holder.Reveal())
}

func TestStartNeedsAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Open(t.Context(), []Reference{refer("file://" + dir), refer("file:///no/such/file"), refer("gopher://x#y"), refer("vault://a/b")},
		Options{Vault: VaultOptions{Addr: "http://127.0.0.1:1", Token: models.NewSecret("t")}})
	require.ErrorContains(t, err, "it is no regular file")
	require.ErrorContains(t, err, "it: the secret in file:///no/such/file cannot be read")
	require.ErrorContains(t, err, `no secrets are kept in "gopher"`)
	require.ErrorContains(t, err, "connection refused")
}

func TestRunEnds(t *testing.T) {
	t.Parallel()
	k, err := Open(t.Context(), nil, Options{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	k.Run(ctx)
}

// fakeVault speaks the part of Vault's API that is used, and nothing else, as its documentation has it.
type fakeVault struct {
	t  *testing.T
	mu sync.Mutex
	// tokens are those that are accepted.
	tokens map[string]bool
	logins int
	text   string
	down   bool
}

func (f *fakeVault) set(do func()) { f.mu.Lock(); defer f.mu.Unlock(); do() }

func (f *fakeVault) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	type object = map[string]any
	if f.down {
		answer(503, object{"errors": []string{"Vault is sealed"}})
		return
	}
	if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/login") {
		var in map[string]string
		raw, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(raw, &in)
		switch {
		case r.Header.Get("X-Vault-Token") != "":
			answer(400, object{"errors": []string{"a token to sign in"}})
		case r.URL.Path == "/v1/auth/kubernetes/login" && in["jwt"] == "jwt" && in["role"] == "spark",
			r.URL.Path == "/v1/auth/mine/login" && in["role_id"] == "r" && in["secret_id"] == "s":
			f.logins++
			token := "t" + strings.Repeat("+", f.logins)
			f.tokens[token] = true
			answer(200, object{"auth": object{"client_token": token, "lease_duration": 600, "renewable": true}})
		default:
			answer(403, object{"errors": []string{"permission denied"}})
		}
		return
	}
	if !f.tokens[r.Header.Get("X-Vault-Token")] || r.Header.Get("X-Vault-Request") != "true" || r.Header.Get("X-Vault-Namespace") != "team" {
		answer(403, object{"errors": []string{"permission denied"}})
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /v1/auth/token/lookup-self":
		answer(200, object{"data": object{"renewable": true, "ttl": 600}})
	case "PUT /v1/auth/token/renew-self":
		answer(200, object{"auth": object{"client_token": r.Header.Get("X-Vault-Token"), "lease_duration": 600, "renewable": true}})
	case "GET /v1/sys/internal/ui/mounts/secret/spark/app", "GET /v1/sys/internal/ui/mounts/secret/none":
		answer(200, object{"data": object{"path": "secret/", "type": "kv", "options": object{"version": "2"}}})
	case "GET /v1/sys/internal/ui/mounts/old/spark":
		answer(200, object{"data": object{"path": "old/", "type": "kv", "options": object{"version": "1"}}})
	case "GET /v1/secret/data/spark/app":
		answer(200, object{"data": object{"data": object{"key": f.text, "number": 5}, "metadata": object{"version": 3, "created_time": "2026-01-02T03:04:05Z"}}})
	case "GET /v1/old/spark":
		answer(200, object{"lease_duration": 60, "data": object{"key": f.text}})
	default:
		answer(404, object{"errors": []string{}})
	}
}

func startVault(t *testing.T) (*fakeVault, VaultOptions) {
	t.Helper()
	f := &fakeVault{t: t, tokens: map[string]bool{"root": true}, text: "hunter2"}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return f, VaultOptions{Addr: s.URL, Namespace: "team", Token: models.NewSecret("root")}
}

func TestVault(t *testing.T) {
	t.Parallel()
	f, o := startVault(t)
	v2, v1 := refer("vault://secret/spark/app#key"), refer("vault://old/spark#key")
	failed := make(counts)
	k, err := Open(t.Context(), []Reference{v2, v1}, Options{Vault: o, Observer: failed})
	require.NoError(t, err)
	require.Equal(t, "hunter2", v2.Secret.Reveal())
	require.Equal(t, "hunter2", v1.Secret.Reveal())
	require.LessOrEqual(t, time.Until(k.entries[1].due), 40*time.Second, "a lease is read before it ends")
	require.Greater(t, time.Until(k.entries[0].due), 3*time.Minute)

	f.set(func() { f.text = "hunter3"; f.down = true })
	now := time.Now().Add(time.Hour)
	k.refresh(t.Context(), now)
	require.Equal(t, "hunter2", v2.Secret.Reveal())
	require.Equal(t, 2, failed["it"])
	require.Less(t, time.Until(k.entries[0].due), 80*time.Second, "after a failure it is read again soon")
	f.set(func() { f.down = false })
	k.refresh(t.Context(), now)
	require.Equal(t, "hunter3", v2.Secret.Reveal())

	for source, want := range map[string]string{"vault://secret/spark/app#none": `it has no field "none"`, "vault://secret/spark/app#number": `its field "number" is no text`,
		"vault://secret/none#key": "secret not found", "vault://nowhere/x#key": "there is no engine at this path"} {
		_, err := Open(t.Context(), []Reference{refer(source)}, Options{Vault: o})
		require.ErrorContains(t, err, want, source)
		require.NotContains(t, err.Error(), "hunter")
	}
	o.Token = models.NewSecret("wrong")
	_, err = Open(t.Context(), []Reference{refer("vault://old/spark#key")}, Options{Vault: o})
	require.ErrorContains(t, err, "permission denied")
	require.NotContains(t, err.Error(), "wrong")
}

// A token that was given by a sign-in is replaced when it does not work any more.
func TestVaultSignsInAgain(t *testing.T) {
	t.Parallel()
	jwt := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(jwt, []byte("jwt\n"), 0o600))
	for name, method := range map[string]func(*VaultOptions){
		"kubernetes": func(o *VaultOptions) { o.Auth, o.Role, o.JWTFile = "kubernetes", "spark", jwt },
		"approle": func(o *VaultOptions) {
			o.Auth, o.Mount, o.RoleID, o.SecretID = "approle", "mine", "r", models.NewSecret("s")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, o := startVault(t)
			o.Token = models.Secret{}
			method(&o)
			ref := refer("vault://secret/spark/app#key")
			k, err := Open(t.Context(), []Reference{ref}, Options{Vault: o})
			require.NoError(t, err)
			f.set(func() { f.tokens = map[string]bool{}; f.text = "hunter3" })
			now := time.Now().Add(time.Hour)
			k.refresh(t.Context(), now)
			require.Equal(t, "hunter2", ref.Secret.Reveal(), "the token was revoked")
			k.refresh(t.Context(), now)
			require.Equal(t, "hunter3", ref.Secret.Reveal())
			require.Equal(t, 2, f.logins)
		})
	}
}

// The real one, when there is an address: a secret at secret/spark with the field key.
func TestRealVault(t *testing.T) {
	if os.Getenv("SPARK_TEST_VAULT") == "" {
		t.Skip("SPARK_TEST_VAULT is not the address of a Vault")
	}
	ref := refer("vault://secret/spark#key")
	_, err := Open(t.Context(), []Reference{ref}, Options{Vault: VaultOptions{Addr: os.Getenv("SPARK_TEST_VAULT")}})
	require.NoError(t, err)
	require.NotEqual(t, ref.Source, ref.Secret.Reveal())
}

// fakeAWS speaks GetSecretValue of Secrets Manager's JSON protocol, and checks that requests are signed for it.
func fakeAWS(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ SecretId string }
		raw, _ := io.ReadAll(r.Body)
		authorization := r.Header.Get("Authorization")
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if r.Method != http.MethodPost || r.URL.Path != "/" || r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" || json.Unmarshal(raw, &in) != nil ||
			!strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 Credential=AKID/") || !strings.Contains(authorization, "/eu-test-1/secretsmanager/aws4_request") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"IncompleteSignature"}`))
			return
		}
		switch in.SecretId {
		case "spark/app", "arn:aws:secretsmanager:eu-test-1:1:secret:app":
			_, _ = w.Write([]byte(`{"ARN":"a","Name":"n","VersionId":"v","SecretString":"{\"key\":\"hunter2\",\"number\":5}"}`))
		case "binary":
			_, _ = w.Write([]byte(`{"Name":"n","SecretBinary":"aGk="}`))
		case "text":
			_, _ = w.Write([]byte(`{"Name":"n","SecretString":"hunter2 {"}`))
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}`))
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestSecretsManager(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKID")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	o := Options{AWS: AWSOptions{Region: "eu-test-1", Endpoint: fakeAWS(t)}}
	for source, want := range map[string]string{"awssm://spark/app#key": "hunter2", "awssm://text": "hunter2 {",
		"awssm://arn:aws:secretsmanager:eu-test-1:1:secret:app#key": "hunter2"} {
		ref := refer(source)
		_, err := Open(t.Context(), []Reference{ref}, o)
		require.NoError(t, err, source)
		require.Equal(t, want, ref.Secret.Reveal())
	}
	for source, want := range map[string]string{"awssm://none": "can't find the specified secret", "awssm://binary": "it is binary",
		"awssm://text#key": "it is no JSON object", "awssm://spark/app#number": "is no text", "awssm://spark/app#none": `it has no field "none"`} {
		_, err := Open(t.Context(), []Reference{refer(source)}, o)
		require.ErrorContains(t, err, want, source)
		require.NotContains(t, err.Error(), "hunter")
	}
}
