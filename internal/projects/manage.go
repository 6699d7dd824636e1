package projects

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spark-games/spark/models"
)

// Limits on what describes a project.
const (
	maxDescriptionRunes = 2000
	maxLabels           = 32
	maxLabelRunes       = 200
)

// labelName is the form of labels' names.
var labelName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Update is what changes of a project; nil changes nothing.
type Update struct {
	Name          *string
	EngineVersion *string // "" is whichever is the default
	Description   *string
	Labels        *models.Labels // all of them
}

// Update changes a project. Errors point at the field.
func (s *Service) Update(ctx context.Context, accountID, id string, u Update) (*models.Project, error) {
	before, err := s.Project(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	if u.EngineVersion != nil && *u.EngineVersion != before.EngineVersion {
		if err := s.knowEngine(ctx, before.Engine, *u.EngineVersion); err != nil {
			return nil, err
		}
	}
	return s.Store.ChangeProject(ctx, accountID, id, func(p *models.Project) error {
		if u.Name != nil {
			p.Name = strings.TrimSpace(*u.Name)
		}
		if u.EngineVersion != nil {
			p.EngineVersion = *u.EngineVersion
		}
		if u.Description != nil {
			p.Description = strings.TrimSpace(*u.Description)
		}
		if u.Labels != nil {
			p.Labels = *u.Labels
		}
		return checkProject(p)
	})
}

// checkProject checks what people write about a project.
func checkProject(p *models.Project) error {
	if p.Name == "" {
		return models.FieldError("/name", "a name is required")
	}
	if err := checkName(p.Name); err != nil {
		return err.At("/name")
	}
	if utf8.RuneCountInString(p.Description) > maxDescriptionRunes {
		return models.FieldError("/description", "at most 2000 characters")
	}
	if strings.ContainsFunc(p.Description, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return models.FieldError("/description", "has a control character")
	}
	if len(p.Labels) > maxLabels {
		return models.FieldError("/labels", "at most 32 labels")
	}
	for name, value := range p.Labels {
		switch {
		case !labelName.MatchString(name):
			return models.FieldError("/labels",
				"a label's name is 1 to 63 small letters, digits, dots, dashes and underscores, and begins with a letter or digit")
		case utf8.RuneCountInString(value) > maxLabelRunes || strings.ContainsFunc(value, unicode.IsControl):
			return models.FieldError("/labels/"+name, "at most 200 characters, and no control characters")
		}
	}
	return nil
}

// Delete deletes a project: it is not found any more, its games are not served, and its jobs that have not ended are cancelled. It can be
// restored for a while. Deleting it again cancels what an interrupted call has left.
func (s *Service) Delete(ctx context.Context, accountID, id string) error {
	if !models.ValidID(id) {
		return errNoProject
	}
	if err := s.Store.DeleteProject(ctx, accountID, id); err != nil {
		return err
	}
	return s.CancelJobs(ctx, accountID, id)
}

// Restore takes a deletion back. Jobs that were cancelled stay so.
func (s *Service) Restore(ctx context.Context, accountID, id string) (*models.Project, error) {
	if !models.ValidID(id) {
		return nil, errNoProject
	}
	models.ClaimFrom(ctx).Making("project", id)
	if err := s.Store.RestoreProject(ctx, accountID, id); err != nil && models.CodeOf(err) != models.CodeNotFound {
		return nil, err
	}
	return s.Store.Project(ctx, accountID, id) // one that was not deleted is there already
}

// errNoProject is for what cannot be a project's id.
var errNoProject = models.NewError(models.CodeNotFound, "no such project")

// Duplicate makes a project with the files of a revision of another one of the account's; "" is its current one. The name "" is made from
// the other's.
func (s *Service) Duplicate(ctx context.Context, by models.Author, accountID, id, revisionID, name string) (*models.Project, error) {
	from, err := s.Project(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	var rev *models.Revision
	if revisionID == "" {
		rev, err = s.Current(ctx, accountID, id)
	} else {
		rev, err = s.Revision(ctx, accountID, id, revisionID)
	}
	if err != nil {
		return nil, err
	}
	if name = strings.TrimSpace(name); name == "" {
		name = copyName(from.Name)
	}
	p := &models.Project{ID: models.NewID(), AccountID: accountID, Name: name, Engine: from.Engine, EngineVersion: from.EngineVersion,
		Description: from.Description, Labels: from.Labels}
	if err := checkProject(p); err != nil {
		return nil, err
	}
	models.ClaimFrom(ctx).Making("project", p.ID)
	if rev == nil {
		return p, s.Store.CreateProject(ctx, p)
	}
	return p, s.Store.CreateProjectWith(ctx, p, &models.Revision{ID: models.NewID(), AccountID: accountID, ProjectID: p.ID, Author: by,
		Message: "copy of " + from.Name, Title: rev.Title, Manifest: rev.Manifest, Digest: rev.Digest})
}

// copyName is the name of a copy, within the limit.
func copyName(name string) string {
	const suffix = " (copy)"
	runes := []rune(name)
	return string(runes[:min(len(runes), MaxNameRunes-len(suffix))]) + suffix
}

// NameRevision gives a revision a name, which makes it a checkpoint that is kept; "" takes it away.
func (s *Service) NameRevision(ctx context.Context, accountID, projectID, id, name string) (*models.Revision, error) {
	rev, err := s.Revision(ctx, accountID, projectID, id)
	if err != nil {
		return nil, err
	}
	if err := checkName(strings.TrimSpace(name)); err != nil {
		return nil, err.At("/name")
	}
	rev.Name = strings.TrimSpace(name)
	return rev, s.Store.NameRevision(ctx, accountID, id, rev.Name)
}

// RestoreRevision commits a new revision with the files of an earlier one.
func (s *Service) RestoreRevision(ctx context.Context, c Change, id string) (*models.Revision, error) {
	rev, err := s.Revision(ctx, c.AccountID, c.ProjectID, id)
	if err != nil {
		return nil, err
	}
	what := rev.Name
	if what == "" {
		what = rev.CreatedAt.UTC().Format("2006-01-02 15:04:05")
	}
	c.Message = c.describe(fmt.Sprintf("restore %s", what))
	return s.commit(ctx, c, "", rev.Title, func(models.Manifest) (models.Manifest, error) { return rev.Manifest, nil })
}
