package store

import (
	"database/sql"

	"github.com/spark-games/spark/models"
)

// jobs runs a query whose columns are columns of jobs, and reads its rows. It serves the statements that every job passes through
// several times, for which reading by reflection is too slow.
func (tx *tx) jobs(query string, args ...any) (all []models.Job, err error) {
	rows, err := tx.Statement.ConnPool.QueryContext(tx.Statement.Context, tx.dialect.bind(query), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var job models.Job
		if err := scanJob(rows, columns, &job); err != nil {
			return nil, err
		}
		all = append(all, *utc(&job))
	}
	return all, rows.Err()
}

func scanJob(rows *sql.Rows, columns []string, job *models.Job) error {
	into := make([]any, len(columns))
	for i, c := range columns {
		into[i] = jobField(job, c)
	}
	return rows.Scan(into...)
}

// jobField is where a column of jobs is read into. Columns that a Job does not have are read and dropped.
func jobField(j *models.Job, column string) any {
	switch column {
	case "id":
		return &j.ID
	case "account_id":
		return &j.AccountID
	case "project_id":
		return &j.ProjectID
	case "pipeline_id":
		return &j.PipelineID
	case "step":
		return &j.Step
	case "resolved":
		return &j.Resolved
	case "end_user":
		return &j.EndUser
	case "kind":
		return (*string)(&j.Kind)
	case "priority":
		return (*string)(&j.Priority)
	case "state":
		return (*string)(&j.State)
	case "input":
		return &j.Input
	case "metadata":
		return &j.Metadata
	case "submitter":
		return &j.Submitter
	case "output":
		return &j.Output
	case "attempt":
		return &j.Attempt
	case "failures":
		return &j.Failures
	case "outages":
		return &j.Outages
	case "max_failures":
		return &j.MaxFailures
	case "worker_deaths":
		return &j.WorkerDeaths
	case "deaths_alone":
		return &j.DeathsAlone
	case "suspect_of":
		return &j.SuspectOf
	case "suspect_alone":
		return &j.SuspectAlone
	case "progress":
		return &j.Progress
	case "stage":
		return &j.Stage
	case "error_code":
		return (*string)(&j.ErrorCode)
	case "error_message":
		return &j.ErrorMessage
	case "log_tail":
		return &j.LogTail
	case "on_dependency_failure":
		return (*string)(&j.OnDependencyFailure)
	case "expires_at":
		return &j.ExpiresAt
	case "concurrency_key":
		return &j.ConcurrencyKey
	case "traceparent":
		return &j.Traceparent
	case "run_at":
		return &j.RunAt
	case "cancel_requested_at":
		return &j.CancelRequestedAt
	case "cancel_reason":
		return &j.CancelReason
	case "event_seq":
		return &j.EventSeq
	case "tokens_in":
		return &j.TokensIn
	case "tokens_out":
		return &j.TokensOut
	case "output_bytes":
		return &j.OutputBytes
	case "created_at":
		return &j.CreatedAt
	case "started_at":
		return &j.StartedAt
	case "finished_at":
		return &j.FinishedAt
	}
	return new(any)
}
