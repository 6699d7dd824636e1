// Command contactsheet tiles the screenshots of the end-to-end tests into one picture for the README: one labelled row for each
// engine, one column for each genre. "make screenshots" runs it.
package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

const (
	columns       = 4
	width, height = 400, 225
	gap           = 6
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: contactsheet SCREENSHOTS_DIR OUT.jpg")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "contactsheet:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	shots, err := filepath.Glob(filepath.Join(dir, "TestGames-*-going.png"))
	if err != nil || len(shots) == 0 {
		return fmt.Errorf("no screenshots in %s (%w)", dir, err)
	}
	shots = slices.DeleteFunc(shots, func(path string) bool { return strings.Contains(filepath.Base(path), "@") }) // other versions
	slices.Sort(shots)
	rows := (len(shots) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(width+gap)-gap, rows*(height+gap)-gap))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	label, err := newLabeller()
	if err != nil {
		return err
	}
	for i, path := range shots {
		shot, err := read(path)
		if err != nil {
			return err
		}
		at := image.Pt(i%columns*(width+gap), i/columns*(height+gap))
		xdraw.CatmullRom.Scale(sheet, image.Rectangle{Min: at, Max: at.Add(image.Pt(width, height))}, shot, shot.Bounds(), draw.Src, nil)
		if i%columns == 0 {
			label(sheet, at.Add(image.Pt(0, height)), engineOf(path))
		}
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(f, sheet, &jpeg.Options{Quality: 85}); err != nil {
		return err
	}
	return f.Close()
}

// engineOf is the engine of a screenshot, "TestGames-phaser-each-puzzle_preview,_started_with_click-going.png".
func engineOf(path string) string {
	return strings.Split(filepath.Base(path), "-")[1]
}

// newLabeller returns a function that writes a label into the sheet, on a background, from its lower left corner.
func newLabeller() (func(sheet draw.Image, corner image.Point, text string), error) {
	parsed, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 15, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, err
	}
	return func(sheet draw.Image, corner image.Point, text string) {
		plate := image.Rect(corner.X, corner.Y-26, corner.X+font.MeasureString(face, text).Ceil()+20, corner.Y)
		draw.Draw(sheet, plate, image.NewUniform(color.NRGBA{0, 0, 0, 190}), image.Point{}, draw.Over)
		d := font.Drawer{Dst: sheet, Src: image.White, Face: face, Dot: fixed.P(corner.X+10, corner.Y-8)}
		d.DrawString(text)
	}, nil
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	shot, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return shot, nil
}
