package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/spark-games/spark/tests/testenv"
)

// pageWithin limits each action on a page: software rendering is slow on a busy machine.
const pageWithin = 3 * time.Minute

// pages has a place for each page that may be open concurrently: a small machine can draw two.
var pages = make(chan struct{}, 2)

// browser serves all tests.
type browser struct{ ctx context.Context }

var sharedBrowser = sync.OnceValues(func() (*browser, error) { return startBrowser(os.Getenv("SPARK_TEST_CHROMIUM")) })

func startBrowser(path string) (*browser, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(800, 500),
		chromedp.Flag("use-gl", "angle"), chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("mute-audio", true),
		chromedp.UserDataDir(filepath.Join(sharedDir, "chromium")))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil {
		stopAlloc()
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	shared.add(func() error {
		defer stopAlloc()
		limited, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		_ = chromedp.Cancel(limited) // the browser is a tool: how it ends does not matter
		return nil
	})
	return &browser{ctx}, nil
}

// page is a browser window with a new profile.
type page struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	mistakes []string // console errors, exceptions, failed requests
	loaded   []string // addresses of answers
}

func newPage(t *testing.T) *page {
	t.Helper()
	testenv.Chromium(t) // says what to do when there is none
	b, err := sharedBrowser()
	require.NoError(t, err)
	pages <- struct{}{}
	ctx, closePage := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, pageWithin)
	p := &page{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		closePage()
		<-pages
	})
	require.NoError(t, chromedp.Do(ctx))
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	require.NoError(t, chromedp.Listen(ctx, p.listen))
	return p
}

// listen records what goes wrong on the page.
func (p *page) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	note := func(format string, args ...any) { p.mistakes = append(p.mistakes, fmt.Sprintf(format, args...)) }
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		text := ev.ExceptionDetails.Text
		if ex := ev.ExceptionDetails.Exception; ex != nil {
			text += " " + ex.Description
		}
		note("exception: %s", text)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == runtime.ConsoleAPICalledTypeError || ev.Type == runtime.ConsoleAPICalledTypeAssert {
			var text []string
			for _, a := range ev.Args {
				text = append(text, string(a.Value)+a.Description)
			}
			note("console: %s", strings.Join(text, " "))
		}
	case *log.EventEntryAdded:
		if ev.Entry.Level == log.EntryLevelError || strings.Contains(ev.Entry.Text, "Permissions-Policy") {
			note("log: %s %s", ev.Entry.Text, ev.Entry.URL)
		}
	case *network.EventLoadingFailed:
		if !ev.Canceled {
			note("request failed: %s %s", ev.ErrorText, ev.BlockedReason)
		}
	case *network.EventResponseReceived:
		p.loaded = append(p.loaded, ev.Response.URL)
		if ev.Response.Status >= 400 {
			note("%d for %s", ev.Response.Status, ev.Response.URL)
		}
	}
}

// clean fails the test when something went wrong on the page, but for what is excused by a part of it.
func (p *page) clean(excused ...string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.mistakes {
		if !slices.ContainsFunc(excused, func(part string) bool { return strings.Contains(m, part) }) {
			require.Fail(p.t, "mistakes on the page", "%q", p.mistakes)
		}
	}
}

// onlyFrom fails the test when the page loaded something from elsewhere.
func (p *page) onlyFrom(prefix string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	require.NotEmpty(p.t, p.loaded)
	for _, u := range p.loaded {
		if !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
			require.True(p.t, strings.HasPrefix(u, prefix), "%s is loaded from outside %s", u, prefix)
		}
	}
}

func (p *page) open(address string) {
	p.t.Helper()
	err := chromedp.Do(p.ctx, chromedp.Navigate(address))
	p.mu.Lock() // the previous page may still report something
	defer p.mu.Unlock()
	require.NoError(p.t, err, "open %s; mistakes so far: %q", address, p.mistakes)
}

// openFile opens a file of this machine.
func (p *page) openFile(path string) {
	p.t.Helper()
	p.open((&url.URL{Scheme: "file", Path: path}).String())
}

// evaluate returns the value of an expression, awaited if it is a promise.
func evaluate[T any](p *page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, expression)
	return v
}

// until waits until an expression is true.
func (p *page) until(expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(pageWithin/2)))
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		require.NoError(p.t, err, "waiting for %s; mistakes on the page: %q", expression, p.mistakes)
	}
}

// key is a key of the keyboard.
type key struct {
	code, name, text string
	number           int64
}

var (
	enter      = key{"Enter", "Enter", "\r", 13}
	space      = key{"Space", " ", " ", 32}
	arrowRight = key{"ArrowRight", "ArrowRight", "", 39}
)

func (p *page) press(k key) {
	p.t.Helper()
	p.keyEvent(input.DispatchKeyEventTypeKeyDown, k)
}

func (p *page) release(k key) {
	p.t.Helper()
	p.keyEvent(input.DispatchKeyEventTypeKeyUp, k)
}

func (p *page) keyEvent(what input.DispatchKeyEventType, k key) {
	p.t.Helper()
	params := input.DispatchKeyEventParams{Type: what, Code: k.code, Key: k.name, WindowsVirtualKeyCode: k.number}
	if what == input.DispatchKeyEventTypeKeyDown {
		params.Text = k.text
	}
	_, err := chromedp.Call[input.DispatchKeyEventParams, cdp.Empty](p.ctx, input.DispatchKeyEvent, params)
	require.NoError(p.t, err)
}

// tap presses and releases a key.
func (p *page) tap(k key) {
	p.t.Helper()
	p.press(k)
	p.release(k)
}

func (p *page) click() {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.MouseClickXY(400, 250)))
}
