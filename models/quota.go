package models

import (
	"strings"
	"time"
)

// Spent is what was used in a day, and what is stored.
type Spent struct {
	Jobs        int64 // that were submitted
	Tokens      int64 // of language models, in and out, of jobs that have ended
	BuildMillis int64 // that builds which have ended ran
	Stored      int64 // bytes that the account has stored now; 0 of an end user
}

// Quota is how much of something may be used, and how much was: in a day (UTC), or for as long as it is stored.
type Quota struct {
	Name  string // of the limit, see Limits
	Limit int64
	Used  int64
}

// OfEndUser reports whether it is of each end user.
func (q Quota) OfEndUser() bool { return strings.HasSuffix(q.Name, "_per_end_user") }

// Daily reports whether it is of a day.
func (q Quota) Daily() bool { return q.Name != storageQuota }

const storageQuota = "max_storage_mb"

// Quotas are those of an account's limits that are said by the day, and storage. The first four are the account's, and the others those of each of its end
// users. What has no limit is not among them.
func (l Limits) Quotas(account, endUser Spent) (all []Quota) {
	add := func(name string, limit *int, used int64) {
		if limit != nil && *limit > 0 {
			all = append(all, Quota{name, int64(*limit), used})
		}
	}
	add("jobs_per_day", l.JobsPerDay, account.Jobs)
	add("tokens_per_day", l.TokensPerDay, account.Tokens)
	add("build_minutes_per_day", l.BuildMinutesPerDay, account.buildMinutes())
	add(storageQuota, l.MaxStorageMB, account.Stored>>20)
	add("jobs_per_day_per_end_user", l.JobsPerDayPerEndUser, endUser.Jobs)
	add("tokens_per_day_per_end_user", l.TokensPerDayPerEndUser, endUser.Tokens)
	add("build_minutes_per_day_per_end_user", l.BuildMinutesPerDayPerEndUser, endUser.buildMinutes())
	return all
}

func (s Spent) buildMinutes() int64 { return s.BuildMillis / time.Minute.Milliseconds() }

// DayEnds is when the day of a time ends, in UTC: quotas begin anew.
func DayEnds(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }
