package cli

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	apiclient "github.com/spark-games/spark/client"
	"github.com/spark-games/spark/models"
)

const (
	partBytes = 8 << 20
	// partTries is how often a part is tried without anything arriving, with pauses of partPause and multiples of it.
	partTries = 6
	partPause = 500 * time.Millisecond
)

var tusVersion = "1.0.0"

// partsOf uploads a file in parts. Which upload is the file's is told by its name, length and digest, so that a command that was ended goes on.
type partsOf struct {
	*api
	file *os.File
	size int64
	name string
	tell func(format string, args ...any)
}

func (p *partsOf) upload(ctx context.Context) (apiclient.Asset, error) {
	u, err := p.begin(ctx)
	if err != nil {
		return apiclient.Asset{}, err
	}
	for tries := 0; u.State == apiclient.UploadOpen; {
		before := u.Offset
		part := io.NewSectionReader(p.file, u.Offset, min(partBytes, p.size-u.Offset))
		err := p.AppendAssetUpload(ctx, u.ID, &apiclient.AppendAssetUploadParams{TusResumable: &tusVersion, UploadOffset: &u.Offset}, part)
		if err != nil && !passes(err) {
			return apiclient.Asset{}, err
		}
		u, err = p.look(ctx, u, err)
		if err != nil {
			return apiclient.Asset{}, err
		}
		if tries++; u.Offset > before {
			tries = 0
			p.tell("%s of %s", inMiB(u.Offset), inMiB(p.size))
		}
		if tries == partTries {
			return apiclient.Asset{}, errors.New("the upload does not get on; the same command goes on later")
		}
		if err := wait(ctx, time.Duration(tries)*partPause); err != nil {
			return apiclient.Asset{}, err
		}
	}
	if u.AssetID == nil {
		why := "it was refused"
		if u.Error != nil {
			why = u.Error.Message
		}
		return apiclient.Asset{}, errors.New(clean(why))
	}
	return p.GetAsset(ctx, *u.AssetID)
}

// passes reports whether an error of a part may be gone with the next one.
func passes(err error) bool {
	var e *apiclient.Error
	if !errors.As(err, &e) {
		return true // no answer
	}
	return e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Code == models.CodeConflict
}

// look reads how far the upload is. If that fails as the part before it did, the upload is as it was.
func (p *partsOf) look(ctx context.Context, u apiclient.AssetUpload, before error) (apiclient.AssetUpload, error) {
	now, err := p.GetAssetUpload(ctx, u.ID)
	if err == nil {
		return now, nil
	}
	if before != nil && passes(err) && ctx.Err() == nil {
		return u, nil
	}
	return u, err
}

func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// begin finds the open upload of the file, or makes one.
func (p *partsOf) begin(ctx context.Context) (apiclient.AssetUpload, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, p.file); err != nil {
		return apiclient.AssetUpload{}, err
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	limit := 100
	l, err := p.ListAssetUploads(ctx, &apiclient.ListAssetUploadsParams{Limit: &limit})
	if err != nil {
		return apiclient.AssetUpload{}, err
	}
	for _, u := range l.Data {
		if u.State == apiclient.UploadOpen && u.Name == p.name && u.Length != nil && *u.Length == p.size && u.Sha256 != nil && *u.Sha256 == digest {
			p.tell("goes on at %s of %s", inMiB(u.Offset), inMiB(p.size))
			return u, nil
		}
	}
	metadata := "filename " + base64.StdEncoding.EncodeToString([]byte(p.name)) + ",sha256 " + base64.StdEncoding.EncodeToString([]byte(digest))
	return p.CreateAssetUpload(ctx, &apiclient.CreateAssetUploadParams{TusResumable: &tusVersion, UploadLength: &p.size, UploadMetadata: &metadata}, nil)
}
