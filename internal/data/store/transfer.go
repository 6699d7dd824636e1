package store

import (
	"context"
	"maps"
	"slices"

	"github.com/spark-games/spark/models"
)

// ProjectBytes is how much more an account would store if a project were its own.
func (s *Projects) ProjectBytes(ctx context.Context, accountID, projectID string) (more int64, err error) {
	if err := needAccount(accountID); err != nil {
		return 0, err
	}
	sizes, err := s.projectFiles(ctx, projectID)
	if err != nil {
		return 0, err
	}
	for _, size := range sizes {
		more += size
	}
	return more, s.wrap(inChunks(slices.Collect(maps.Keys(sizes)), func(some []string) error {
		var has int64
		err := s.read(ctx).Raw("SELECT coalesce(sum(size), 0) FROM account_files WHERE account_id = ? AND sha256 IN ?", accountID, some).Scan(&has).Error
		more -= has
		return err
	}))
}

// projectFiles are the digests and sizes of the files of all revisions and artifacts of a project.
func (d *db) projectFiles(ctx context.Context, projectID string) (map[string]int64, error) {
	sizes, trees := make(map[string]int64), make(map[string]bool)
	for table, column := range map[string]string{"revisions": "tree", "artifacts": "manifest"} {
		for after, more := "", true; more; {
			var rows []keeping
			err := d.read(ctx).Raw("SELECT id, "+column+" FROM "+table+" WHERE project_id = ? AND id > ? ORDER BY id LIMIT ?", projectID, after, holderStep).
				Scan(&rows).Error
			for _, h := range rows {
				after = h.ID
				if h.Tree != "" && !trees[h.Tree] && err == nil {
					rev := models.Revision{Tree: h.Tree}
					err = fillManifest(d.read(ctx), &rev)
					h.Manifest, trees[h.Tree] = rev.Manifest, true
				}
				for _, f := range h.Manifest {
					sizes[f.SHA256] = f.Size
				}
			}
			if err != nil {
				return nil, d.wrap(err)
			}
			more = len(rows) == holderStep
		}
	}
	return sizes, nil
}

// TransferProject moves a project with its revisions and artifacts to another account. Jobs and pipelines stay with the account for which they ran, and
// the keys and webhook endpoints that are for this project alone end. A project that jobs or schedules still use is CodeProjectInUse; whoever does not
// own both accounts is CodeForbidden.
func (s *Projects) TransferProject(ctx context.Context, t models.Transfer) (*models.Project, error) {
	if err := needAccount(t.AccountID); err != nil {
		return nil, err
	}
	if err := needAccount(t.To); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, commitWithin)
	defer cancel()
	done, err := s.turns.take(ctx, t.ProjectID)
	if err != nil {
		return nil, s.wrap(err)
	}
	defer done()
	files, err := s.projectFiles(ctx, t.ProjectID) // what comes to it yet, and what the other account has no more, is for the next recount
	if err != nil {
		return nil, err
	}
	var found []models.Project
	err = s.write(ctx, func(tx *tx) error {
		found = nil
		if err := tx.mayTransfer(t); err != nil {
			return err
		}
		// Whoever submits or retries jobs of the project, or commits to it, waits, and then does not find it in the account.
		err := tx.Raw("SELECT * FROM projects WHERE id = ? AND account_id = ? AND "+notDeleted+tx.dialect.lockWhole(),
			t.ProjectID, t.AccountID).Scan(&found).Error
		if err == nil && len(found) == 0 {
			err = errNoSuchProject
		}
		if err != nil {
			return err
		}
		if err := tx.unused(t); err != nil {
			return err
		}
		if err := tx.moveProject(t); err != nil {
			return err
		}
		if err := tx.note(t.To, files); err != nil {
			return err
		}
		return tx.tellTransfer(t)
	})
	if err != nil {
		return nil, err
	}
	found[0].AccountID = t.To
	return &found[0], nil
}

