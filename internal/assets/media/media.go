// Package media looks at files that people upload for their games, before anything else reads them: what they are by their content, whether they are
// nothing else besides, and what can be told about them. Each kind has a parser here that reads the whole structure of a file, to its last byte, within
// limits; what it does not expect is refused.
package media

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/spark-games/spark/models"
)

// Kind is what a file is.
type Kind string

// The kinds.
const (
	PNG   Kind = "png"
	JPEG  Kind = "jpeg"
	GIF   Kind = "gif"
	WebP  Kind = "webp"
	SVG   Kind = "svg"
	WAV   Kind = "wav"
	Ogg   Kind = "ogg"
	MP3   Kind = "mp3"
	TTF   Kind = "ttf"
	OTF   Kind = "otf"
	WOFF  Kind = "woff"
	WOFF2 Kind = "woff2"
	GLB   Kind = "glb"
	GLTF  Kind = "gltf"
	JSON  Kind = "json"
	Text  Kind = "txt"
)

// Limits of what is read.
const (
	maxSide       = 8192
	maxPixels     = 4096 * 4096     // of an image, or of one frame
	maxMoving     = 4 * maxPixels   // of all frames
	maxText       = 8 << 20         // bytes of JSON and text
	maxInflated   = 1 << 20         // bytes of a compressed remark
	maxFont       = 32 << 20        // bytes of an unpacked font
	maxParts      = 100_000         // chunks, segments and pages of a file
	maxFrames     = 1000            // of an animation
	maxSegment    = 8 << 20         // bytes that are read at a time
	maxDurationMS = 4 * 3600 * 1000 // of audio
)

// format is how a kind is told and read.
type format struct {
	kind       Kind
	extensions []string
	types      []string // media types, the first is what it is served as
	magic      func(head []byte) bool
	read       func(f *file, i *Info) error
	binary     bool // markup within it is out of place
}

var formats = []format{
	{PNG, []string{".png"}, []string{"image/png"}, prefix("\x89PNG\r\n\x1a\n"), readPNG, true},
	{JPEG, []string{".jpg", ".jpeg"}, []string{"image/jpeg", "image/jpg"}, prefix("\xff\xd8\xff"), readJPEG, true},
	{GIF, []string{".gif"}, []string{"image/gif"}, prefix("GIF87a", "GIF89a"), readGIF, true},
	{WebP, []string{".webp"}, []string{"image/webp"}, riff("WEBP"), readWebP, true},
	{WAV, []string{".wav"}, []string{"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"}, riff("WAVE"), readWAV, true},
	{Ogg, []string{".ogg", ".oga", ".opus"}, []string{"audio/ogg", "application/ogg", "audio/opus", "video/ogg"}, prefix("OggS"), readOgg, true},
	{MP3, []string{".mp3"}, []string{"audio/mpeg", "audio/mp3"}, mp3Magic, readMP3, true},
	{TTF, []string{".ttf"}, []string{"font/ttf", "font/sfnt", "application/x-font-ttf"}, prefix("\x00\x01\x00\x00", "true"), readFont, true},
	{OTF, []string{".otf"}, []string{"font/otf", "font/sfnt", "application/x-font-otf"}, prefix("OTTO"), readFont, true},
	{WOFF, []string{".woff"}, []string{"font/woff", "application/font-woff"}, prefix("wOFF"), readWOFF, true},
	{WOFF2, []string{".woff2"}, []string{"font/woff2", "application/font-woff2"}, prefix("wOF2"), readWOFF2, true},
	{GLB, []string{".glb"}, []string{"model/gltf-binary"}, prefix("glTF"), readGLB, true},
	{SVG, []string{".svg"}, []string{"image/svg+xml"}, nil, readSVG, false},
	{GLTF, []string{".gltf"}, []string{"model/gltf+json", "application/json"}, nil, readGLTF, false},
	{JSON, []string{".json"}, []string{"application/json", "text/json"}, nil, readJSON, false},
	{Text, []string{".txt"}, []string{"text/plain"}, nil, readText, false},
}

func prefix(magics ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, m := range magics {
			if strings.HasPrefix(string(head), m) {
				return true
			}
		}
		return false
	}
}

func riff(form string) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == form
	}
}

// Info is what is known about a file.
type Info struct {
	Kind      Kind
	MediaType string
	models.AssetDetails
}

