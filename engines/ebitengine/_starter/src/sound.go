package main

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"github.com/hajimehoshi/ebiten/v2/audio"
)

const rate = 44100

// Sound makes every sound by itself when it is needed: no files.
type Sound struct {
	ctx    *audio.Context
	muted  bool
	made   map[string][]byte
	tune   *tune
	player *audio.Player
}

func newSound(seed int64, pace float64) *Sound {
	s := &Sound{ctx: audio.NewContext(rate), made: map[string][]byte{}, tune: &tune{seed: int(seed), pace: pace}}
	if p, err := s.ctx.NewPlayer(s.tune); err == nil {
		s.player = p
	}
	return s
}

// wave is a sound that is being put together: tones and noises, each at a time of its own.
type wave []float64

func note(semitones float64) float64 { return 261.6 * math.Pow(2, semitones/12) }

// steps are a pentatonic scale, which never clashes.
var steps = [5]float64{0, 2, 4, 7, 9}

func scale(n int) float64 { return steps[n%5] + 12*float64(min(2, n/5)) }

func shape(kind string, phase float64) float64 {
	phase -= math.Floor(phase)
	switch kind {
	case "square":
		return math.Copysign(0.6, 0.5-phase)
	case "saw":
		return 2*phase - 1
	case "triangle":
		return 4*math.Abs(phase-0.5) - 1
	}
	return math.Sin(2 * math.Pi * phase)
}

func (w *wave) grow(n int) {
	if n > len(*w) {
		*w = append(*w, make([]float64, n-len(*w))...)
	}
}

// tone glides from one pitch to another.
func (w *wave) tone(kind string, at, length, from, to, gain float64) {
	start, n := int(at*rate), int(length*rate)
	w.grow(start + n)
	phase := 0.0
	for i := range n {
		t := float64(i) / float64(n)
		phase += from * math.Pow(to/from, t) / rate
		(*w)[start+i] += shape(kind, phase) * gain * min(1, float64(i)/400) * math.Pow(1-t, 1.6)
	}
}

// noise is soft when the filter is low.
func (w *wave) noise(length, gain, filter float64) {
	n := int(length * rate)
	w.grow(n)
	low, k := 0.0, min(1, filter*6.28/rate)
	for i := range n {
		low += (rand.Float64()*2 - 1 - low) * k
		(*w)[i] += low * gain * 2 * (1 - float64(i)/float64(n))
	}
}

func (w *wave) melody(kind string, gap, length, gain float64, notes ...float64) {
	for i, n := range notes {
		w.tone(kind, float64(i)*gap, length, note(n), note(n), gain)
	}
}

func compose(name string, n int) (w wave) {
	switch name {
	case "start":
		w.melody("triangle", 0.07, 0.2, 0.25, 0, 4, 7, 12)
	case "jump":
		w.tone("square", 0, 0.16, 280, 620, 0.1)
	case "flip":
		w.tone("square", 0, 0.14, 420, 880, 0.09)
	case "land":
		w.noise(0.06, 0.1, 500)
	case "move":
		w.tone("triangle", 0, 0.07, 330, 400, 0.14)
	case "collect":
		w.melody("triangle", 0.05, 0.14, 0.22, 12+scale(n), 19+scale(n))
	case "shoot":
		w.tone("saw", 0, 0.09, 760, 240, 0.05)
	case "stomp":
		w.tone("square", 0, 0.14, 200, 70, 0.16)
		w.noise(0.1, 0.12, 900)
	case "burst":
		w.noise(0.28, 0.22, 1400)
		w.tone("sine", 0, 0.22, 160, 40, 0.2)
	case "hurt":
		w.tone("saw", 0, 0.3, 240, 60, 0.2)
		w.noise(0.18, 0.2, 800)
	case "heart":
		w.melody("sine", 0.06, 0.16, 0.2, 7, 12, 16)
	case "power":
		w.melody("square", 0.05, 0.12, 0.09, 12, 17, 21, 26)
	case "no":
		w.tone("square", 0, 0.16, 170, 130, 0.1)
	case "alarm":
		for i := range 3 {
			w.tone("saw", float64(i)*0.3, 0.22, 220, 330, 0.1)
		}
	case "open":
		w.melody("sine", 0.09, 0.3, 0.18, 0, 7, 12, 19)
	case "won":
		w.melody("triangle", 0.11, 0.24, 0.26, 0, 4, 7, 12, 7, 12, 16)
	case "lost":
		w.melody("triangle", 0.18, 0.36, 0.24, 7, 4, 1, -5)
	}
	return w
}

// bytes are the samples as the engine wants them: two channels of 16 bits.
func (w wave) bytes() []byte {
	out := make([]byte, 0, 4*len(w))
	for _, v := range w {
		s := uint16(int16(clamp(v, -1, 1) * 32000))
		out = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(out, s), s)
	}
	return out
}

func (s *Sound) play(name string, n int) {
	if s.muted {
		return
	}
	key := name + string(rune('a'+min(n, 20)))
	data, ok := s.made[key]
	if !ok {
		data = compose(name, n).bytes()
		s.made[key] = data
	}
	if len(data) > 0 {
		s.ctx.NewPlayerFromBytes(data).Play()
	}
}

func (s *Sound) toggle() {
	s.muted = !s.muted
	if s.player != nil {
		s.player.SetVolume(map[bool]float64{true: 0, false: 1}[s.muted])
	}
}

func (s *Sound) music(on bool) {
	s.tune.on.Store(on)
	if s.player != nil && on && !s.player.IsPlaying() {
		s.player.Play()
	}
}

func (s *Sound) suspend(yes bool) { s.tune.on.Store(!yes) }

// tune is a quiet music without an end: bass and a wandering melody, chosen by the seed. The engine reads it as it plays.
type tune struct {
	on     atomic.Bool
	seed   int
	pace   float64
	beat   int
	bar    wave // what is being played
	played int
}

func (t *tune) Read(p []byte) (int, error) {
	n := len(p) / 4 * 4
	for i := 0; i < n; i += 4 {
		if t.played == len(t.bar) {
			t.next()
		}
		v := t.bar[t.played]
		t.played++
		if !t.on.Load() {
			v = 0
		}
		s := uint16(int16(clamp(v, -1, 1) * 32000))
		binary.LittleEndian.PutUint16(p[i:], s)
		binary.LittleEndian.PutUint16(p[i+2:], s)
	}
	return n, nil
}

// next puts one beat together.
func (t *tune) next() {
	length := 0.21 / t.pace
	w := make(wave, int(length*rate))
	root := [4]float64{0, -3, -5, 2}[(t.beat/8+t.seed)%4]
	if t.beat%4 == 0 {
		w.tone("triangle", 0, length, note(root-24), note(root-24), 0.16)
	} else if t.beat%4 == 1 {
		w.tone("triangle", 0, length*0.7, note(root-24), note(root-24), 0.06)
	}
	if h := uint32(t.beat%32^t.seed) * 2654435761; h%8 < 5 {
		pitch := note(root + steps[(h>>8)%5])
		w.tone("sine", 0, length, pitch, pitch, 0.055)
	}
	t.bar, t.played = w[:int(length*rate)], 0
	t.beat++
}
