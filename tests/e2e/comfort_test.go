package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var (
	tabKey = key{"Tab", "Tab", "", 9}
	keyP   = key{"KeyP", "p", "p", 80}
	keyR   = key{"KeyR", "r", "r", 82}
	keyM   = key{"KeyM", "m", "m", 77}
)

// phone makes the window that of a phone in portrait mode, with touch input and reduced motion.
func (p *page) phone() {
	p.t.Helper()
	_, err := chromedp.Call[emulation.SetDeviceMetricsOverrideParams, cdp.Empty](p.ctx, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 1, Mobile: true})
	require.NoError(p.t, err)
	_, err = chromedp.Call[emulation.SetTouchEmulationEnabledParams, cdp.Empty](p.ctx, emulation.SetTouchEmulationEnabled,
		emulation.SetTouchEmulationEnabledParams{Enabled: true})
	require.NoError(p.t, err)
	_, err = chromedp.Call[emulation.SetEmulatedMediaParams, cdp.Empty](p.ctx, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
	require.NoError(p.t, err)
}

// finger taps a point.
func (p *page) finger(x, y float64) {
	p.t.Helper()
	for _, e := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}},
		{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		_, err := chromedp.Call[input.DispatchTouchEventParams, cdp.Empty](p.ctx, input.DispatchTouchEvent, e)
		require.NoError(p.t, err)
	}
}

// Every browser game can be paused, restarted, muted and operated with the keyboard alone, and played in portrait mode by touch.
func TestGamesAreComfortable(t *testing.T) {
	t.Parallel()
	d := containedDev(t)
	for n, engine := range webEngines(t, d) {
		w := scenarios[n%len(scenarios)]
		t.Run(engine+" "+w.name, func(t *testing.T) {
			t.Parallel()
			address := d.url + gameOf(t, d, engine, w).preview.Output["play_url"].(string)
			t.Run("keys", func(t *testing.T) { comfortOfKeys(t, address) })
			t.Run("finger", func(t *testing.T) { comfortOfFingers(t, address) })
		})
	}
}

func comfortOfKeys(t *testing.T, address string) {
	p := newPage(t)
	p.open(address)
	p.until(`window.__spark?.state === 'title' && window.__spark.fps > 0`)
	// Sound that may not start yet is retried.
	evaluate[bool](p, `[1, 2, 3].every(() => document.dispatchEvent(new KeyboardEvent('keyup', { code: 'KeyQ' })))`)
	p.tap(enter)
	p.until(`window.__spark.state === 'playing'`)
	p.tap(keyM)
	p.until(`window.__spark.muted`)
	p.tap(keyP)
	p.until(`window.__spark.paused`)
	p.tap(keyR)
	p.until(`!window.__spark.paused && window.__spark.state === 'playing' && window.__spark.muted`)

	label := `(document.activeElement.tagName === 'BUTTON' ? document.activeElement.getAttribute('aria-label') : '')`
	for range 4 {
		p.tap(tabKey)
		if evaluate[string](p, label) == "Pause (P)" {
			break
		}
	}
	require.Equal(t, "Pause (P)", evaluate[string](p, label), "the Tab key leads to the button")
	p.tap(space)
	p.until(`window.__spark.paused`)
	p.tap(space)
	p.until(`!window.__spark.paused`)
	p.clean()
}

func comfortOfFingers(t *testing.T, address string) {
	p := newPage(t)
	p.phone()
	p.open(address)
	p.until(`window.__spark?.state === 'title' && window.__spark.fps > 0`)
	p.until(`[...document.querySelectorAll('canvas')].some((c) => { const b = c.getBoundingClientRect(); return b.width > 380 && b.height > 830; })`)
	p.shoot("upright").drawn(t)
	p.finger(195, 800)
	p.until(`window.__spark.state === 'playing'`)
	p.until(`[...document.querySelectorAll('button')].some((b) => b.getAttribute('aria-label') === 'Pause (P)' && b.getBoundingClientRect().width > 38)`)
	at := evaluate[[]float64](p, `(() => {
		const b = [...document.querySelectorAll('button')].find((b) => b.getAttribute('aria-label') === 'Pause (P)').getBoundingClientRect();
		return [b.x + b.width / 2, b.y + b.height / 2];
	})()`)
	p.finger(at[0], at[1])
	p.until(`window.__spark.paused`)
	p.shoot("paused").drawn(t)
	p.clean()
}