// Inspect reads a file of so many bytes. name and declared, a media type or "", are what its sender says that it is: a name ends as files of the kind do.
// What is something else is CodeAssetTypeMismatch, what has no kind that is known or is not in order CodeAssetRefused.
func Inspect(r io.ReaderAt, size int64, name, declared string) (Info, error) {
	said, err := saying(name, declared)
	if err != nil {
		return Info{}, err
	}
	f := &file{r: r, size: size}
	head, err := f.upTo(0, 64)
	if err != nil {
		return Info{}, err
	}
	if is := sniff(head); is != nil && is != said || is == nil && said.magic != nil {
		what := "something else"
		if is != nil {
			what = string(is.kind)
		}
		return Info{}, models.NewError(models.CodeAssetTypeMismatch, fmt.Sprintf("the file is named as %s and is %s by its content", said.kind, what))
	}
	if err := f.hostile(said.binary); err != nil {
		return Info{}, err
	}
	info := Info{Kind: said.kind, MediaType: said.types[0]}
	return info, said.read(f, &info)
}

// Accepts refuses, with CodeAssetTypeMismatch, what Inspect refuses whatever the content is.
func Accepts(name, declared string) error {
	_, err := saying(name, declared)
	return err
}

// saying is the format that a name says, with which the media type agrees.
func saying(name, declared string) (*format, error) {
	ext := strings.ToLower(path.Ext(name))
	for i := range formats {
		if slices.Contains(formats[i].extensions, ext) {
			return &formats[i], formats[i].declared(declared)
		}
	}
	return nil, models.NewError(models.CodeAssetTypeMismatch, "the file's name does not end as a known kind's does, such as .png, .ogg, .glb or .json")
}

func (f *format) declared(mediaType string) error {
	if mediaType == "" {
		return nil
	}
	media, _, err := mime.ParseMediaType(mediaType)
	if media = strings.ToLower(media); err == nil && media == "application/octet-stream" {
		return nil
	}
	if slices.Contains(f.types, media) {
		return nil
	}
	return models.NewError(models.CodeAssetTypeMismatch, fmt.Sprintf("the file is named as %s, and its media type is another's", f.kind))
}

// sniff is the format that a file's beginning is of, or nil.
func sniff(head []byte) *format {
	for i := range formats {
		if m := formats[i].magic; m != nil && m(head) {
			return &formats[i]
		}
	}
	return nil
}

// refused is an error for a file that is not in order.
func refused(format string, args ...any) error {
	return models.NewError(models.CodeAssetRefused, "the file was refused: "+fmt.Sprintf(format, args...))
}

// file is read at any place, and never past its end.
type file struct {
	r    io.ReaderAt
	size int64
}

// at reads exactly n bytes.
func (f *file) at(offset int64, n int) ([]byte, error) {
	if offset < 0 || n < 0 || n > maxSegment || offset > f.size-int64(n) {
		return nil, refused("it breaks off")
	}
	b := make([]byte, n)
	if _, err := f.r.ReadAt(b, offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	return b, nil
}

// upTo reads n bytes, or fewer at the end.
func (f *file) upTo(offset int64, n int) ([]byte, error) {
	return f.at(offset, int(max(0, min(int64(n), f.size-offset))))
}

// section reads a part.
func (f *file) section(offset, n int64) *io.SectionReader { return io.NewSectionReader(f.r, offset, n) }

// all reads a file that is small.
func (f *file) all(most int64) ([]byte, error) {
	if f.size > most {
		return nil, refused("files of its kind are at most %d MiB", most>>20)
	}
	return f.at(0, int(f.size))
}

// dimensions notes the size of an image.
func (i *Info) dimensions(width, height int64) error {
	switch {
	case width < 1 || height < 1:
		return refused("it has no size")
	case width > maxSide || height > maxSide || width*height > maxPixels:
		return refused("the image is %d×%d pixels: at most %d on a side, and %d in all", width, height, maxSide, maxPixels)
	}
	i.Width, i.Height = int(width), int(height)
	return nil
}

// animated notes the frames of an image.
func (i *Info) animated(frames int) error {
	if frames > maxFrames || int64(frames)*int64(i.Width)*int64(i.Height) > maxMoving {
		return refused("its frames have too many pixels in all")
	}
	i.Frames = frames
	return nil
}

// Named reports whether a name ends as those of a kind's files do.
func Named(name string, kind Kind) bool {
	ext := strings.ToLower(path.Ext(name))
	return slices.ContainsFunc(formats, func(f format) bool { return f.kind == kind && slices.Contains(f.extensions, ext) })
}
