//go:build !js

package main

import "github.com/hajimehoshi/ebiten/v2"

// publish has nobody to tell outside a browser.
func (g *Game) publish() {}

// taps are what the engine may have missed; outside a browser it misses nothing.
func (in *Input) taps() (keys []string, click bool) { return nil, false }

// preferences of the player are not known outside a browser.
func preferences() (touch, calm, muted bool) { return false, false, false }

// away tells whether the player looks at something else.
func away() bool { return !ebiten.IsFocused() }
