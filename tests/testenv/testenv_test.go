package testenv_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/spark-games/spark/tests/services/server"
	"github.com/spark-games/spark/tests/testenv"
)

func TestPostgresGivesEachTestADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := testenv.Postgres(t), testenv.Postgres(t)
	run(t, first, "CREATE TABLE marks (n int)")
	if there(t, second, "marks") {
		t.Error("a table of one database is visible in another")
	}
}

func TestPostgresDropsTheDatabaseUnderOpenConnections(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("user", func(t *testing.T) {
		conn := connect(t, testenv.Postgres(t)) // closed only after the drop
		if err := conn.QueryRow(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var left int
	conn := connect(t, testenv.Postgres(t))
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&left); err != nil {
		t.Fatal(err)
	}
	if name == "" || left != 0 {
		t.Errorf("database %q is still there", name)
	}
}

func TestPostgresFromPreparesATemplateOnce(t *testing.T) {
	t.Parallel()
	var prepared atomic.Int32
	prepare := func(ctx context.Context, url string) error {
		prepared.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "CREATE TABLE marks (n int)"); err != nil {
			return err
		}
		return conn.Close(ctx)
	}
	key := t.Name() + fmt.Sprint(os.Getpid())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if url := testenv.PostgresFrom(t, key, prepare); !there(t, url, "marks") {
				t.Error("the copy lacks the template's table")
			}
		})
	}
	wg.Wait()
	if n := prepared.Load(); n != 1 {
		t.Errorf("the template was prepared %d times", n)
	}
}

func TestPostgresFromTriesAgainAfterAFailedPreparation(t *testing.T) {
	t.Parallel()
	key := t.Name() + fmt.Sprint(os.Getpid())
	failed := recorded(t, func(tb testing.TB) {
		testenv.PostgresFrom(tb, key, func(context.Context, string) error { return context.DeadlineExceeded })
	})
	if !strings.Contains(failed, "deadline") {
		t.Errorf("a failing preparation said %q", failed)
	}
	testenv.PostgresFrom(t, key, func(context.Context, string) error { return nil })
}

func TestRedisGivesEachTestADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	first, second := redisClient(t, testenv.Redis(t)), redisClient(t, testenv.Redis(t))
	if err := first.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := second.DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("another test's database holds %d keys", n)
	}
}

func TestRedisIsEmptyWhenTheNumbersWrapAround(t *testing.T) {
	// A separate server: the test moves the counter and leaves data where other tests could find it.
	own := testenv.StartRedis(t)
	t.Setenv("SPARK_TEST_REDIS_ADDR", own.Addr())
	admin := redisClient(t, own.URL())
	if err := admin.Set(t.Context(), "testenv:counter", server.RedisDatabases-5, 0).Err(); err != nil {
		t.Fatal(err)
	}
	held := testenv.Redis(t)
	seen := map[string]bool{held: true}
	for range 10 {
		url := testenv.Redis(t)
		if seen[url] || url == own.URL() {
			t.Fatalf("%s was given away twice, or is the counter's own", url)
		}
		seen[url] = true
	}

	// A run that died left data in the next databases, and its marks have expired.
	if err := admin.FlushDB(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	for url := range seen {
		if err := redisClient(t, url).Set(t.Context(), "trace", "x", 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		url := testenv.Redis(t)
		if n := redisClient(t, url).DBSize(t.Context()).Val(); n != 0 {
			t.Errorf("%s holds %d keys", url, n)
		}
	}
}

func TestRedisNeverTakesADatabaseThatIsInUse(t *testing.T) {
	own := testenv.StartRedis(t)
	t.Setenv("SPARK_TEST_REDIS_ADDR", own.Addr())
	held := testenv.Redis(t)
	if err := redisClient(t, own.URL()).Set(t.Context(), "testenv:counter", 0, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if again := testenv.Redis(t); again == held {
		t.Errorf("%s was given away while it was in use", held)
	}
}

func TestMissingServicesFailTheTestAndSayHowToRunIt(t *testing.T) {
	for name, use := range map[string]func(testing.TB){
		"SPARK_TEST_POSTGRES_URL": func(t testing.TB) { testenv.Postgres(t) },
		"SPARK_TEST_REDIS_ADDR":   func(t testing.TB) { testenv.Redis(t) },
		"SPARK_TEST_CHROMIUM":     func(t testing.TB) { testenv.Chromium(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "")
			failed := recorded(t, use)
			if !strings.Contains(failed, name) || !strings.Contains(failed, "make test") {
				t.Errorf("it said %q", failed)
			}
		})
	}
}

func TestChromiumCanBeRun(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), testenv.Chromium(t), "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("it said %q, %v", out, err)
	}
}

// recorder is a test that records its failure instead of passing it on.
type recorder struct {
	testing.TB
	failure string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// recorded returns the message with which f fails its test.
func recorded(t *testing.T, f func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(r)
	}()
	<-done
	return r.failure
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func run(t *testing.T, url, statement string) {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func there(t *testing.T, url, table string) bool {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	var found bool
	if err := conn.QueryRow(t.Context(), "SELECT to_regclass($1) IS NOT NULL", table).Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

func redisClient(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	options.ContextTimeoutEnabled = true
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
