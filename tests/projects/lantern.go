package projects

import (
	"bytes"
	"embed"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"strings"

	"github.com/spark-games/spark/models"
)

//go:embed all:lantern
var lantern embed.FS

// Lantern is a Godot 3.2 project as the editor leaves it, in a folder of a repository: scenes that hold scenes, an autoload,
// a tile set, a shader, pictures and a sound with what an earlier import left of one, global class names, an add-on of the
// editor, data that is no resource, drafts that are not to be exported, and a preset for another system. When it starts, it
// prints "quay: 3 lanterns, 20 oil".
func Lantern() ([]models.File, error) {
	files := []models.File{{Path: "game/assets/wind.wav", Data: wave(4000)}}
	for name, size := range map[string]int{"lantern.png": 16, "stones.png": 32} {
		img := image.NewNRGBA(image.Rect(0, 0, size, size))
		for i := range size {
			img.Set(i, i, color.NRGBA{R: 255, G: 200, B: 80, A: 255})
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return nil, err
		}
		files = append(files, models.File{Path: "game/assets/" + name, Data: b.Bytes()})
	}
	err := fs.WalkDir(lantern, "lantern", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(lantern, name)
		files = append(files, models.File{Path: strings.TrimPrefix(name, "lantern/"), Data: data})
		return err
	})
	return files, err
}
