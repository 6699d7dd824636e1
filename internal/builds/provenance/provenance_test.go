package provenance

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func newSigner(t testing.TB) *Signer {
	t.Helper()
	key, err := NewKey()
	require.NoError(t, err)
	s, err := NewSigner(key, Builder{Version: map[string]string{"spark": "v1.2.3"}})
	require.NoError(t, err)
	return s
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

// sum is a digest that names something.
func sum(of string) string { return of + zeros[len(of):] }

func build() models.Provenance {
	m := models.Manifest{{Path: "assets/a!/b.png", SHA256: sum("b"), Size: 2}, {Path: "index.html", SHA256: sum("a"), Size: 1}}
	return models.Provenance{
		Artifact:           &models.Artifact{ID: "artifact", JobID: "job", Kind: models.ArtifactBuild, Manifest: m, Digest: m.Digest()},
		ExternalParameters: map[string]any{"engine": "phaser", "title": "Fox <&> \"ü\""},
		InternalParameters: map[string]any{"cached": false, "limits": map[string]any{"outputFiles": 1000}},
		ResolvedDependencies: append(models.ResolvedDependenciesOf("revision", "spark:revision:r", models.Manifest{{Path: "src/main.js", SHA256: sum("c")}}),
			models.ResolvedDependency{Name: "image", SHA256: sum("d")}),
		StartedAt: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), FinishedAt: time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC),
	}
}

func export() models.Provenance {
	p := build()
	p.Contents = p.Artifact.Manifest
	m := models.Manifest{{Path: "fox.zip", SHA256: sum("e"), Size: 9}}
	p.Artifact = &models.Artifact{ID: "export", JobID: "job 2", Kind: models.ArtifactExport, Manifest: m, Digest: m.Digest()}
	return p
}

func attest(t testing.TB, s *Signer, p models.Provenance) []byte {
	t.Helper()
	envelope, err := s.Attest(t.Context(), p)
	require.NoError(t, err)
	return envelope
}

func TestWhatIsSignedIsWhatIsRead(t *testing.T) {
	t.Parallel()
	s, p := newSigner(t), build()
	got, err := Open(attest(t, s, p), []PublicKey{newSigner(t).Public(), s.Public()})
	require.NoError(t, err)
	require.Equal(t, &Statement{
		KeyID: s.Public().ID, Files: map[string]string{"assets/a!/b.png": sum("b"), "index.html": sum("a")}, Contents: map[string]string{},
		Manifest: p.Artifact.Digest, BuildType: BuildType, Builder: DefaultBuilder, Version: map[string]string{"spark": "v1.2.3"},
		Invocation: "job", StartedAt: p.StartedAt, FinishedAt: p.FinishedAt, ExternalParameters: p.ExternalParameters,
		InternalParameters:   map[string]any{"cached": false, "adapterVersion": "v1.2.3", "limits": map[string]any{"outputFiles": 1000.0}},
		ResolvedDependencies: p.ResolvedDependencies,
	}, got)
	require.NotContains(t, p.InternalParameters, "adapterVersion", "the caller's facts are left alone")

	got, err = Open(attest(t, s, export()), []PublicKey{s.Public()})
	require.NoError(t, err)
	require.Equal(t, ExportType, got.BuildType)
	require.Equal(t, map[string]string{"fox.zip": sum("e")}, got.Files)
	require.Equal(t, map[string]string{"assets/a!/b.png": sum("b"), "index.html": sum("a")}, got.Contents)
}

