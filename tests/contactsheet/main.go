// Command contactsheet tiles the screenshots of the end-to-end tests into one picture for the README: one row an engine,
// one column a genre. "make screenshots" runs it.
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

	xdraw "golang.org/x/image/draw"
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
	shots, err := filepath.Glob(filepath.Join(dir, "TestGames-*-playing.png"))
	if err != nil || len(shots) == 0 {
		return fmt.Errorf("no screenshots in %s (%w)", dir, err)
	}
	slices.Sort(shots)
	rows := (len(shots) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(width+gap)-gap, rows*(height+gap)-gap))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, path := range shots {
		shot, err := read(path)
		if err != nil {
			return err
		}
		at := image.Pt(i%columns*(width+gap), i/columns*(height+gap))
		xdraw.CatmullRom.Scale(sheet, image.Rectangle{Min: at, Max: at.Add(image.Pt(width, height))}, shot, shot.Bounds(), draw.Src, nil)
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
