package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// spark runs one command against a server, and returns its exit code and its output.
func (c client) spark(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	p := start(t, "spark", args, []string{"SPARK_SERVER=" + c.url, "SPARK_KEY=" + c.key})
	code = p.exit(t, time.Minute)
	return code, p.said()
}

// statement is the part of a provenance statement that the tests read.
type statement struct {
	Subject []struct {
		Name   string
		Digest struct{ SHA256 string }
	}
	Predicate struct {
		BuildDefinition struct {
			BuildType                              string
			ExternalParameters, InternalParameters map[string]any
			ResolvedDependencies                   []struct {
				Name, URI string
				Digest    struct{ SHA256 string }
			}
		}
		RunDetails struct {
			Builder  struct{ ID string }
			Metadata struct{ InvocationID, StartedOn, FinishedOn string }
		}
	}
}

// provenance is an artifact's envelope and its statement.
func (c client) provenance(t *testing.T, artifactID string) (envelope []byte, s statement) {
	t.Helper()
	a := c.get(t, "/v1/artifacts/"+artifactID+"/provenance").want(200)
	require.Equal(t, "application/vnd.dsse.envelope.v1+json", a.header.Get("Content-Type"))
	payload, err := base64.StdEncoding.DecodeString(read[struct{ Payload string }](a).Payload)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(payload, &s))
	return a.body, s
}

const verifyWithNode = `
const fs = require("fs"), crypto = require("crypto"), e = JSON.parse(fs.readFileSync(process.argv[1]));
const body = Buffer.from(e.payload, "base64");
const pae = Buffer.concat([Buffer.from("DSSEv1 " + e.payloadType.length + " " + e.payloadType + " " + body.length + " "), body]);
process.exit(crypto.verify(null, pae, fs.readFileSync(process.argv[2]), Buffer.from(e.signatures[0].sig, "base64")) ? 0 : 9);`

