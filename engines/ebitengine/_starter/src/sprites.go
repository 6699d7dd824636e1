package main

import (
	"image/color"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
)

const (
	unit   = 96 // pixels of a sprite for one unit of the world
	side   = 144
	frames = 8
)

// Sprite is a figure in all phases of its walk.
type Sprite [frames]*ebiten.Image

// The pictures of the game, painted by paintAll.
var sprites struct {
	hero, heroBack, enemy Sprite
	collect, heart, gone  *ebiten.Image
	dot                   *ebiten.Image // a soft white light, to be tinted
	disc                  *ebiten.Image // white with a sharp edge, see draw.go
	pieces                [5]*ebiten.Image
}

func paintAll() {
	sprites.hero = walk(heroFigure, colors.hero, false)
	sprites.enemy = walk(enemyFigure, colors.enemy, false)
	if design.Genre == "runner" {
		sprites.heroBack = walk(heroFigure, colors.hero, true)
	}
	sprites.collect = still(collectFigure, colors.collect, colors.accent)
	sprites.heart = still(heartFigure, rgb("#ff4d6d"), white)
	sprites.gone = still(heartFigure, rgb("#5b5f73"), rgb("#888888"))
	sprites.dot = dot(64)
	round := newCanvas(discSize, discSize)
	round.fill(plain(white), disc(middle, middle, discR))
	sprites.disc = ebiten.NewImageFromImage(round)
	paintPieces()
}

func walk(figure []part, main color.RGBA, behind bool) (s Sprite) {
	for i := range s {
		c := newCanvas(side, side)
		c.figure(figure, main, colors.accent, side/2, side/2, unit, float64(i)/frames*2*math.Pi, behind)
		s[i] = ebiten.NewImageFromImage(c)
	}
	return s
}

func still(figure []part, main, accent color.RGBA) *ebiten.Image {
	c := newCanvas(side, side)
	c.figure(figure, main, accent, side/2, side/2, unit, 0, false)
	return ebiten.NewImageFromImage(c)
}

func dot(size int) *ebiten.Image {
	c := newCanvas(size, size)
	c.halo(float64(size)/2, float64(size)/2, float64(size)/2, white, 1)
	return ebiten.NewImageFromImage(c)
}

// frame is the picture for a walk that has gone so many rounds.
func (s *Sprite) frame(rounds float64) *ebiten.Image {
	return s[int(math.Mod(math.Mod(rounds, 1)+1, 1)*frames)%frames]
}

// Look is how a picture is drawn: its middle, its size in pixels for one unit, and the rest when it is not zero.
type Look struct {
	X, Y, Size float64
	SX, SY     float64 // extra stretching, 1 when both are 0
	Turn       float64
	Alpha      float64 // 1 when 0
	Tint       *color.RGBA
	Lighten    bool // adds its light to what is there
	OX, OY     float64
	FromBottom bool // X and Y are the middle of the picture's foot
	Clear      bool // not drawn at all
}

// put draws a picture that is one unit for every `unit` pixels.
func put(dst, img *ebiten.Image, l Look) {
	if l.Clear {
		return
	}
	w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
	if l.SX == 0 && l.SY == 0 {
		l.SX, l.SY = 1, 1
	}
	var op ebiten.DrawImageOptions
	op.Filter = ebiten.FilterLinear
	if l.FromBottom {
		op.GeoM.Translate(-w/2, -h)
	} else {
		op.GeoM.Translate(-w/2, -h/2)
	}
	op.GeoM.Scale(l.Size/unit*l.SX, l.Size/unit*l.SY)
	op.GeoM.Rotate(l.Turn)
	op.GeoM.Translate(l.X, l.Y)
	if l.Tint != nil {
		op.ColorScale.ScaleWithColor(*l.Tint)
	}
	if l.Alpha != 0 {
		op.ColorScale.ScaleAlpha(float32(clamp(l.Alpha, 0, 1)))
	}
	if l.Lighten {
		op.Blend = ebiten.BlendLighter
	}
	dst.DrawImage(img, &op)
}
