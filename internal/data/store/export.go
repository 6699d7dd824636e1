package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Exports read all that the platform has of an account. docs/export.md says what that is, decision 48 why it is so.
type Exports struct{ *db }

const (
	// exportStep bounds how many rows one query reads, and parentStep of how many jobs.
	exportStep = 100
	parentStep = 50
)

// Begin begins the export of an account, and notes it in the audit. token is the caller's alone. While another is under way it is CodeLimitReached.
func (s *Exports) Begin(ctx context.Context, accountID, token string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec(fmt.Sprintf(`INSERT INTO account_exports (account_id, token, renewed_at) VALUES (?, ?, %[1]s)
			ON CONFLICT (account_id) DO UPDATE SET token = excluded.token, renewed_at = excluded.renewed_at WHERE account_exports.renewed_at < %[2]s`,
			tx.dialect.now(), tx.dialect.nowPlus(micros(-models.ExportLease))), accountID, token)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return models.NewError(models.CodeLimitReached, "an export of the account is under way; wait for its end")
		}
		return tx.record("account.export", resource{accountID, "account", accountID})
	})
}

// Renew says that an export goes on. It is CodeConflict when it may not: it was not renewed in time and another one has begun, or the account was suspended or
// deleted.
func (s *Exports) Renew(ctx context.Context, accountID, token string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		res := tx.Exec(`UPDATE account_exports SET renewed_at = `+tx.dialect.now()+` WHERE account_id = ? AND token = ?
			AND EXISTS (SELECT 1 FROM accounts WHERE id = ? AND state <> ?)`, accountID, token, accountID, models.AccountSuspended)
		if res.Error == nil && res.RowsAffected == 0 {
			return models.NewError(models.CodeConflict, "the export cannot go on: another one has begun, or the account was closed")
		}
		return res.Error
	})
}

// End ends an export. It is the same to end one that is over.
func (s *Exports) End(ctx context.Context, accountID, token string) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	return s.write(ctx, func(tx *tx) error {
		return tx.Exec("DELETE FROM account_exports WHERE account_id = ? AND token = ?", accountID, token).Error
	})
}

// Tables are the tables of which an export has rows, in its order.
func (s *Exports) Tables() (names []string) {
	for _, e := range exported {
		names = append(names, e.table)
	}
	return names
}

// Rows calls yield with each row of an account in a table, as a JSON object, and with the files of a revision, an artifact or an asset. Rows that are added or
// changed meanwhile may be there or not; each is there once.
func (s *Exports) Rows(ctx context.Context, accountID, name string, yield func(row []byte, files models.Manifest) error) error {
	if err := needAccount(accountID); err != nil {
		return err
	}
	at := slices.IndexFunc(exported, func(e export) bool { return e.table == name })
	if at < 0 {
		return fmt.Errorf("the table %s is not exported", name)
	}
	r, err := s.reader(ctx, exported[at])
	if err != nil {
		return s.wrap(err)
	}
	if r.parent == "" {
		return s.wrap(r.each(ctx, "account_id = ?", []any{accountID}, yield))
	}
	for after, more := "", true; more; {
		var parents []string
		if err := s.read(ctx).Raw("SELECT id FROM "+r.parent+" WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?", accountID, after, parentStep).
			Scan(&parents).Error; err != nil {
			return s.wrap(err)
		}
		if len(parents) > 0 {
			after = parents[len(parents)-1]
			if err := r.each(ctx, r.key[0]+" IN ?", []any{parents}, yield); err != nil {
				return s.wrap(err)
			}
		}
		more = len(parents) == parentStep
	}
	return nil
}

// exportReader reads the rows of a table in the order of a key.
type exportReader struct {
	*db
	export
	columns []Column
	query   string // up to the conditions
	order   string
	after   string // is true of rows after the one whose key its parameters are
}