// Every artifact has a signed statement of how it was made; verify accepts it, and nothing that was tampered with.
func TestProvenance(t *testing.T) {
	t.Parallel()
	d := startDev(t, filepath.Join(t.TempDir(), "data"))
	project := d.newProject(t, "Signed", "phaser")
	secret := "a platformer about a confidential fox"
	p := d.await(t, d.submit(t, project.ID,
		step{"kind": "generation", "input": step{"prompt": secret, "seed": 7}},
		step{"name": "release", "kind": "build", "input": step{"mode": "release"}},
		step{"name": "zip", "kind": "export", "input": step{"format": "zip"}},
		step{"name": "html", "kind": "export", "input": step{"format": "html"}, "after": []string{"release"}},
		step{"name": "again", "kind": "build", "input": step{"mode": "release"}, "after": []string{"release"}}).ID, jobWithin).succeed(t)
	artifactOf := func(i int) string { return p.Jobs[i].Output["artifact_id"].(string) }
	build, zipped, page, cached := artifactOf(1), artifactOf(2), artifactOf(3), artifactOf(4)
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}

	envelope, s := d.provenance(t, build)
	require.NotContains(t, string(envelope), "confidential")
	def, run := s.Predicate.BuildDefinition, s.Predicate.RunDetails
	revision := p.Jobs[0].Output["revision_id"].(string)
	require.Equal(t, revision, def.ExternalParameters["revision"])
	require.Equal(t, "phaser", def.ExternalParameters["engine"])
	require.Equal(t, "release", def.ExternalParameters["mode"])
	require.Equal(t, "local", def.InternalParameters["environment"])
	require.Contains(t, []any{"confined", "open"}, def.InternalParameters["isolation"])
	require.Equal(t, false, def.InternalParameters["cached"])
	require.Len(t, def.InternalParameters["cacheKey"], 64)
	require.Equal(t, p.Jobs[1].ID, run.Metadata.InvocationID)
	require.NotEmpty(t, run.Builder.ID)
	subjects, materials := map[string]string{}, map[string]string{}
	for _, sub := range s.Subject {
		subjects[sub.Name] = sub.Digest.SHA256
	}
	for _, m := range def.ResolvedDependencies {
		materials[m.Name] = m.Digest.SHA256
	}
	shown := read[struct {
		Digest string
		Files  []struct{ Path, SHA256 string }
	}](d.get(t, "/v1/artifacts/"+build).want(200))
	for _, f := range shown.Files {
		require.Equal(t, f.SHA256, subjects[f.Path])
	}
	require.Len(t, subjects, len(shown.Files)+1)
	require.Equal(t, shown.Digest, subjects["spark:manifest"])
	listed := read[struct {
		Digest string
		Files  []struct{ Path, SHA256 string }
	}](d.get(t, "/v1/projects/"+project.ID+"/files").want(200))
	require.Equal(t, listed.Digest, materials["revision"])
	for _, f := range listed.Files {
		require.Equal(t, f.SHA256, materials["revision/"+f.Path])
	}
	require.Len(t, materials["toolchain"], 64)
	require.Len(t, materials["agent"], 64)

	_, again := d.provenance(t, cached)
	internal := again.Predicate.BuildDefinition.InternalParameters
	require.Equal(t, true, internal["cached"])
	require.Equal(t, p.Jobs[1].ID, internal["originalInvocation"])
	require.Equal(t, p.Jobs[4].ID, again.Predicate.RunDetails.Metadata.InvocationID)

	// The server's artifacts, each by its id.
	for id, says := range map[string]string{build: "phaser 4.2.1, release", cached: "the content is that of job " + p.Jobs[1].ID,
		zipped: "export of  " + build, page: "revision   " + revision} {
		code, said := d.spark(t, "verify", id)
		require.Equal(t, 0, code, said)
		require.Contains(t, said, says)
	}

	// Files on this machine, without a server.
	code, said := d.spark(t, "signing-keys")
	require.Equal(t, 0, code, said)
	public := write("spark.pub", []byte(strings.TrimSpace(said)+"\n"))
	archive, html := d.get(t, "/v1/artifacts/"+zipped+"/download").want(200).body, d.get(t, "/v1/artifacts/"+page+"/download").want(200).body
	statements := map[string]string{}
	for name, id := range map[string]string{"build": build, "zip": zipped, "html": page} {
		raw, _ := d.provenance(t, id)
		statements[name] = write(name+".intoto.json", raw)
	}
	for _, file := range statements {
		node := exec.Command("node", "-e", verifyWithNode, file, public)
		out, err := node.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	unzip(t, archive, filepath.Join(dir, "folder"))
	offline := func(subject, statement, key string) (int, string) {
		return client{url: "http://127.0.0.1:1"}.spark(t, "verify", subject, "--provenance", statement, "--public-key", key)
	}
	games := map[string]string{write("game.zip", archive): "zip", write("game.html", html): "html", filepath.Join(dir, "folder"): "zip",
		write("build.zip", d.get(t, "/v1/artifacts/"+build+"/download").want(200).body): "build"}
	for game, of := range games {
		code, said := offline(game, statements[of], public)
		require.Equal(t, 0, code, said)
		require.Contains(t, said, "Verified: ")
	}
	code, said = offline(filepath.Join(dir, "folder"), statements["build"], public)
	require.Equal(t, 0, code, said)

	// Everything that can be tampered with.
	other := write("other.pub", newPublicKey(t))
	changed := append(bytes.Clone(archive), 0)
	for name, tt := range map[string]struct{ subject, statement, key, says string }{
		"changed zip":       {write("changed.zip", changed), statements["zip"], public, "changed"},
		"changed page":      {write("changed.html", bytes.Replace(html, []byte("<"), []byte(" <"), 1)), statements["html"], public, "changed"},
		"another artifact":  {filepath.Join(dir, "game.html"), statements["zip"], public, "changed"},
		"extra in a zip":    {write("extra.zip", rezip(t, archive, "x.js", "")), statements["build"], public, `not part of it: "x.js"`},
		"missing in a zip":  {write("missing.zip", rezip(t, archive, "", "index.html")), statements["build"], public, `missing: "index.html"`},
		"twice in a zip":    {write("twice.zip", rezip(t, archive, "index.html", "")), statements["build"], public, "twice"},
		"no zip":            {write("none.zip", []byte("PK")), statements["build"], public, "is no zip"},
		"unknown key":       {filepath.Join(dir, "game.zip"), statements["zip"], other, "unknown key"},
		"malformed":         {filepath.Join(dir, "game.zip"), write("malformed.json", []byte(`{"payload":`)), public, "cannot be read"},
		"changed statement": {filepath.Join(dir, "game.zip"), write("forged.json", forge(t, statements["zip"])), public, "signature is wrong"},
		"no statement":      {filepath.Join(dir, "game.zip"), filepath.Join(dir, "none.json"), public, "no such file"},
		"no key":            {filepath.Join(dir, "game.zip"), statements["zip"], statements["zip"], "no public key"},
		"no game":           {filepath.Join(dir, "none"), statements["zip"], public, "no such file"},
	} {
		code, said := offline(tt.subject, tt.statement, tt.key)
		require.Contains(t, []int{1, 2}, code, "%s: %s", name, said)
		require.Contains(t, said, tt.says, name)
		require.NotContains(t, said, "Verified")
	}
	for name, tt := range map[string]struct {
		change func(folder string) error
		says   string
	}{
		"changed": {func(f string) error { return os.WriteFile(filepath.Join(f, "index.html"), nil, 0o600) }, `changed: "index.html"`},
		"missing": {func(f string) error { return os.Remove(filepath.Join(f, "index.html")) }, `missing: "index.html"`},
		"extra":   {func(f string) error { return os.WriteFile(filepath.Join(f, "x.js"), nil, 0o600) }, `not part of it: "x.js"`},
		"a link": {func(f string) error {
			return os.Symlink(filepath.Join(dir, "game.html"), filepath.Join(f, "link.html"))
		}, "not a plain file"},
	} {
		folder := filepath.Join(t.TempDir(), name)
		unzip(t, archive, folder)
		require.NoError(t, tt.change(folder))
		code, said := offline(folder, statements["zip"], public)
		require.Equal(t, 1, code, "%s: %s", name, said)
		require.Contains(t, said, tt.says)
	}
	code, said = d.spark(t, "verify", "game.zip")
	require.Equal(t, 2, code, said)
	d.lies(t, build, cached)
}

