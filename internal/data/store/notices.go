package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/spark-games/spark/models"
)

// noticesStep bounds how many notices one transaction gives.
const noticesStep = 200

// quotaUse says of a limit by the day what is used of it in a row of spent, in units of which so many are one of the limit's.
var quotaUse = []struct {
	limit, column string
	unit          int64
}{
	{"jobs_per_day", "jobs", 1}, {"tokens_per_day", "tokens", 1}, {"build_minutes_per_day", "build_millis", 60_000},
}

// reached is a quota of which so much is used.
type reached struct {
	AccountID, EndUser, Quota, Day string
	Percent                        int
	Used, Most                     int64
}

// reachedQuery finds the quotas of which 80 or all percent are used today, or now if they are of what runs, and of which that was not told. Its
// arguments are the limits of accounts that have none of their own, in the order of quotaUse: those of accounts, those of end
// users, that of storage, and those of how many jobs run.
func reachedQuery(d dialect) string {
	var parts []string
	for _, endUser := range []bool{false, true} {
		suffix, whose := "", "s.end_user = ''"
		if endUser {
			suffix, whose = "_per_end_user", "s.end_user <> ''"
		}
		for _, q := range quotaUse {
			limit := q.limit + suffix
			parts = append(parts, fmt.Sprintf(`SELECT s.account_id, s.end_user, '%[1]s' AS quota, s.day, s.%[2]s / %[3]d AS used,
				s.%[2]s AS exact, %[3]d AS unit, coalesce(a.%[1]s, p.%[1]s, CAST(? AS integer)) AS most
				FROM spent s JOIN accounts a ON a.id = s.account_id LEFT JOIN plans p ON p.name = a.plan WHERE s.day = %[4]s AND %[5]s`,
				limit, q.column, q.unit, today(d), whose))
		}
	}
	parts = append(parts, fmt.Sprintf(`SELECT s.account_id, '' AS end_user, 'max_storage_mb' AS quota, %s AS day, s.bytes / 1048576 AS used, s.bytes AS exact,
		1048576 AS unit, coalesce(a.max_storage_mb, p.max_storage_mb, CAST(? AS integer)) AS most
		FROM account_storage s JOIN accounts a ON a.id = s.account_id LEFT JOIN plans p ON p.name = a.plan`, today(d)))
	for _, endUser := range []bool{false, true} { // how many run now
		limit, whose, some, by := "max_running", "''", "true", ""
		if endUser {
			limit, whose, some, by = limit+"_per_end_user", "q.end_user", "q.end_user <> ''", ", q.end_user"
		}
		parts = append(parts, fmt.Sprintf(`SELECT q.account_id, %[2]s AS end_user, '%[1]s' AS quota, %[4]s AS day, count(*) AS used,
			count(*) AS exact, 1 AS unit, max(coalesce(a.%[1]s, p.%[1]s, CAST(? AS integer))) AS most
			FROM job_queue q JOIN accounts a ON a.id = q.account_id LEFT JOIN plans p ON p.name = a.plan
			WHERE q.place = '%[5]s' AND %[3]s GROUP BY q.account_id%[6]s`, limit, whose, some, today(d), placeReleased, by))
	}
	return fmt.Sprintf(`SELECT u.account_id, u.end_user, u.quota, u.day, c.percent, u.used, u.most FROM (%s) u
		JOIN (SELECT 80 AS percent UNION ALL SELECT 100) c ON u.most > 0 AND u.exact * 100 >= CAST(u.most AS bigint) * u.unit * c.percent
		WHERE u.account_id <> '%s' AND NOT EXISTS (SELECT 1 FROM quota_notices n WHERE n.account_id = u.account_id AND n.end_user = u.end_user
			AND n.quota = u.quota AND n.percent = c.percent AND n.day = u.day)
		ORDER BY u.account_id, u.end_user, u.quota, c.percent LIMIT %d`, strings.Join(parts, " UNION ALL "), models.SystemAccountID, noticesStep)
}

// TellQuotas adds an event to the stream of each account that has used 80 or all percent of one of its quotas, or of which an end user has: once a day
// for each, whoever looks. It returns how many, and whether there may be more.
func (s *Spending) TellQuotas(ctx context.Context, defaults models.Limits) (told int, more bool, err error) {
	var args []any
	values := make(map[string]int)
	for _, f := range defaults.Fields() {
		if *f.Value != nil {
			values[f.Name] = **f.Value
		}
	}
	for _, suffix := range []string{"", "_per_end_user"} {
		for _, q := range quotaUse {
			args = append(args, values[q.limit+suffix])
		}
	}
	args = append(args, values["max_storage_mb"], values["max_running"], values["max_running_per_end_user"])
	var found []reached
	if err := s.read(ctx).Raw(reachedQuery(s.dialect), args...).Scan(&found).Error; err != nil || len(found) == 0 {
		return 0, false, s.wrap(err)
	}
	err = s.write(ctx, func(tx *tx) error {
		told = 0
		for _, r := range found {
			res := tx.Exec("INSERT INTO quota_notices (account_id, end_user, quota, percent, day) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				r.AccountID, r.EndUser, r.Quota, r.Percent, r.Day)
			if res.Error != nil || res.RowsAffected == 0 { // another process was faster
				if res.Error != nil {
					return res.Error
				}
				continue
			}
			data := map[string]any{"quota": r.Quota, "percent": r.Percent, "limit": r.Most, "used": r.Used, "day": r.Day, "end_user": nil}
			if r.EndUser != "" {
				data["end_user"] = r.EndUser
			}
			err := tx.addEvent(&models.AccountEvent{ID: models.NewID(), AccountID: r.AccountID, Type: models.EventQuota, Data: models.ToJSON(data)})
			if err != nil {
				return err
			}
			told++
		}
		return nil
	})
	return told, len(found) == noticesStep, err
}
