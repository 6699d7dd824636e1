package projects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/bluekeyes/go-gitdiff/gitdiff"

	"github.com/spark-games/spark/models"
)

// PatchFile patches one file, or is CodeNotFound. Errors point into the patch, or at "/path".
func (s *Service) PatchFile(ctx context.Context, c Change, path string, kind PatchKind, patch []byte) (*models.Revision, error) {
	c.Message, c.path = c.describe("patch "+path), path
	rev, err := s.Apply(ctx, c, []Edit{{Op: OpPatch, Path: path, Kind: kind, Data: patch}})
	e, ok := errors.AsType[*models.Error](err)
	if !ok {
		return rev, err
	}
	pointer, ok := strings.CutPrefix(e.Pointer, "/changes/0")
	switch {
	case !ok:
		return nil, err
	case pointer == "/path" && e.Code == models.CodeConflict:
		return nil, models.NewError(models.CodeNotFound, "no such file")
	}
	at := *e
	at.Pointer = strings.TrimPrefix(pointer, kind.pointer())
	return nil, &at
}

// pointer is where a change has its patch.
func (k PatchKind) pointer() string {
	if k == PatchDiff {
		return "/diff"
	}
	return "/" + string(k)
}

// patch applies a patch to a file.
func (s *Service) patch(ctx context.Context, now models.ManifestEntry, e Edit) (models.ManifestEntry, error) {
	body, err := s.Blobs.Open(ctx, now.SHA256)
	if err != nil {
		return models.ManifestEntry{}, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, now.Size+1))
	if err != nil {
		return models.ManifestEntry{}, err
	}
	var patched []byte
	switch e.Kind {
	case PatchJSON:
		patched, err = patchJSON(raw, e.Data)
	case PatchMerge:
		patched, err = mergeJSON(raw, e.Data)
	case PatchDiff:
		patched, err = patchText(raw, e.Path, e.Data)
	}
	if err != nil {
		return models.ManifestEntry{}, models.AsError(err).At(e.Kind.pointer())
	}
	return s.put(ctx, now.Path, patched)
}

// sameFile reports whether a name in a diff, which may begin in another folder, can be that of a path.
func sameFile(name, path string) bool {
	return name == path || strings.HasSuffix(path, "/"+name) || strings.HasSuffix(name, "/"+path)
}

// patchText applies a unified diff, as "diff -u" and git write it, to a text, strictly: each line of it must be where it says. It is
// of one file that is there; what creates, deletes or renames files has operations of its own.
func patchText(text []byte, path string, diffText []byte) ([]byte, error) {
	bad := func(why string, err error) error {
		wrong := models.FieldError("", why)
		wrong.Cause = err
		return wrong
	}
	parsed, _, err := gitdiff.Parse(bytes.NewReader(diffText))
	switch {
	case err != nil:
		return nil, bad("is not a unified diff: "+strings.TrimPrefix(err.Error(), "gitdiff: "), err)
	case len(parsed) != 1:
		return nil, bad(fmt.Sprintf("is of %d files: patch each by a diff of its own", len(parsed)), nil)
	}
	diff := parsed[0]
	switch {
	case diff.IsDelete:
		return nil, bad("deletes the file: delete it instead", nil)
	case diff.IsNew:
		return nil, bad("is of a new file: write it instead", nil)
	case diff.IsRename || diff.IsCopy:
		return nil, bad("renames the file: move it, and patch it then", nil)
	case diff.IsBinary:
		return nil, bad("is of a binary file: replace it as a whole", nil)
	case len(diff.TextFragments) == 0:
		return nil, bad("changes nothing", nil)
	case bytes.HasPrefix(diffText, []byte("diff --git ")) && !sameFile(diff.NewName, path): // the names in others are often those of copies
		return nil, bad("is of "+diff.NewName+", and not of "+path, nil)
	}
	var out bytes.Buffer
	if err := gitdiff.Apply(&out, bytes.NewReader(text), diff); err != nil {
		conflict := models.FieldError("", "does not fit the file: "+strings.TrimPrefix(err.Error(), "gitdiff: ")).With(models.CodeConflict)
		conflict.Cause = err
		return nil, conflict
	}
	return out.Bytes(), nil
}