// lies checks that a server, or a proxy in front of it, is not believed when it sends different files, or another artifact's
// provenance, than were signed.
func (d *dev) lies(t *testing.T, build, cached string) {
	t.Helper()
	target, err := url.Parse(d.url)
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		rewrite func(path string) string
		body    string
		says    string
	}{
		"another file":       {nil, "index.html", `changed: "index.html"`},
		"another artifact's": {func(path string) string { return strings.Replace(path, build+"/prov", cached+"/prov", 1) }, "", "of another artifact"},
		"nothing":            {nil, "", ""},
	} {
		proxy := &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				if tt.rewrite != nil {
					r.Out.URL.Path = tt.rewrite(r.In.URL.Path)
				}
			},
			ModifyResponse: func(r *http.Response) error {
				if tt.body != "" && strings.HasSuffix(r.Request.URL.Path, tt.body) {
					_ = r.Body.Close()
					r.Body, r.ContentLength = http.NoBody, 0
					r.Header.Del("Content-Length")
				}
				return nil
			},
		}
		site := httptest.NewServer(proxy)
		code, said := client{url: site.URL, key: d.key}.spark(t, "verify", build)
		site.Close()
		if tt.says == "" {
			require.Equal(t, 0, code, "%s: %s", name, said) // the proxy alone changes nothing
			continue
		}
		require.Equal(t, 1, code, "%s: %s", name, said)
		require.Contains(t, said, tt.says)
	}
	pinned := filepath.Join(t.TempDir(), "pinned.pub")
	require.NoError(t, os.WriteFile(pinned, newPublicKey(t), 0o600))
	code, said := d.spark(t, "verify", build, "--public-key", pinned)
	require.Equal(t, 1, code)
	require.Contains(t, said, "unknown key", "a pinned key overrides the server's list")
	stranger := d.stranger(t)
	stranger.get(t, "/v1/artifacts/"+build+"/provenance").want(404)
	client{url: d.url}.get(t, "/v1/artifacts/"+build+"/provenance").want(401)
	client{url: d.url}.get(t, "/v1/signing-keys").want(200)
}

// newPublicKey is a key of somebody else, made by openssl.
func newPublicKey(t *testing.T) []byte {
	t.Helper()
	private, err := exec.Command("openssl", "genpkey", "-algorithm", "ed25519").Output()
	require.NoError(t, err)
	cmd := exec.Command("openssl", "pkey", "-pubout")
	cmd.Stdin = bytes.NewReader(private)
	public, err := cmd.Output()
	require.NoError(t, err)
	return public
}

// forge is an envelope whose statement was changed, with the old signature.
func forge(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	var e map[string]any
	require.NoError(t, json.Unmarshal(raw, &e))
	payload, err := base64.StdEncoding.DecodeString(e["payload"].(string))
	require.NoError(t, err)
	e["payload"] = base64.StdEncoding.EncodeToString(bytes.Replace(payload, []byte("phaser"), []byte("godot4"), 1))
	raw, err = json.Marshal(e)
	require.NoError(t, err)
	return raw
}

