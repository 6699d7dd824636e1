package schedules

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the same time zones wherever the program runs

	"github.com/robfig/cron/v3"

	"github.com/spark-games/spark/models"
)

const (
	maxExpression = 100
	maxZone       = 64
)

var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// Expression is a cron expression in a time zone. It goes by the clock on the wall: a time that the clock leaves out, since it is put forward, comes at
// the first moment after that, and several such times come as one. A time that the clock shows twice, since it is put back, comes the first time only.
// Expressions that are due in every hour go on in the hour that is repeated.
type Expression struct {
	spec   *cron.SpecSchedule // in UTC, which stands for the clock on the wall
	hourly bool               // it is due in every hour
	zone   *time.Location
	closer time.Duration
}

// Parse reads an expression of five fields, or one such as "@daily". Errors point at /cron or /time_zone.
func Parse(expression, zone string) (*Expression, error) {
	loc, err := parseZone(zone)
	if err != nil {
		return nil, err
	}
	e := &Expression{zone: loc}
	if e.spec, err = parseCron(expression); err != nil {
		return nil, err
	}
	if e.spec.Next(time.Date(1999, 12, 31, 23, 59, 0, 0, time.UTC)).IsZero() {
		return nil, models.FieldError("/cron", "there is no such day")
	}
	every := uint64(1)<<24 - 1
	e.hourly = e.spec.Hour&every == every
	e.closer = closest(e.spec)
	return e, nil
}

func parseCron(expression string) (*cron.SpecSchedule, error) {
	switch {
	case len(expression) > maxExpression:
		return nil, models.FieldError("/cron", fmt.Sprintf("is at most %d characters", maxExpression))
	case strings.Contains(expression, "="):
		return nil, models.FieldError("/cron", "a time zone stands in time_zone")
	case strings.HasPrefix(strings.TrimSpace(expression), "@every"):
		return nil, models.FieldError("/cron", "name the minutes or hours, such as */15 * * * *, in place of @every")
	}
	parsed, err := parser.Parse(expression)
	if err != nil {
		return nil, models.FieldError("/cron",
			"is minute, hour, day of the month, month and day of the week, or @hourly, @daily, @weekly, @monthly or @yearly: "+
				strings.ToValidUTF8(err.Error(), "?"))
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, models.FieldError("/cron", "is not an expression of fields")
	}
	spec.Location = time.UTC
	return spec, nil
}

func parseZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	if len(name) > maxZone || name == "Local" {
		return nil, unknownZone
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, unknownZone
	}
	return loc, nil
}

var unknownZone = models.FieldError("/time_zone", "there is no such time zone; it is a name of the IANA database, such as Europe/Berlin")

// Next is the first time after another at which it is due.
func (e *Expression) Next(after time.Time) time.Time {
	shown := wall(after.In(e.zone))
	// Where the clock is not changed nearby, nothing is shown twice. Looking for it anyway would take a schedule of each minute 180 steps.
	before, later := offsets(shown, e.zone)
	twice := e.hourly && before != later
	if twice {
		shown = shown.Add(-longestRepeat)
	}
	again := time.Time{} // the earliest second showing after it
	for {
		shown = following(e.spec, shown)
		at := first(shown, e.zone)
		switch {
		case at.After(after) && !again.IsZero() && again.Before(at):
			return again
		case at.After(after):
			return at
		case twice && again.IsZero():
			// What is shown never decreases from one first showing to the next, and neither from one second showing to the next.
			if second := last(shown, e.zone); second.After(after) {
				again = second
			}
		}
	}
}

// longestRepeat is longer than what a clock shows twice.
const longestRepeat = 3 * time.Hour

// following is the next time of an expression that has some. The library looks five years ahead, and 2100 has no leap day.
func following(spec *cron.SpecSchedule, after time.Time) time.Time {
	for {
		if next := spec.Next(after); !next.IsZero() {
			return next
		}
		after = after.AddDate(4, 0, 0)
	}
}

// wall is what a clock shows, as if it were UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// first is the first moment at which a clock in a zone shows a time, or if it never does, the moment at which it passes over it.
func first(shown time.Time, zone *time.Location) time.Time {
	before, after := offsets(shown, zone)
	for _, o := range []time.Duration{max(before, after), min(before, after)} {
		if at := shown.Add(-o); wall(at.In(zone)).Equal(shown) {
			return at
		}
	}
	start, _ := shown.Add(-before).In(zone).ZoneBounds()
	return start.UTC()
}

// last is the last moment at which a clock in a zone shows a time; zero if it never does.
func last(shown time.Time, zone *time.Location) time.Time {
	before, after := offsets(shown, zone)
	for _, o := range []time.Duration{min(before, after), max(before, after)} {
		if at := shown.Add(-o); wall(at.In(zone)).Equal(shown) {
			return at
		}
	}
	return time.Time{}
}

// offsets are those of a zone before and after whatever happens to its clock around a time that it shows: zones are at most 14 hours from UTC.
func offsets(shown time.Time, zone *time.Location) (before, after time.Duration) {
	offset := func(at time.Time) time.Duration {
		_, seconds := at.In(zone).Zone()
		return time.Duration(seconds) * time.Second
	}
	return offset(shown.Add(-15 * time.Hour)), offset(shown.Add(15 * time.Hour))
}

// Last is the last time at or before another at which it was due, or zero if that is before a third.
func (e *Expression) Last(at, notBefore time.Time) time.Time {
	for back := time.Minute; ; back *= 2 {
		from := at.Add(-back)
		if from.Before(notBefore) {
			from = notBefore.Add(-time.Nanosecond)
		}
		if next := e.Next(from); !next.After(at) {
			for following := e.Next(next); !following.After(at); following = e.Next(next) {
				next = following
			}
			return next
		}
		if from.Before(notBefore) {
			return time.Time{}
		}
	}
}

// Closest is how close two times may be at which it is due, changes of the clock aside.
func (e *Expression) Closest() time.Duration { return e.closer }

// closest goes through the times of a day. That the last of one day and the first of the next are both due is assumed.
func closest(spec *cron.SpecSchedule) time.Duration {
	const day = 24 * 60
	least, firstAt, last, times := day, -1, -1, 0
	for h := range 24 {
		if spec.Hour&(1<<h) == 0 {
			continue
		}
		for m := range 60 {
			if spec.Minute&(1<<m) == 0 {
				continue
			}
			at := h*60 + m
			if last >= 0 {
				least = min(least, at-last)
			} else {
				firstAt = at
			}
			last = at
			times++
		}
	}
	if times > 1 {
		least = min(least, firstAt+day-last)
	}
	return time.Duration(least) * time.Minute
}
