package store

import "context"

// Marks are for ids of jobs and operations, and of accounts, projects and pipelines, those of any account: a text for each that is another after each
// change of the job or the operation, or event in the stream. A pipeline's also is after events of its project. What does not exist has none. Nothing
// else is told about them.
func (s *Stream) Marks(ctx context.Context, ids []string) (marks map[string]string, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	r := newRecords("id text")
	for _, id := range ids {
		r.add(id)
	}
	with, args := r.with(s.dialect)
	var rows []struct{ ID, Mark string }
	err = s.read(ctx).Raw(with+` SELECT r.id, coalesce(
			(SELECT j.account_id || ' ' || CAST(j.event_seq AS text) FROM jobs j WHERE j.id = r.id),
			(SELECT CAST(max(e.position) AS text) FROM event_stream e WHERE e.account_id = r.id),
			(SELECT CAST(max(e.position) AS text) FROM event_stream e WHERE e.project_id = r.id AND e.project_id <> ''),
			(SELECT CAST(max(e.position) AS text) FROM event_stream e
				WHERE e.project_id = (SELECT p.project_id FROM pipelines p WHERE p.id = r.id) AND e.project_id <> ''),
			(SELECT o.state || ' ' || CAST(o.done + o.along + o.skipped + o.failed + o.matched AS text) FROM operations o WHERE o.id = r.id),
			'') AS mark FROM r`, args...).Scan(&rows).Error
	if err != nil {
		return nil, s.wrap(err)
	}
	marks = make(map[string]string, len(rows))
	for _, row := range rows {
		if row.Mark != "" {
			marks[row.ID] = row.Mark
		}
	}
	return marks, nil
}