// rezip copies a zip, without one of its files and with an additional one.
func rezip(t *testing.T, archive []byte, add, drop string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, f := range r.File {
		if f.Name != drop {
			require.NoError(t, w.Copy(f))
		}
	}
	if add != "" {
		_, err := w.Create(add)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return buf.Bytes()
}

// A game made by "spark make" can be verified after the platform that made it has ended.
func TestMakeWithProvenance(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, statement := filepath.Join(dir, "game"), filepath.Join(dir, "game.intoto.json")
	m := sparkMake(t, []string{scenarios[3].prompt, "--engine", "phaser", "--out", out, "--provenance", statement}, nil)
	require.Equal(t, 0, m.exit(t, jobWithin), m.said())
	require.Contains(t, m.printed(t), "Its provenance is in "+statement)
	nobody := client{url: "http://127.0.0.1:1"}
	code, said := nobody.spark(t, "verify", out, "--provenance", statement, "--public-key", filepath.Join(dir, "game.pub"))
	require.Equal(t, 0, code, said)
	require.NoError(t, os.WriteFile(filepath.Join(out, "index.html"), []byte("mine now"), 0o600))
	code, said = nobody.spark(t, "verify", out, "--provenance", statement, "--public-key", filepath.Join(dir, "game.pub"))
	require.Equal(t, 1, code, said)
}

// A platform of several processes signs with the configured key, and says when it has none. After the key is changed, statements
// signed with the old one can still be verified.
func TestSigningKeyOfACluster(t *testing.T) {
	t.Parallel()
	key := func() (file string) {
		file = filepath.Join(t.TempDir(), "key.pem")
		out, err := exec.Command("openssl", "genpkey", "-algorithm", "ed25519", "-out", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return file
	}
	c := startCluster(t, clusterOptions{})
	eventually(t, startWithin, "the worker says that it does not sign", func() bool {
		return strings.Contains(c.worker.said(), "artifacts are not signed")
	})
	project := c.newProject(t, "Signed", "phaser")
	c.await(t, c.submit(t, project.ID, step{"kind": "generation", "input": step{"prompt": scenarios[0].prompt, "seed": 7}}).ID, jobWithin).succeed(t)
	build := func() string {
		j := c.end(t, c.submitJob(t, project.ID, "build", map[string]any{"mode": "release"}).ID, jobWithin)
		require.Equal(t, "succeeded", j.State)
		return j.Output["artifact_id"].(string)
	}
	unsigned := build()
	require.Equal(t, "not_found", read[problem](c.get(t, "/v1/artifacts/"+unsigned+"/provenance").want(404)).Code)
	require.Empty(t, read[list[any]](c.get(t, "/v1/signing-keys").want(200)).Data)
	code, said := c.spark(t, "verify", unsigned)
	require.Equal(t, 1, code, said)

	var signed []string
	ids := map[string]bool{}
	for range 2 {
		require.Equal(t, 0, c.worker.terminate(t, 30*time.Second))
		c.worker = c.startWorker("SPARK_SIGNING_KEY_FILE="+key(), "SPARK_BUILDER_ID=https://games.example/spark")
		id := build() // from the cache, after the first: it is signed too
		signed = append(signed, id)
		envelope, s := c.provenance(t, id)
		require.Equal(t, "https://games.example/spark", s.Predicate.RunDetails.Builder.ID)
		require.Equal(t, unsigned, s.Predicate.BuildDefinition.InternalParameters["originalArtifact"])
		var e struct{ Signatures []struct{ KeyID string } }
		require.NoError(t, json.Unmarshal(envelope, &e))
		ids[e.Signatures[0].KeyID] = true
	}
	require.Len(t, ids, 2)
	require.Len(t, read[list[any]](c.get(t, "/v1/signing-keys").want(200)).Data, 2)
	for _, id := range signed {
		code, said := c.spark(t, "verify", id)
		require.Equal(t, 0, code, said)
	}
	broken := filepath.Join(t.TempDir(), "broken.pem")
	require.NoError(t, os.WriteFile(broken, []byte("-----BEGIN PRIVATE KEY-----\nhunter2\n"), 0o600))
	w := c.startWorker("SPARK_SIGNING_KEY_FILE=" + broken)
	require.Equal(t, 1, w.exit(t, startWithin), w.said())
	require.Contains(t, w.said(), "PRIVATE KEY in PEM")
	require.NotContains(t, w.said(), "hunter2")
}
