package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/internal/builds/provenance"
	"github.com/spark-games/spark/models"
)

type verifyOptions struct {
	subject    string // an artifact's id, a file or a folder
	provenance string // file; "" asks the server
	publicKeys string // file; "" asks the server
}

func verifyCommand(c *client) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify ARTIFACT|FILE|FOLDER",
		Short: "Check how a game was made, and that it was not changed",
		Long: `verify checks a game against its provenance: the signed statement of how it was made.

With the id of an artifact it asks the server for the artifact, its provenance and the public keys, downloads every file and
compares. With --provenance it needs no server: the game is a .zip, an .html or a folder, and --public-key holds the keys
that you trust.
` + exitHelp,
		Example: `  spark verify 0197f5c2-7a54-7cc1-a28c-3f1f6c9d1e11
  spark verify game.zip --provenance game.intoto.json --public-key spark.pub`,
		Args: namedArgs,
		RunE: ran(func(cmd *cobra.Command, args []string) error {
			o.subject = args[0]
			check := c.verifyArtifact
			if o.provenance != "" {
				check = c.verifyOffline
			}
			s, err := check(cmd.Context(), o)
			if err != nil {
				return fmt.Errorf("not verified: %w", err)
			}
			return tellVerified(cmd.OutOrStdout(), o.subject, s)
		}),
	}
	cmd.Flags().StringVar(&o.provenance, "provenance", "", "file with the provenance, to check without a server")
	cmd.Flags().StringVar(&o.publicKeys, "public-key", "", "file with the public keys that are trusted, in PEM (default: the server's)")
	return cmd
}

func signingKeysCommand(c *client) *cobra.Command {
	return &cobra.Command{
		Use:   "signing-keys",
		Short: "Print the server's public keys, which verify provenance, in PEM",
		Args:  cobra.NoArgs,
		RunE: c.connected(func(cmd *cobra.Command, _ []string, a *api) error {
			_, text, err := a.signingKeys(cmd.Context())
			if err == nil {
				_, err = io.WriteString(cmd.OutOrStdout(), text)
			}
			return err
		}),
	}
}

// signingKeys are the server's public keys, and their PEM.
func (a *api) signingKeys(ctx context.Context) (keys []provenance.PublicKey, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.server+"/v1/signing-keys", nil)
	if err != nil {
		return nil, "", err
	}
	list, err := as[apiclient.SigningKeyList](a.body(a.http.Do(req)))
	if err != nil {
		return nil, "", err
	}
	var b strings.Builder
	for _, k := range list.Data {
		b.WriteString(k.PublicKey)
	}
	if b.Len() == 0 {
		return nil, "", errors.New("the server has no signing key")
	}
	keys, err = provenance.ParsePublicKeys([]byte(b.String()))
	if err != nil {
		err = fmt.Errorf("the server's keys: %w", err)
	}
	return keys, b.String(), err
}

func readPublicKeys(file string) ([]provenance.PublicKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usagef("--public-key: %v", err)
	}
	keys, err := provenance.ParsePublicKeys(text)
	if err != nil {
		return nil, usagef("--public-key %s: %v", file, err)
	}
	return keys, nil
}

// verifyArtifact checks an artifact of a server.
func (c *client) verifyArtifact(ctx context.Context, o verifyOptions) (*provenance.Statement, error) {
	if !models.ValidID(o.subject) {
		return nil, usagef("%q is no artifact's id; a file or a folder is checked with --provenance", o.subject)
	}
	a, err := c.connect()
	if err != nil {
		return nil, err
	}
	defer a.close()
	artifact, err := a.GetArtifact(ctx, o.subject)
	if err != nil {
		return nil, err
	}
	envelope, err := a.provenance(ctx, o.subject)
	if err != nil {
		return nil, err
	}
	var keys []provenance.PublicKey
	if o.publicKeys != "" {
		keys, err = readPublicKeys(o.publicKeys)
	} else {
		keys, _, err = a.signingKeys(ctx)
	}
	if err != nil {
		return nil, err
	}
	s, err := provenance.Open(envelope, keys)
	if err != nil {
		return nil, err
	}
	if s.Invocation != artifact.JobID {
		return nil, errors.New("the provenance is of another artifact")
	}
	return s, a.compareFiles(ctx, artifact, s)
}

// compareFiles downloads an artifact's files, and compares them with the statement.
func (a *api) compareFiles(ctx context.Context, artifact apiclient.ArtifactWithFiles, s *provenance.Statement) error {
	found := make(map[string]string, len(artifact.Files))
	var manifest models.Manifest
	for _, f := range artifact.Files {
		res, err := a.ReadArtifactFile(ctx, artifact.ID, f.Path)
		if err != nil {
			return fmt.Errorf("download %q: %w", f.Path, err)
		}
		sum, size, err := digest(res.Body, maxDownload)
		if err = errors.Join(err, res.Body.Close()); err != nil {
			return fmt.Errorf("download %q: %w", f.Path, connectionError(a.server, err))
		}
		found[f.Path] = sum
		manifest = append(manifest, models.ManifestEntry{Path: f.Path, SHA256: sum, Size: size})
	}
	if err := s.CheckFiles(found); err != nil {
		return err
	}
	if manifest.Sort(); manifest.Digest() != s.Manifest {
		return errors.New("the artifact's manifest is not that of the provenance")
	}
	return nil
}

// tellVerified says what was verified, and what the statement says of it.
func tellVerified(w io.Writer, subject string, s *provenance.Statement) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-10s %s\n", name, clean(fmt.Sprintf(format, args...)))
	}
	fmt.Fprintf(&b, "Verified: %s is as it was made.\n", clean(subject))
	text := func(from map[string]any, name string) string {
		v, _ := from[name].(string)
		return v
	}
	line("engine", "%s %s, %s", text(s.ExternalParameters, "engine"), text(s.ExternalParameters, "engineVersion"), text(s.ExternalParameters, "mode"))
	for _, tool := range []string{"image", "toolchain"} {
		if m, ok := s.ResolvedDependency(tool); ok {
			line(tool, "sha256:%s", m.SHA256)
		}
	}
	line("revision", "%s", text(s.ExternalParameters, "revision"))
	if m, ok := s.ResolvedDependency("artifact"); ok {
		line("export of", "%s", strings.TrimPrefix(m.URI, "spark:artifact:"))
	}
	line("made", "%s, by job %s", s.FinishedAt.UTC().Format(time.RFC3339), s.Invocation)
	if from := text(s.InternalParameters, "originalInvocation"); from != "" {
		line("cached", "the content is that of job %s", from)
	}
	line("builder", "%s", s.Builder)
	line("key", "%s", s.KeyID)
	_, err := io.WriteString(w, b.String())
	return err
}

// publicKeyBeside is where the keys are written that verify a provenance: "game.pub" beside "game.intoto.json".
func publicKeyBeside(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(file, ".json"), ".intoto") + ".pub"
}

// provenance is the signed statement of an artifact, as JSON.
func (a *api) provenance(ctx context.Context, artifactID string) ([]byte, error) {
	envelope, err := a.GetProvenance(ctx, artifactID)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope)
}

// saveProvenance writes an artifact's provenance, and the server's public keys.
func (a *api) saveProvenance(ctx context.Context, artifactID, file, keyFile string) error {
	envelope, err := a.provenance(ctx, artifactID)
	if err != nil {
		return err
	}
	_, keys, err := a.signingKeys(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(envelope, '\n'), 0o644); err != nil {
		return err
	}
	return os.WriteFile(keyFile, []byte(keys), 0o644)
}
