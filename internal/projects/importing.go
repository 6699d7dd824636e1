package projects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spark-games/spark/models"
	"github.com/spark-games/spark/models/archive"
)

// Imported is a project that was made from an archive.
type Imported struct {
	Project  *models.Project
	Revision *models.Revision
	// Folder was the only one at the archive's top, which was stripped; "" if there was none.
	Folder  string
	LeftOut []archive.LeftOut
}

// maxMarked limits how much of a file is read to recognize an engine.
const maxMarked = 256 << 10

// Import makes a project of the files in a zip, or none. Without a name it gets that of the archive's only folder, and without an engine the one
// that its files tell. An *os.File is read where it is, and anything else is spooled.
func (s *Service) Import(ctx context.Context, by models.Author, n NewProject, r io.Reader) (*Imported, error) {
	if n.Name != "" {
		if err := checkProject(&models.Project{Name: strings.TrimSpace(n.Name), Description: n.Description, Labels: n.Labels}); err != nil {
			return nil, err
		}
	}
	if n.Engine != "" {
		if err := s.knowEngine(ctx, n.Engine, n.EngineVersion); err != nil {
			return nil, err
		}
	}
	if err := s.room(ctx, n.AccountID); err != nil {
		return nil, err
	}
	file, ours := r.(*os.File)
	if !ours {
		head := make([]byte, 4)
		got, err := io.ReadFull(r, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		if !archive.IsZip(head[:got]) {
			return nil, models.NewError(models.CodeInvalidArchive, "the body is not a zip")
		}
		if file, err = s.Blobs.Spool(ctx, io.MultiReader(bytes.NewReader(head), r), archive.MaxBytes); err != nil {
			return nil, err
		}
		defer file.Close() // it has no name: that removes it
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	unpacked, err := archive.Check(file, info.Size())
	if err != nil {
		return nil, err
	}
	rev := &models.Revision{ID: models.NewID(), AccountID: n.AccountID, Author: by, Message: "import of an archive"}
	if rev.Manifest, err = s.unpack(ctx, unpacked); err != nil {
		return nil, err
	}
	if n.Engine == "" {
		if n.Engine, n.EngineVersion, err = s.recognize(ctx, rev.Manifest, n.EngineVersion); err != nil {
			return nil, err
		}
	}
	if strings.TrimSpace(n.Name) == "" {
		n.Name = importedName(unpacked.Folder)
	}
	p, err := s.New(ctx, n)
	if err != nil {
		return nil, err
	}
	rev.ProjectID, rev.Title, rev.Digest = p.ID, p.Name, rev.Manifest.Digest()
	models.ClaimFrom(ctx).Making("project", p.ID)
	if err := s.Store.CreateProjectWith(ctx, p, rev); err != nil {
		return nil, err
	}
	return &Imported{Project: p, Revision: rev, Folder: unpacked.Folder, LeftOut: unpacked.LeftOut}, nil
}

// importedName is a name for what was in a folder.
func importedName(folder string) string {
	runes := []rune(strings.TrimSpace(folder))
	if len(runes) == 0 {
		return "Imported game"
	}
	return string(runes[:min(len(runes), MaxNameRunes)])
}

// unpack stores the files of an archive, one after another.
func (s *Service) unpack(ctx context.Context, a *archive.Archive) (models.Manifest, error) {
	files := make(models.Manifest, 0, len(a.Files))
	for _, f := range a.Files {
		entry, err := s.unpackFile(ctx, f)
		if err != nil {
			return nil, err
		}
		files = append(files, entry)
	}
	files.Sort()
	return files, nil
}

func (s *Service) unpackFile(ctx context.Context, f *archive.Packed) (models.ManifestEntry, error) {
	body, err := f.Open()
	if err != nil {
		return models.ManifestEntry{}, err
	}
	defer body.Close()
	sum, size, err := s.Blobs.Put(ctx, body, f.Size)
	return models.ManifestEntry{Path: f.Path, SHA256: sum, Size: size, MediaType: models.MediaType(f.Path)}, err
}

// recognize is the engine that files are of, and a version of it: the given one, or the newest with the number that the files ask for.
func (s *Service) recognize(ctx context.Context, files models.Manifest, version string) (name, found string, err error) {
	candidates, err := s.Recognize(files.Paths(), func(path string) ([]byte, error) {
		entry, _ := files.Find(path)
		body, err := s.Blobs.Open(ctx, entry.SHA256)
		if err != nil {
			return nil, err
		}
		defer body.Close()
		return io.ReadAll(io.LimitReader(body, maxMarked))
	})
	switch {
	case err != nil:
		return "", "", err
	case len(candidates) == 0:
		return "", "", models.NewError(models.CodeUnknownEngine, "the files do not tell which engine they are of: name it").At("?engine")
	case len(candidates) > 1:
		names := make([]string, len(candidates))
		for i, c := range candidates {
			names[i] = c.Engine
		}
		return "", "", models.NewError(models.CodeUnknownEngine, "the files are of several engines ("+strings.Join(names, ", ")+"): name one").At("?engine")
	case version != "" || candidates[0].Major == "":
		return candidates[0].Engine, version, nil
	}
	name, asked := candidates[0].Engine, candidates[0].Major
	for _, e := range s.Engines(ctx) {
		if major, _, _ := strings.Cut(e.Version, "."); e.Name != name || major != asked {
			continue
		} else if e.Default {
			return name, "", nil
		} else if found == "" {
			found = e.Version
		}
	}
	return name, found, nil
}

// Recognized is an engine that files are probably of.
type Recognized struct {
	Engine string
	Major  string // the first number of the version that they ask for; "" if they do not
}

// CreateFromStarter makes a project with the starter of its engine.
func (s *Service) CreateFromStarter(ctx context.Context, by models.Author, n NewProject) (*models.Project, error) {
	p, err := s.New(ctx, n)
	if err != nil {
		return nil, err
	}
	if err := s.room(ctx, n.AccountID); err != nil {
		return nil, err
	}
	files, err := s.Starter(p.Engine, p.EngineVersion, p.Name)
	if err != nil {
		return nil, err
	}
	if err := models.CheckFiles(files); err != nil {
		return nil, fmt.Errorf("the starter of %s: %w", p.Engine, err)
	}
	rev := &models.Revision{ID: models.NewID(), AccountID: n.AccountID, ProjectID: p.ID, Author: by, Message: "starter of " + p.Engine, Title: p.Name}
	for _, f := range files {
		entry, err := s.put(ctx, f.Path, f.Data)
		if err != nil {
			return nil, err
		}
		rev.Manifest = append(rev.Manifest, entry)
	}
	rev.Manifest.Sort()
	rev.Digest = rev.Manifest.Digest()
	models.ClaimFrom(ctx).Making("project", p.ID)
	return p, s.Store.CreateProjectWith(ctx, p, rev)
}
