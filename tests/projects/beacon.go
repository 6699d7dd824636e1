package projects

import (
	"bytes"
	"embed"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"strings"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/spark-games/spark/models"
)

//go:embed beacon
var beacon embed.FS

// Beacon is a LÖVE project in a folder of a repository, of fixed size: modules of several folders, some of whose names are put
// together, a class library, coroutines, a level that is loaded as code, a text file, a picture, a sound, a font, a shader, a
// sprite batch, a canvas, physics, a file that is saved, and a test that only LuaJIT reads. When it runs, its window's title is
// "Beacon: 0 lit, Licht has 5 letters, played one", and counts the lamps that are clicked; one hangs in the middle.
func Beacon() ([]models.File, error) {
	lamp := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for x := range 32 {
		for y := range 32 {
			if (x-16)*(x-16)+(y-16)*(y-16) < 200 {
				lamp.Set(x, y, color.NRGBA{R: 255, G: 240, B: 160, A: 255})
			}
		}
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, lamp); err != nil {
		return nil, err
	}
	files := []models.File{
		{Path: "game/assets/lamp.png", Data: picture.Bytes()},
		{Path: "game/assets/bell.wav", Data: wave(4000)},
		{Path: "game/assets/plain.ttf", Data: goregular.TTF},
	}
	err := fs.WalkDir(beacon, "beacon", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(beacon, name)
		files = append(files, models.File{Path: strings.TrimPrefix(name, "beacon/"), Data: data})
		return err
	})
	return files, err
}