// The statement has the form of in-toto and SLSA.
func TestStatementIsOfItsStandard(t *testing.T) {
	t.Parallel()
	var e dsse.Envelope
	require.NoError(t, json.Unmarshal(attest(t, newSigner(t), build()), &e))
	require.Equal(t, "application/vnd.in-toto+json", e.PayloadType)
	payload, err := e.DecodeB64Payload()
	require.NoError(t, err)
	var s struct {
		Type          string `json:"_type"`
		PredicateType string
		Subject       []struct {
			Name   string
			Digest map[string]string
		}
		Predicate struct {
			BuildDefinition struct {
				BuildType                              string
				ExternalParameters, InternalParameters map[string]any
				ResolvedDependencies                   []map[string]any
			}
			RunDetails struct {
				Builder  struct{ ID string }
				Metadata map[string]string
			}
		}
	}
	require.NoError(t, json.Unmarshal(payload, &s))
	require.Equal(t, "https://in-toto.io/Statement/v1", s.Type)
	require.Equal(t, "https://slsa.dev/provenance/v1", s.PredicateType)
	require.Len(t, s.Subject, 3)
	require.Equal(t, sum("b"), s.Subject[0].Digest["sha256"])
	require.Equal(t, "phaser", s.Predicate.BuildDefinition.ExternalParameters["engine"])
	require.Len(t, s.Predicate.BuildDefinition.ResolvedDependencies, 3)
	require.Equal(t, map[string]string{"invocationId": "job", "startedOn": "2026-01-02T03:04:05.000006Z", "finishedOn": "2026-01-02T03:04:06Z"}, s.Predicate.RunDetails.Metadata)
}

func TestForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	s, other := newSigner(t), newSigner(t)
	good := attest(t, s, build())
	change := func(f func(e *dsse.Envelope)) []byte {
		var e dsse.Envelope
		require.NoError(t, json.Unmarshal(good, &e))
		f(&e)
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		return raw
	}
	resigned := func(payloadType, payload string) []byte {
		raw, err := s.sign(t.Context(), payloadType, []byte(payload))
		require.NoError(t, err)
		return raw
	}
	payload := func() string {
		var e dsse.Envelope
		require.NoError(t, json.Unmarshal(good, &e))
		raw, err := e.DecodeB64Payload()
		require.NoError(t, err)
		return string(raw)
	}()
	replaced := func(from, to string) []byte {
		require.Contains(t, payload, from)
		return resigned(PayloadType, strings.Replace(payload, from, to, 1))
	}
	for name, tt := range map[string]struct {
		envelope []byte
		keys     []PublicKey
		want     error
	}{
		"nothing":             {nil, nil, ErrMalformed},
		"no JSON":             {[]byte("PK"), nil, ErrMalformed},
		"an array":            {[]byte("[]"), nil, ErrMalformed},
		"an empty object":     {[]byte("{}"), nil, ErrMalformed},
		"something after it":  {append(bytes.Clone(good), "{}"...), nil, ErrMalformed},
		"too large":           {make([]byte, maxEnvelope+1), nil, ErrMalformed},
		"no signature":        {change(func(e *dsse.Envelope) { e.Signatures = nil }), nil, ErrMalformed},
		"many signatures":     {change(func(e *dsse.Envelope) { e.Signatures = make([]dsse.Signature, 100) }), nil, ErrMalformed},
		"another key":         {good, []PublicKey{other.Public()}, ErrUnknownKey},
		"no key":              {good, []PublicKey{}, ErrUnknownKey},
		"another's signature": {change(func(e *dsse.Envelope) { e.Signatures[0].KeyID = other.Public().ID }), []PublicKey{other.Public()}, ErrSignature},
		"a nameless one's":    {change(func(e *dsse.Envelope) { e.Signatures[0].KeyID = "" }), []PublicKey{other.Public()}, ErrSignature},
		"a changed statement": {change(func(e *dsse.Envelope) {
			e.Payload = base64.StdEncoding.EncodeToString([]byte(strings.Replace(payload, sum("a"), sum("f"), 1)))
		}), nil, ErrSignature},
		"a changed type":     {change(func(e *dsse.Envelope) { e.PayloadType = "text/plain" }), nil, ErrSignature},
		"an empty signature": {change(func(e *dsse.Envelope) { e.Signatures[0].Sig = "" }), nil, ErrSignature},
		"a broken signature": {change(func(e *dsse.Envelope) { e.Signatures[0].Sig = "!" }), nil, ErrSignature},
		"a broken payload":   {change(func(e *dsse.Envelope) { e.Payload = "!" }), nil, ErrSignature},
		"another content":    {resigned("text/plain", payload), nil, ErrUnsupported},
		"no statement":       {resigned(PayloadType, "[]"), nil, ErrMalformed},
		"another predicate":  {replaced("slsa.dev/provenance/v1", "slsa.dev/provenance/v9"), nil, ErrUnsupported},
		"another build type": {replaced("#build-v1", "#build-v9"), nil, ErrUnsupported},
		"a short digest":     {replaced(sum("a"), "aa"), nil, ErrMalformed},
		"no SHA-256":         {replaced(`"sha256"`, `"sha512_256"`), nil, ErrMalformed},
		"a hostile name":     {replaced("index.html", "../index.html"), nil, ErrMalformed},
		"one name twice":     {replaced("index.html", "assets/a!/b.png"), nil, ErrMalformed},
		"two manifests":      {replaced("index.html", ManifestSubject), nil, ErrMalformed},
		"no manifest":        {replaced(ManifestSubject, "manifest"), nil, ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keys := tt.keys
			if keys == nil {
				keys = []PublicKey{s.Public()}
			}
			got, err := Open(tt.envelope, keys)
			require.ErrorIs(t, err, tt.want)
			require.Nil(t, got)
		})
	}
	_, err := Open(change(func(e *dsse.Envelope) { e.Signatures[0].KeyID = "" }), []PublicKey{other.Public(), s.Public()})
	require.NoError(t, err, "a key's id is a hint")
}

