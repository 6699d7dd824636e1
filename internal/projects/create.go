package projects

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// MaxNameRunes bounds the names of projects and the titles of games.
const MaxNameRunes = 120

// NewProject describes a project to create.
type NewProject struct {
	AccountID     string
	Name          string
	Engine        string
	EngineVersion string // "" is whichever is the default
	Description   string
	Labels        models.Labels
}

// Create makes a project. Errors are those of New, or the store's.
func (s *Service) Create(ctx context.Context, n NewProject) (*models.Project, error) {
	p, err := s.New(ctx, n)
	if err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("project", p.ID)
	return p, s.Store.CreateProject(ctx, p)
}

// New checks a project and returns it without storing it, for a submission that stores it together with its first jobs. Errors point
// at "/name", "/engine" or "/engine_version".
func (s *Service) New(ctx context.Context, n NewProject) (*models.Project, error) {
	p := &models.Project{ID: models.NewID(), AccountID: n.AccountID, Name: strings.TrimSpace(n.Name), Engine: n.Engine, EngineVersion: n.EngineVersion,
		Description: strings.TrimSpace(n.Description), Labels: n.Labels}
	if err := checkProject(p); err != nil {
		return nil, err
	}
	if err := s.knowEngine(ctx, n.Engine, n.EngineVersion); err != nil {
		return nil, err
	}
	return p, nil
}

func checkName(name string) *models.Error {
	switch {
	case utf8.RuneCountInString(name) > MaxNameRunes:
		return models.FieldError("", "at most 120 characters")
	case strings.ContainsFunc(name, unicode.IsControl):
		return models.FieldError("", "has a control character")
	}
	return nil
}

// knowEngine refuses an unknown engine, or an unknown version of one.
func (s *Service) knowEngine(ctx context.Context, name, version string) error {
	var names, versions []string
	for _, e := range s.Engines(ctx) {
		if e.Name == name {
			if e.Version == version || version == "" {
				return nil
			}
			versions = append(versions, e.Version)
		}
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	if versions != nil {
		return &models.Error{Code: models.CodeUnknownVersion, Pointer: "/engine_version",
			Message: "no such version of " + name + "; there are: " + strings.Join(versions, ", ")}
	}
	return &models.Error{Code: models.CodeUnknownEngine, Pointer: "/engine",
		Message: "no such engine; there are: " + strings.Join(names, ", ")}
}
