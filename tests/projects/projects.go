// Package projects holds games as people write them with the usual templates, none of them made by Spark. Tests build and play
// them.
package projects

import (
	"bytes"
	"embed"
	"encoding/binary"
	"image"
	"image/png"
	"io/fs"
	"strings"

	"github.com/spark-games/spark/models"
)

//go:embed orbit orbit-babylon orbit-kaplay orbit-phaser orbit-pixi orbit-playcanvas orbit-three
var orbit embed.FS

// OrbitEngines are the engines for which there is an Orbit.
func OrbitEngines() []string {
	return []string{"babylon", "kaplay", "phaser", "pixi", "playcanvas", "three"}
}

// Orbit is an npm project for one of OrbitEngines: TypeScript with path aliases and decorators, several modules, packages
// imported as a whole and file by file, JSON, shader, image and sound imports, style sheets, a public folder. When it runs,
// it counts the frames in the attribute data-frames of its body.
func Orbit(engine string) ([]models.File, error) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		return nil, err
	}
	files := []models.File{
		{Path: "src/assets/stone.png", Data: picture.Bytes()},
		{Path: "src/assets/beep.wav", Data: wave(800)},
		{Path: "src/assets/music.ogg", Data: append([]byte("OggS\x00\x02"), make([]byte, 100)...)},
	}
	for _, dir := range []string{"orbit", "orbit-" + engine} {
		err := fs.WalkDir(orbit, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(orbit, name)
			files = append(files, models.File{Path: strings.TrimPrefix(name, dir+"/"), Data: data})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// wave is a silent mono WAV of n samples.
func wave(n int) []byte {
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+n))...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(n))
	return append(b, bytes.Repeat([]byte{0x80}, n)...)
}