func (s *Exports) reader(ctx context.Context, e export) (*exportReader, error) {
	pool, err := s.r.DB()
	if err != nil {
		return nil, err
	}
	tables, err := s.tables(ctx, pool)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(tables, func(t table) bool { return t.name == e.table })
	if at < 0 {
		return nil, fmt.Errorf("there is no table %s", e.table)
	}
	of, err := tables[at].portable()
	if err != nil {
		return nil, err
	}
	r := &exportReader{db: s.db, export: e}
	var wanted, marks []string
	for i, c := range of.Columns {
		if slices.Contains(e.key, c.Name) && s.dialect.writesInQueries() {
			e.kinds = append(e.kinds, c.Name, tables[at].columns[i].kind)
		}
		if _, left := e.left[c.Name]; left {
			continue
		}
		r.columns = append(r.columns, c)
		if wanted = append(wanted, quote(c.Name)); c.Kind == KindText {
			wanted[len(wanted)-1] = "CAST(" + quote(c.Name) + " AS text)" // JSON stays as it was written
		}
	}
	for _, c := range e.more {
		r.columns = append(r.columns, Column{c[0], KindText})
		wanted = append(wanted, c[1])
	}
	var order []string
	for i, k := range e.key { // keys are read and compared as the database writes them
		order = append(order, quote(e.table)+"."+quote(k))
		wanted = append(wanted, fmt.Sprintf("CAST(%s AS text) AS key_%d", order[i], i))
		if at := slices.Index(e.kinds, k); at >= 0 {
			marks = append(marks, "CAST(? AS "+e.kinds[at+1]+")")
		} else {
			marks = append(marks, "?")
		}
	}
	r.query = "SELECT " + strings.Join(wanted, ", ") + " FROM " + quote(e.table) + " WHERE "
	r.order = strings.Join(order, ", ")
	r.after = "(" + r.order + ") > (" + strings.Join(marks, ", ") + ")"
	return r, nil
}

// each calls yield with the rows for which a condition is true. While it does, it holds no connection.
func (r *exportReader) each(ctx context.Context, where string, args []any, yield func(row []byte, files models.Manifest) error) error {
	if r.where != "" {
		where = r.where
	}
	condition, now := where, args
	for {
		rows, last, err := r.page(ctx, condition, now)
		if err != nil {
			return fmt.Errorf("export %s: %w", r.table, err)
		}
		for _, values := range rows {
			line, files, err := r.line(ctx, values)
			if err == nil {
				err = yield(line, files)
			}
			if err != nil {
				return err
			}
		}
		if len(rows) < exportStep {
			return nil
		}
		condition, now = where+" AND "+r.after, append(slices.Clone(args), last...)
	}
}

// page reads some rows, and the key of the last.
func (r *exportReader) page(ctx context.Context, condition string, args []any) (all [][]any, last []any, err error) {
	q := r.read(ctx).Raw(r.query+condition+" ORDER BY "+r.order+" LIMIT ?", append(slices.Clone(args), exportStep)...)
	rows, err := q.Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		values, key, into := make([]any, len(r.columns)), make([]string, len(r.key)), make([]any, 0, len(r.columns)+len(r.key))
		for i, c := range r.columns {
			into = append(into, c.Kind.scan(&values[i]))
		}
		for i := range key {
			into = append(into, &key[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, nil, err
		}
		all, last = append(all, values), last[:0]
		for _, k := range key {
			last = append(last, k)
		}
	}
	return all, last, rows.Err()
}

// line is a row as a JSON object, with the files that it names.
func (r *exportReader) line(ctx context.Context, values []any) (line []byte, files models.Manifest, err error) {
	row := make(map[string]any, len(values)+1)
	for i, c := range r.columns {
		switch v := values[i].(type) {
		case string:
			row[c.Name] = v
			if slices.Contains(r.json, c.Name) && json.Valid([]byte(v)) {
				row[c.Name] = json.RawMessage(v)
			}
		case []byte:
			row[c.Name] = base64.StdEncoding.EncodeToString(v)
		default:
			row[c.Name] = v
		}
	}
	if r.export.files != nil {
		if files, err = r.export.files(ctx, r.db, row); err != nil {
			return nil, nil, err
		}
	}
	line, err = json.Marshal(row)
	return line, files, err
}

// filesOfRevision adds to a revision its files.
func filesOfRevision(ctx context.Context, d *db, row map[string]any) (models.Manifest, error) {
	rev := models.Revision{}
	rev.Tree, _ = row["tree"].(string)
	if rev.Tree == "" {
		return nil, nil
	}
	if err := fillManifest(d.read(ctx), &rev); err != nil {
		var there []string
		if other := d.read(ctx).Raw("SELECT id FROM revisions WHERE id = ?", row["id"]).Scan(&there).Error; other != nil || len(there) > 0 {
			return nil, errors.Join(err, other)
		}
		row["files"] = nil // it was removed meanwhile
		return nil, nil
	}
	row["files"] = rev.Manifest
	return rev.Manifest, nil
}

func filesOfArtifact(_ context.Context, _ *db, row map[string]any) (files models.Manifest, err error) {
	raw, _ := row["manifest"].(json.RawMessage)
	return files, json.Unmarshal(raw, &files)
}

func filesOfAsset(_ context.Context, _ *db, row map[string]any) (models.Manifest, error) {
	var a models.Asset
	a.SHA256, _ = row["sha256"].(string)
	a.Size, _ = row["size"].(int64)
	a.ThumbnailSHA256, _ = row["thumbnail_sha256"].(string)
	a.ThumbnailSize, _ = row["thumbnail_size"].(int64)
	return a.Files(), nil
}