func TestFilesAreCompared(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	open := func(p models.Provenance) *Statement {
		got, err := Open(attest(t, s, p), []PublicKey{s.Public()})
		require.NoError(t, err)
		return got
	}
	built, zipped := open(build()), open(export())
	whole := map[string]string{"assets/a!/b.png": sum("b"), "index.html": sum("a")}
	require.NoError(t, built.CheckFiles(whole))
	require.NoError(t, built.CheckFolder(whole))
	require.NoError(t, zipped.CheckFolder(whole))
	require.Error(t, zipped.CheckFiles(whole), "they are in the zip")
	require.NoError(t, zipped.CheckOne("renamed.zip", sum("e")))
	for name, tt := range map[string]struct {
		change func(m map[string]string)
		want   MismatchError
		text   string
	}{
		"changed": {func(m map[string]string) { m["index.html"] = sum("b") }, MismatchError{Changed: []string{"index.html"}}, `changed: "index.html"`},
		"missing": {func(m map[string]string) { delete(m, "index.html") }, MismatchError{Missing: []string{"index.html"}}, `missing: "index.html"`},
		"extra":   {func(m map[string]string) { m["x\x1b"] = "" }, MismatchError{Extra: []string{"x\x1b"}}, `not part of it: "x\x1b"`},
		"renamed": {func(m map[string]string) { m["x"] = m["index.html"]; delete(m, "index.html") }, MismatchError{Missing: []string{"index.html"}, Extra: []string{"x"}}, "; not part"},
		"nothing": {func(m map[string]string) { clear(m) }, MismatchError{Missing: []string{"assets/a!/b.png", "index.html"}}, "missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := maps.Clone(whole)
			tt.change(found)
			for _, err := range []error{built.CheckFiles(found), zipped.CheckFolder(found)} {
				var got *MismatchError
				require.ErrorAs(t, err, &got)
				require.Equal(t, &tt.want, got)
				require.Contains(t, err.Error(), tt.text)
			}
		})
	}
	require.ErrorContains(t, zipped.CheckOne("fox.zip", sum("a")), `changed: "fox.zip"`)
	require.ErrorContains(t, built.CheckOne("fox.zip", sum("a")), "of 2 files")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	one, two := newSigner(t), newSigner(t)
	var text string
	for _, s := range []*Signer{one, two} {
		p, err := s.Public().PEM()
		require.NoError(t, err)
		text += p
	}
	keys, err := ParsePublicKeys([]byte("\n" + text))
	require.NoError(t, err)
	require.Equal(t, []PublicKey{one.Public(), two.Public()}, keys)

	private, err := NewKey()
	require.NoError(t, err)
	foreign, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&foreign.PublicKey)
	require.NoError(t, err)
	for _, bad := range []string{"", "x", string(private), text + "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))} {
		_, err := ParsePublicKeys([]byte(bad))
		require.Error(t, err, bad)
		_, err = NewSigner([]byte(text+bad), Builder{})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "MC4C") // how private keys begin
	}
	der, err = x509.MarshalPKCS8PrivateKey(foreign)
	require.NoError(t, err)
	_, err = NewSigner(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), Builder{})
	require.ErrorContains(t, err, "ed25519")
}

