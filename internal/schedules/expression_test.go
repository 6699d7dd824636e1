package schedules

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/models"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return parsed
}

func TestNext(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		cron, zone, after string
		want              []string
	}{
		"UTC": {"30 2 * * *", "", "2026-03-01T02:30:00Z", []string{"2026-03-02T02:30:00Z", "2026-03-03T02:30:00Z"}},
		"a time that the clock leaves out": {"30 2 * * *", "Europe/Berlin", "2027-03-27T00:00:00Z",
			[]string{"2027-03-27T02:30:00+01:00", "2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"}},
		"several of them are one": {"0,20,40 2,3 * * *", "Europe/Berlin", "2027-03-28T01:59:00+01:00",
			[]string{"2027-03-28T03:00:00+02:00", "2027-03-28T03:20:00+02:00", "2027-03-28T03:40:00+02:00"}},
		"a time that the clock shows twice": {"30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		"after its first showing, within the second": {"30,45 2 * * *", "Europe/Berlin", "2026-10-25T02:30:00+01:00",
			[]string{"2026-10-26T02:30:00+01:00"}},
		"every hour goes on": {"30 * * * *", "Europe/Berlin", "2026-10-25T01:40:00+02:00",
			[]string{"2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00"}},
		"every hour, over what is left out": {"0 * * * *", "Europe/Berlin", "2027-03-28T00:30:00+01:00",
			[]string{"2027-03-28T01:00:00+01:00", "2027-03-28T03:00:00+02:00", "2027-03-28T04:00:00+02:00"}},
		"every quarter, over what is left out": {"*/15 * * * *", "America/New_York", "2027-03-14T01:30:00-05:00",
			[]string{"2027-03-14T01:45:00-05:00", "2027-03-14T03:00:00-04:00", "2027-03-14T03:15:00-04:00"}},
		"half an hour is left out": {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30",
			[]string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}},
		"half an hour twice": {"45 1 * * *", "Australia/Lord_Howe", "2026-04-05T00:00:00+11:00",
			[]string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}},
		"midnight is left out": {"0 0 * * *", "America/Asuncion", "2023-09-30T12:00:00-04:00",
			[]string{"2023-10-01T01:00:00-03:00", "2023-10-02T00:00:00-03:00"}},
		"a day is left out": {"0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00-10:00",
			[]string{"2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00", "2012-01-01T12:00:00+14:00"}},
		"on a day of the week, by the zone": {"0 1 * * 1", "Asia/Tokyo", "2026-11-28T00:00:00Z", []string{"2026-11-30T01:00:00+09:00"}},
		"leap days":                         {"0 0 29 2 *", "", "2095-01-01T00:00:00Z", []string{"2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"}},
		"@daily":                            {"@daily", "Asia/Kathmandu", "2026-11-28T00:00:00Z", []string{"2026-11-29T00:00:00+05:45"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := Parse(tt.cron, tt.zone)
			require.NoError(t, err)
			next := at(t, tt.after)
			for _, want := range tt.want {
				next = e.Next(next)
				require.Equal(t, at(t, want).UTC(), next)
			}
		})
	}
}

func TestWhatIsNoExpression(t *testing.T) {
	t.Parallel()
	for cron, zone := range map[string]string{
		"": "", "* * * *": "", "* * * * * *": "", "60 * * * *": "", "TZ=UTC * * * * *": "", "CRON_TZ=": "", "TZ=": "", "@every 1s": "", " @every 1h": "",
		"@reboot": "", "0 0 30 2 *": "", "0 0 * * 8": "", "*/0 * * * *": "", "\xff * * * *": "", "0 0 1-0 * *": "",
	} {
		_, err := Parse(cron, zone)
		require.Equal(t, "/cron", models.AsError(err).Pointer, cron)
		require.Equal(t, models.CodeInvalidRequest, models.CodeOf(err), cron)
	}
	for _, zone := range []string{"Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\x00", "europe\\berlin"} {
		_, err := Parse("@daily", zone)
		require.Equal(t, "/time_zone", models.AsError(err).Pointer, zone)
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	for cron, want := range map[string]time.Duration{
		"* * * * *": time.Minute, "*/15 * * * *": 15 * time.Minute, "0 0 * * *": 24 * time.Hour, "0 0 1 1 *": 24 * time.Hour, "50 23,0 * * *": time.Hour,
		"0,59 * * * *": time.Minute, "0 */7 * * *": 3 * time.Hour, "@hourly": time.Hour, "0,50 0 * * *": 50 * time.Minute,
	} {
		e, err := Parse(cron, "")
		require.NoError(t, err)
		require.Equal(t, want, e.Closest(), cron)
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	e, err := Parse("0 9 * * 1-5", "")
	require.NoError(t, err)
	from := at(t, "2026-11-02T09:00:00Z")
	for moment, want := range map[string]string{
		"2026-11-02T09:00:00Z": "2026-11-02T09:00:00Z", "2026-11-28T00:00:00Z": "2026-11-27T09:00:00Z", "2026-11-30T08:59:59Z": "2026-11-27T09:00:00Z",
	} {
		require.Equal(t, at(t, want), e.Last(at(t, moment), from), moment)
	}
	require.Zero(t, e.Last(at(t, "2026-11-02T08:59:59Z"), from))
}

// Whatever is accepted is due later and later, and Last agrees with Next.
func FuzzParse(f *testing.F) {
	f.Add("*/5 * * * *", "Europe/Berlin", int64(1_774_745_999))
	f.Add("30 2 29 2 *", "Australia/Lord_Howe", int64(4_000_000_000))
	f.Add("@weekly", "Pacific/Apia", int64(1_325_100_000))
	f.Add("TZ=0", "", int64(0))
	f.Fuzz(func(t *testing.T, expression, zone string, unix int64) {
		e, err := Parse(expression, zone)
		if err != nil {
			if p := models.AsError(err).Pointer; p != "/cron" && p != "/time_zone" {
				t.Fatalf("%v", err)
			}
			return
		}
		after := time.Unix(unix%4_000_000_000, 0)
		for range 5 {
			next := e.Next(after)
			if !next.After(after) {
				t.Fatalf("%s is not after %s", next, after)
			}
			if got := e.Last(next, next.Add(-time.Minute)); !got.Equal(next) {
				t.Fatalf("the last at %s is %s", next, got)
			}
			after = next
		}
	})
}

// Clocks that are changed at midnight, or by a day, stop nothing.
func TestEveryZoneGoesOn(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Pacific/Apia", "America/Asuncion", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Cairo", "America/Havana",
		"Asia/Gaza", "Pacific/Kwajalein", "Antarctica/Troll", "Africa/Casablanca", "America/Santiago"} {
		for _, cron := range []string{"0 * 1,30 * *", "30 * * * 6", "*/20 * 31 12 *", "0 0 * * *", "15 2 * * 0", "@monthly"} {
			e, err := Parse(cron, zone)
			require.NoError(t, err)
			for year := 1969; year < 2030; year += 3 {
				after := time.Date(year, time.December, 29, 7, 11, 0, 0, time.UTC)
				for range 20 {
					next := e.Next(after)
					require.True(t, next.After(after), "%s in %s after %s", cron, zone, after)
					require.Less(t, next.Sub(after), 370*24*time.Hour)
					after = next
				}
			}
		}
	}
}
