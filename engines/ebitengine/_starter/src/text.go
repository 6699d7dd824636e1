package main

import (
	"bytes"
	"image/color"
	"log"
	"strings"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"golang.org/x/image/font/gofont/gobold"
)

// font is Go's own, which has Latin, Greek and Cyrillic letters. For other writing put a font file beside this one, embed
// it with go:embed, and read it here.
var font = func() *text.GoTextFaceSource {
	f, err := text.NewGoTextFaceSource(bytes.NewReader(gobold.TTF))
	if err != nil {
		log.Fatal(err)
	}
	return f
}()

func face(size float64) *text.GoTextFace { return &text.GoTextFace{Source: font, Size: size} }

func width(s string, size float64) float64 { return text.Advance(s, face(size)) }

// write draws a line; align is 0 when x is its beginning, 0.5 for its middle, 1 for its end. y is the line's middle.
func write(dst *ebiten.Image, s string, x, y, size, align float64, c color.RGBA) {
	var op text.DrawOptions
	op.GeoM.Translate(x-width(s, size)*align, y)
	op.SecondaryAlign = text.AlignCenter
	op.ColorScale.ScaleWithColor(c)
	text.Draw(dst, s, face(size), &op)
}

// wrap breaks a text into lines that fit.
func wrap(s string, size, most float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		next := strings.TrimSpace(line + " " + word)
		if line != "" && width(next, size) > most {
			lines = append(lines, line)
			next = word
		}
		line = next
	}
	return append(lines, line)
}