// nodeVerify checks an envelope without this program: with Node's crypto, and DSSE's encoding written out.
const nodeVerify = `
const fs = require("fs"), crypto = require("crypto");
const e = JSON.parse(fs.readFileSync(process.argv[1])), key = crypto.createPublicKey(fs.readFileSync(process.argv[2]));
const body = Buffer.from(e.payload, "base64");
const pae = Buffer.concat([Buffer.from("DSSEv1 " + e.payloadType.length + " " + e.payloadType + " " + body.length + " "), body]);
const id = crypto.createHash("sha256").update(key.export({ type: "spki", format: "der" })).digest("hex");
const ok = id === e.signatures[0].keyid && crypto.verify(null, pae, key, Buffer.from(e.signatures[0].sig, "base64"));
process.exit(ok ? 0 : 9);
`

// The signature follows the standard: another implementation verifies it, and for no other content.
func TestAnotherImplementationVerifies(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	require.NoError(t, err)
	s := newSigner(t)
	dir := t.TempDir()
	envelope, key := filepath.Join(dir, "envelope"), filepath.Join(dir, "key")
	text, err := s.Public().PEM()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(key, []byte(text), 0o600))
	check := func(raw []byte) error {
		require.NoError(t, os.WriteFile(envelope, raw, 0o600))
		return exec.CommandContext(t.Context(), node, "-e", nodeVerify, envelope, key).Run()
	}
	good := attest(t, s, build())
	require.NoError(t, check(good))
	var exit *exec.ExitError
	require.True(t, errors.As(check(bytes.Replace(good, []byte("vnd.in-toto"), []byte("vnd.in-tota"), 1)), &exit))
	require.Equal(t, 9, exit.ExitCode())
}

// Any input is either an envelope that the key has signed, or refused.
func FuzzOpen(f *testing.F) {
	s := newSigner(f)
	good := attest(f, s, build())
	f.Add(good)
	f.Add([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"keyid":"","sig":"AAAA"}]}`))
	f.Add([]byte(`{"signatures":[{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := Open(raw, []PublicKey{s.Public()})
		if err == nil && got.Manifest != build().Artifact.Digest {
			t.Errorf("believed: %s", raw)
		}
		if err != nil && got != nil {
			t.Error("both")
		}
	})
}

// The payload is verified before it is read, but is still read with care: other programs may have the key.
func FuzzRead(f *testing.F) {
	for _, p := range []models.Provenance{build(), export()} {
		raw, err := newStatement(p, Builder{ID: DefaultBuilder})
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Add([]byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":""}}],"predicate":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := read(raw)
		if err != nil {
			return
		}
		for name := range s.Files {
			if models.CheckPath(name) != nil {
				t.Errorf("%q", name)
			}
		}
		if len(s.Files) == 0 || s.Manifest == "" || s.Builder == "" {
			t.Errorf("%+v", s)
		}
	})
}
