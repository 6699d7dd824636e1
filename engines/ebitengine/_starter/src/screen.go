package main

import (
	"fmt"
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

// Screen is everything that is text: title, score, hearts, messages, and the buttons for fingers.
type Screen struct {
	words         Words
	ink, glass    color.RGBA
	bright        color.RGBA
	dark          bool
	toast         string
	toastAge      float64
	veil          float64
	bump          float64
	score         int
	clock         float64
	u             float64 // size of everything: 1 for a window of 600 pixels
	width, height float64
	room          float64 // the page has its buttons right of this
	fingers       bool
}

func newScreen() *Screen {
	s := &Screen{words: describe(design), toastAge: 9, u: 1}
	s.dark = brightness(colors.sky)+brightness(colors.skyLow) < 1.1
	if s.dark {
		s.ink, s.glass, s.bright = white, alpha(darker(colors.sky, 0.55), 0.8), lighter(colors.accent, 0.35)
	} else {
		s.ink, s.glass, s.bright = rgb("#1b1530"), alpha(lighter(colors.sky, 0.75), 0.88), darker(colors.accent, 0.45)
	}
	return s
}

func (s *Screen) say(text string) { s.toast, s.toastAge = text, 0 }

func (s *Screen) flash() { s.veil = 1 }

func (s *Screen) clear() { s.toastAge, s.veil, s.score = 9, 0, 0 }

// pad is where a button for fingers is.
func (s *Screen) pad(i int) (x, y, r float64) {
	r = 38 * s.u
	x, y = (20*s.u + r + float64(i)*(2*r+12*s.u)), s.height-20*s.u-r
	if pads[i] == "jump" {
		x = s.width - 20*s.u - r
	}
	return x, y, r
}

// padAt names the button at a place, "" for none.
func (s *Screen) padAt(x, y float64) string {
	s.fingers = true // it is only asked for fingers
	for i, name := range pads {
		if px, py, r := s.pad(i); math.Hypot(x-px, y-py) < r*1.2 {
			return name
		}
	}
	return ""
}

func (s *Screen) draw(dst *ebiten.Image, g *Game, dt float64) {
	s.width, s.height = g.width, g.height
	s.u = clamp(min(g.width/640, g.height/560), 0.55, 2.4)
	s.u = max(s.u, g.scale*min(1, g.width/g.scale/400, g.height/g.scale/380)) // a small window is a phone's: it has to be read
	s.room = s.width - 104*g.scale
	s.clock += dt
	st := g.world.status()
	if s.veil -= 2 * dt; s.veil > 0 {
		red := alpha(rgb("#ff2348"), 0.5*s.veil)
		shade(dst, 0, 0, s.width, s.height*0.3, red, color.RGBA{})
		shade(dst, 0, s.height*0.7, s.width, s.height*0.3, color.RGBA{}, red)
	}
	if g.state != "title" {
		s.hud(dst, st)
	}
	if s.toastAge += dt; s.toastAge < 1.7 {
		a := clamp(min(s.toastAge*8, (1.7-s.toastAge)*3), 0, 1)
		w := width(s.toast, 22*s.u) + 44*s.u
		roundBar(dst, (s.width-w)/2, s.height*0.17, w, 44*s.u, 22*s.u, scaleAlpha(s.glass, a))
		write(dst, s.toast, s.width/2, s.height*0.17+22*s.u, 22*s.u, 0.5, alpha(s.ink, a))
	}
	switch {
	case g.paused:
		s.panel(dst, nil, "Paused", nil, nil, "to go on", "")
	case g.state == "title":
		s.panel(dst, sprites.hero.frame(0), design.Title, s.wrap(s.words.Goal), s.words.How, "to play", "M sound · P pause · R restart")
	case g.state == "won":
		s.panel(dst, sprites.collect, "You win!", append(s.wrap(s.words.Won), s.result(st)), nil, "to play again", "")
	case g.state == "lost":
		s.panel(dst, sprites.hero.frame(0), "Game over", append(s.wrap(s.words.Lost), s.result(st)), nil, "to try again", "")
	}
	if s.fingers && g.state == "playing" && !g.paused {
		s.pads(dst)
	}
}

func scaleAlpha(c color.RGBA, a float64) color.RGBA {
	m := func(x uint8) uint8 { return uint8(float64(x) * a) }
	return color.RGBA{m(c.R), m(c.G), m(c.B), m(c.A)}
}

func (s *Screen) result(st Status) string {
	return fmt.Sprintf("%d of %d · %d:%02d", st.Score, st.Goal, int(st.Time)/60, int(st.Time)%60)
}

func (s *Screen) hud(dst *ebiten.Image, st Status) {
	u := s.u
	if st.Score != s.score {
		s.score, s.bump = st.Score, 1
	}
	s.bump = max(0, s.bump-0.06)
	count := fmt.Sprintf("%d / %d", st.Score, st.Goal)
	x, y, h := 12*u, 12*u, 38*u
	w := 44*u + width(count, 19*u) + 100*u
	roundBar(dst, x, y, w, h, h/2, s.glass)
	put(dst, sprites.collect, Look{X: x + 22*u, Y: y + h/2, Size: (26 + 6*s.bump) * u})
	write(dst, count, x+42*u, y+h/2, 19*u, 0, s.ink)
	roundBar(dst, x+w-88*u, y+h/2-5*u, 74*u, 10*u, 5*u, alpha(s.ink, 0.2))
	if part := clamp(float64(st.Score)/float64(max(1, st.Goal)), 0, 1); part > 0.02 {
		roundBar(dst, x+w-88*u, y+h/2-5*u, 74*u*part, 10*u, 5*u, colors.collect)
	}
	x += w + 8*u
	middle := ""
	switch {
	case st.Boss >= 0:
		middle = fmt.Sprintf("Boss %d %%", int(math.Ceil(100*st.Boss)))
	case st.Moves >= 0:
		middle = fmt.Sprintf("%d moves", st.Moves)
	}
	if middle != "" {
		w = width(middle, 19*u) + 30*u
		x, y = s.place(x, y, w)
		roundBar(dst, x, y, w, h, h/2, s.glass)
		c := s.ink
		if st.Moves >= 0 && st.Moves <= 5 {
			c = rgb("#ff5470")
		}
		write(dst, middle, x+w/2, y+h/2, 19*u, 0.5, c)
		x += w + 8*u
	}
	if st.MaxHearts > 0 {
		w = float64(st.MaxHearts)*28*u + 16*u
		x, y = s.place(x, y, w)
		roundBar(dst, x, y, w, h, h/2, s.glass)
		for i := range st.MaxHearts {
			img, a := sprites.heart, 1.0
			if i >= st.Hearts {
				img, a = sprites.gone, 0.45
			}
			put(dst, img, Look{X: x + (22+28*float64(i))*u, Y: y + h/2, Size: 27 * u, Alpha: a})
		}
	}
}

// place is where the next thing in the corner goes: on the same line, if there is room.
func (s *Screen) place(x, y, w float64) (float64, float64) {
	if x+w < s.room || x <= 12*s.u {
		return x, y
	}
	return 12 * s.u, y + 44*s.u
}

func (s *Screen) panelWidth() float64 { return min(620*s.u, s.width*0.94) }

// wrap breaks a text into lines of the panel.
func (s *Screen) wrap(text string) []string { return wrap(text, 18*s.u, s.panelWidth()-60*s.u) }

// panel is the sheet of the title, of a pause and of the end.
func (s *Screen) panel(dst, icon *ebiten.Image, title string, lines []string, how [][2]string, what, small string) {
	u, w := s.u, s.panelWidth()
	if s.fingers { // there are no keys to tell of
		small = ""
		if len(how) > 0 {
			lines, how = append(lines, s.wrap(s.words.Touch)...), nil
		}
	}
	size := 52 * u
	for size > 24*u && width(title, size) > w-50*u {
		size -= u
	}
	titles := wrap(title, size, w-40*u)
	h := 56*u + float64(len(titles))*size*1.1 + float64(len(lines))*26*u + float64(len(how))*32*u + 60*u
	if icon != nil && s.height > h+120*u {
		h += 110 * u
	} else {
		icon = nil
	}
	if small != "" {
		h += 20 * u
	}
	x, y := (s.width-w)/2, (s.height-h)/2
	roundBar(dst, x-2*u, y-2*u, w+4*u, h+4*u, 30*u, alpha(s.bright, 0.35))
	roundBar(dst, x, y, w, h, 28*u, s.glass)
	mid := s.width / 2
	y += 22 * u
	if icon != nil {
		put(dst, icon, Look{X: mid, Y: y + 52*u + 6*u*math.Sin(s.clock*2.6), Size: 100 * u, Turn: 0.03 * math.Sin(s.clock*2)})
		y += 110 * u
	}
	for _, line := range titles {
		write(dst, line, mid, y+size*0.55+2*u, size, 0.5, alpha(darker(colors.sky, 0.6), map[bool]float64{true: 0.9, false: 0.15}[s.dark]))
		write(dst, line, mid, y+size*0.55, size, 0.5, s.bright)
		y += size * 1.1
	}
	y += 8 * u
	for _, line := range lines {
		write(dst, line, mid, y+13*u, 18*u, 0.5, s.ink)
		y += 26 * u
	}
	y += 6 * u
	for _, row := range how {
		most := w/2 - 20*u
		fitting := func(text string, less float64) float64 { return 15 * u * min(1, (most-less)/width(text, 15*u)) }
		kw := min(most, width(row[0], 15*u)+20*u)
		roundBar(dst, mid-12*u-kw, y+3*u, kw, 26*u, 8*u, alpha(s.ink, 0.14))
		write(dst, row[0], mid-22*u, y+16*u, fitting(row[0], 20*u), 1, s.ink)
		write(dst, row[1], mid+4*u, y+16*u, fitting(row[1], 0), 0, s.ink)
		y += 32 * u
	}
	press := "Press Space or click "
	if s.fingers {
		press = "Tap "
	}
	pulse := 1 + 0.03*math.Sin(s.clock*4.8)
	bw, bh := (width(press+what, 19*u)+52*u)*pulse, 42*u*pulse
	y += 28 * u
	roundBar(dst, mid-bw/2, y-bh/2, bw, bh, bh/2, s.bright)
	c := white
	if brightness(s.bright) > 0.55 {
		c = rgb("#14101f")
	}
	write(dst, press+what, mid, y, 19*u*pulse, 0.5, c)
	if small != "" {
		write(dst, small, mid, y+38*u, 13*u, 0.5, alpha(s.ink, 0.75))
	}
}

// pads are the buttons for fingers.
func (s *Screen) pads(dst *ebiten.Image) {
	for i, name := range pads {
		x, y, r := s.pad(i)
		circle(dst, x, y, r, r, 0, scaleAlpha(s.glass, 0.8))
		turn := map[string]float64{"left": math.Pi, "right": 0, "jump": -math.Pi / 2}[name]
		sin, cos := math.Sincos(turn)
		at := func(a, b float64) xy { return xy{x + (a*cos-b*sin)*r, y + (a*sin+b*cos)*r} }
		tip := at(0.42, 0)
		quad(dst, [4]xy{tip, at(-0.28, 0.4), at(-0.28, -0.4), tip}, one(s.ink))
	}
}