// moveProject gives a project, with what it has made, to another account.
func (tx *tx) moveProject(t models.Transfer) error {
	for _, table := range []string{"artifacts", "revisions"} {
		if err := tx.Exec("UPDATE "+table+" SET account_id = ? WHERE project_id = ?", t.To, t.ProjectID).Error; err != nil {
			return err
		}
	}
	if err := tx.Exec("UPDATE projects SET account_id = ? WHERE id = ?", t.To, t.ProjectID).Error; err != nil {
		return err
	}
	if err := tx.removeEndpointsOf(t.ProjectID); err != nil {
		return err
	}
	return tx.Exec("UPDATE api_keys SET revoked_at = "+tx.dialect.now()+" WHERE revoked_at IS NULL AND project_id = ? AND account_id = ?",
		t.ProjectID, t.AccountID).Error
}

var (
	errNotBoth = models.NewError(models.CodeForbidden, "a project is transferred between accounts by a person who is an owner of both")
	errNoOther = models.FieldError("/account_id", "there is no such account")
)

// MayTransfer is an error if a transfer is not allowed now. TransferProject looks again.
func (s *Projects) MayTransfer(ctx context.Context, t models.Transfer) error {
	if err := needAccount(t.AccountID); err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *tx) error { return tx.mayTransfer(t) })
}

// mayTransfer locks both accounts, so that nobody stops being an owner meanwhile, and is an error if the transfer is not allowed.
func (tx *tx) mayTransfer(t models.Transfer) error {
	var accounts []models.Account
	err := tx.Raw("SELECT id, state FROM accounts WHERE id IN ? ORDER BY id"+tx.dialect.lock(waitLocked), []string{t.AccountID, t.To}).Scan(&accounts).Error
	if err != nil {
		return err
	}
	if t.OwnerID != "" {
		var owned int
		err := tx.Raw(`SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
			WHERE m.user_id = ? AND m.account_id IN ? AND m.role = ? AND u.disabled_at IS NULL`, t.OwnerID, []string{t.AccountID, t.To}, models.MemberOwner).
			Scan(&owned).Error
		if err == nil && owned != 2 {
			err = errNotBoth
		}
		if err != nil {
			return err
		}
	}
	if len(accounts) != 2 || t.To == models.SystemAccountID {
		return errNoOther
	}
	for _, a := range accounts {
		if a.State == models.AccountSuspended {
			return models.ErrSuspended
		}
	}
	return nil
}

// unused is CodeProjectInUse if jobs of a project have not ended, or schedules of its account submit for it.
func (tx *tx) unused(t models.Transfer) error {
	for _, by := range []struct{ query, says string }{
		{"jobs WHERE project_id = ? AND project_id <> '' AND state IN ('blocked', 'queued', 'running')",
			"the project has jobs that have not ended: cancel them, or wait for them"},
		{"account_schedules WHERE project_id = ?", "schedules submit jobs for the project: delete them first"},
	} {
		var used bool
		if err := tx.Raw("SELECT EXISTS (SELECT 1 FROM "+by.query+")", t.ProjectID).Scan(&used).Error; err != nil {
			return err
		}
		if used {
			return models.NewError(models.CodeProjectInUse, by.says)
		}
	}
	return nil
}

// tellTransfer notes a transfer in the audit and the events of both accounts.
func (tx *tx) tellTransfer(t models.Transfer) error {
	ids := details{"from_account_id": t.AccountID, "to_account_id": t.To}
	if err := tx.record("project.transfer", resource{t.AccountID, "project", t.ProjectID}, ids); err != nil {
		return err
	}
	if err := tx.recordOf(tx.act, "project.receive", resource{t.To, "project", t.ProjectID}, ids); err != nil {
		return err
	}
	for _, account := range []string{t.AccountID, t.To} {
		err := tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: account, ProjectID: t.ProjectID, Type: models.EventProjectTransferred,
			Data: models.ToJSON(map[string]any{"project_id": t.ProjectID, "from_account_id": t.AccountID, "to_account_id": t.To})})
		if err != nil {
			return err
		}
	}
	return nil
}
