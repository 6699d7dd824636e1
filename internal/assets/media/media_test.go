package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/HugoSmits86/nativewebp"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/webp"

	"github.com/spark-games/spark/models"
)

func picture(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.NRGBA{uint8(x), uint8(y), uint8(r.IntN(256)), uint8(128 + x%100)})
		}
	}
	return img
}

func encode(t testing.TB, write func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	return b.String()
}

func aPNG(t testing.TB) string {
	return encode(t, func(b *bytes.Buffer) error { return png.Encode(b, picture(600, 300)) })
}

func aJPEG(t testing.TB) string {
	return encode(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, picture(300, 600), nil) })
}

func aGIF(t testing.TB) string {
	frame := image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.Transparent, color.White})
	return encode(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{frame, frame, frame}, Delay: []int{1, 1, 1}})
	})
}

func aWebP(t testing.TB) string {
	return encode(t, func(b *bytes.Buffer) error { return nativewebp.Encode(b, picture(40, 30), nil) })
}

func chunk(kind, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind+data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+data))))
}

func header(width, height uint32) string {
	b := binary.BigEndian.AppendUint32(nil, width)
	return chunk("IHDR", string(binary.BigEndian.AppendUint32(b, height))+"\x08\x06\x00\x00\x00")
}

func packed(n int) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(make([]byte, n))
	_ = z.Close()
	return b.String()
}

const pngMagic = "\x89PNG\r\n\x1a\n"

func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

func aRIFF(form, chunks string) string { return "RIFF" + le32(4+len(chunks)) + form + chunks }

func aWAV(seconds int) string {
	format := "\x01\x00\x02\x00" + le32(8000) + le32(32000) + "\x04\x00\x10\x00"
	return aRIFF("WAVE", "fmt "+le32(16)+format+"data"+le32(32000*seconds)+strings.Repeat("\x00", 32000*seconds))
}

func page(flags byte, granule uint64, number int, body string) string {
	head := append([]byte("OggS\x00"), flags)
	head = binary.LittleEndian.AppendUint64(head, granule)
	return string(head) + le32(7) + le32(number) + "\x00\x00\x00\x00\x01" + string(rune(len(body))) + body
}

func anOgg() string {
	return page(2, 0, 0, "\x01vorbis\x00\x00\x00\x00\x02"+le32(22050)+strings.Repeat("\x00", 14)) + page(4, 44100, 1, "sound")
}

func anMP3() string { // frames of 128 kbit/s at 44.1 kHz
	return "ID3\x04\x00\x00\x00\x00\x00\x05title" + strings.Repeat("\xff\xfb\x90\x00"+strings.Repeat("\x00", 413), 100)
}

func aGLB(scene string) string {
	return "glTF" + le32(2) + le32(12+8+len(scene)) + le32(len(scene)) + "JSON" + scene
}

func aDrawing(inside string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="32" height="16">` + inside + `</svg>`
}

func inspect(data, name, declared string) (Info, error) {
	return Inspect(strings.NewReader(data), int64(len(data)), name, declared)
}

func TestWhatIsTaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		want Info
	}{
		"hero.png":   {aPNG(t), Info{PNG, "image/png", models.AssetDetails{Width: 600, Height: 300, Frames: 1, Alpha: true}}},
		"photo.JPG":  {aJPEG(t), Info{JPEG, "image/jpeg", models.AssetDetails{Width: 300, Height: 600, Frames: 1}}},
		"walk.gif":   {aGIF(t), Info{GIF, "image/gif", models.AssetDetails{Width: 20, Height: 10, Frames: 3, Alpha: true}}},
		"tile.webp":  {aWebP(t), Info{WebP, "image/webp", models.AssetDetails{Width: 40, Height: 30, Frames: 1, Alpha: true}}},
		"jump.wav":   {aWAV(3), Info{WAV, "audio/wav", models.AssetDetails{DurationMS: 3000, SampleRate: 8000, Channels: 2}}},
		"theme.ogg":  {anOgg(), Info{Ogg, "audio/ogg", models.AssetDetails{DurationMS: 2000, SampleRate: 22050, Channels: 2}}},
		"theme.mp3":  {anMP3(), Info{MP3, "audio/mpeg", models.AssetDetails{DurationMS: 2612, SampleRate: 44100, Channels: 2}}},
		"go.ttf":     {string(goregular.TTF), Info{TTF, "font/ttf", models.AssetDetails{}}},
		"ship.glb":   {aGLB(`{"asset":{"version":"2.0"}}`), Info{GLB, "model/gltf-binary", models.AssetDetails{}}},
		"ship.gltf":  {`{"asset":{"version":"2.0"},"buffers":[{"uri":"ship.bin"}]}`, Info{GLTF, "model/gltf+json", models.AssetDetails{}}},
		"level.json": {`{"rows": ["##", "# "]}`, Info{JSON, "application/json", models.AssetDetails{}}},
		"story.txt":  {"Once upon a time…\n", Info{Text, "text/plain", models.AssetDetails{}}},
		"logo.svg": {`<?xml version="1.0" encoding="UTF-8"?>` + aDrawing(`<style>.a{fill:url(#g)}</style><g id="a@2"><use xlink:href="#b"/><path d="M0 0h9"/></g>`),
			Info{SVG, "image/svg+xml", models.AssetDetails{Width: 32, Height: 16, Alpha: true}}},
	} {
		got, err := inspect(c.data, name, "")
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
		_, err = inspect(c.data, name, c.want.MediaType)
		require.NoError(t, err, name)
		if c.want.Kind != Text { // a file that breaks off or goes on is refused; players stop at a last frame of MP3 that is not whole
			if _, err = inspect(c.data[:len(c.data)-9], name, ""); c.want.Kind != MP3 {
				require.Equal(t, models.CodeAssetRefused, models.CodeOf(err), name)
			}
			_, err = inspect(c.data+"more\x00 <", name, "")
			require.Equal(t, models.CodeAssetRefused, models.CodeOf(err), name)
		}
	}
}

func TestWhatIsSomethingElse(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{aPNG(t), "hero.jpg", ""}, {aPNG(t), "hero.png", "image/jpeg"}, {aPNG(t), "hero.txt", ""}, {aPNG(t), "hero", ""}, {aPNG(t), "hero.html", ""},
		{"<html></html>", "hero.png", ""}, {"MZ\x90\x00", "hero.exe", ""}, {aWAV(1), "hero.webp", ""}, {aJPEG(t), "logo.svg", ""},
		{"{}", "level.json", "text/html"}, {"PK\x03\x04", "level.zip", ""},
	} {
		_, err := inspect(c[0], c[1], c[2])
		require.Equal(t, models.CodeAssetTypeMismatch, models.CodeOf(err), c[1])
	}
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	whole := aPNG(t)
	zip := "PK\x05\x06" + strings.Repeat("\x00", 18)
	end := chunk("IEND", "")
	body := header(4, 4) + chunk("IDAT", packed(4*(1+16)))
	lossy := aJPEG(t)
	for name, c := range map[string][2]string{
		"an archive behind a png":            {"a.png", whole + zip},
		"an archive within a jpeg":           {"a.jpg", lossy[:2] + "\xff\xfe\x00\x18" + zip + lossy[2:]},
		"an archive behind a gif":            {"a.gif", aGIF(t) + zip},
		"a page within a gif":                {"a.gif", strings.Replace(aGIF(t), "\x21\xf9", "\x21\xfe\x08<Script>\x00\x21\xf9", 1)},
		"a script within a jpeg":             {"a.jpg", lossy[:2] + "\xff\xfe\x00\x0a<script>" + lossy[2:]},
		"a pdf within a png":                 {"a.png", pngMagic + header(4, 4) + chunk("tEXt", "k\x00%PDF-1.7") + chunk("IDAT", packed(68)) + end},
		"a png of 60000 by 60000 pixels":     {"a.png", pngMagic + header(60000, 60000) + chunk("IDAT", packed(68)) + end},
		"a png that unpacks to more":         {"a.png", pngMagic + header(4, 4) + chunk("IDAT", packed(50<<20)) + end},
		"a png that unpacks to less":         {"a.png", pngMagic + header(400, 400) + chunk("IDAT", packed(68)) + end},
		"a png with a bomb in a zTXt":        {"a.png", pngMagic + header(4, 4) + chunk("zTXt", "k\x00\x00"+packed(50<<20)) + chunk("IDAT", packed(68)) + end},
		"a png with a bomb in an iTXt":       {"a.png", pngMagic + header(4, 4) + chunk("iTXt", "k\x00\x01\x00\x00\x00"+packed(50<<20)) + chunk("IDAT", packed(68)) + end},
		"a png with a bomb in a profile":     {"a.png", pngMagic + header(4, 4) + chunk("iCCP", "k\x00\x00"+packed(50<<20)) + chunk("IDAT", packed(68)) + end},
		"a png with two headers":             {"a.png", pngMagic + header(4, 4) + body + end},
		"a png with a wrong checksum":        {"a.png", pngMagic + header(4, 4) + chunk("tEXt", "k\x00v")[:12] + "xxxx" + chunk("IDAT", packed(68)) + end},
		"a png without an end":               {"a.png", pngMagic + body},
		"a png with a length that overflows": {"a.png", pngMagic + header(4, 4) + "\xff\xff\xff\xffIDAT"},
		"a jpeg of 65535 by 65535 pixels":    {"a.jpg", "\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9"},
		"a gif of 65535 by 65535 pixels":     {"a.gif", "GIF89a\xff\xff\xff\xff\x00\x00\x00\x3b"},
		"a webp that is longer":              {"a.webp", aWebP(t) + "more"},
		"a webp of 16384 by 16384 pixels":    {"a.webp", aRIFF("WEBP", "VP8L"+le32(10)+"\x2f\xff\xff\xff\x0f\x00\x00\x00\x00\x00")},
		"a wav with something behind":        {"a.wav", aWAV(1) + "more"},
		"an ogg with two streams":            {"a.ogg", anOgg() + anOgg()},
		"an mp3 with a page behind":          {"a.mp3", anMP3() + strings.Repeat("<p>page</p>", 40)},
		"a font with something behind":       {"a.ttf", string(goregular.TTF) + "something"},
		"a scene that loads":                 {"a.gltf", `{"asset":{"version":"2.0"},"buffers":[{"uri":"https://example.com/a.bin"}]}`},
		"a scene of files elsewhere":         {"a.glb", aGLB(`{"asset":{"version":"2.0"},"images":[{"uri":"../../etc/passwd"}]}`)},
		"json that is nested":                {"a.json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000)},
		"two values":                         {"a.json", "{} {}"},
		"a page that is called text":         {"a.txt", "<!DOCTYPE html><script>alert(1)</script>"},
		"bytes that are called text":         {"a.txt", "a\x00b"},
		"a script":                           {"a.svg", aDrawing(`<script>alert(1)</script>`)},
		"a script by another prefix":         {"a.svg", aDrawing(`<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>`)},
		"a handler":                          {"a.svg", aDrawing(`<path onload="alert(1)"/>`)},
		"a foreign object":                   {"a.svg", aDrawing(`<foreignObject><b xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>`)},
		"html":                               {"a.svg", aDrawing(`<b xmlns="http://www.w3.org/1999/xhtml">x</b>`)},
		"a link":                             {"a.svg", aDrawing(`<a href="javascript:alert(1)"><path/></a>`)},
		"a picture elsewhere":                {"a.svg", aDrawing(`<image href="https://example.com/a.png"/>`)},
		"a use elsewhere":                    {"a.svg", aDrawing(`<use xlink:href="https://example.com/a.svg#b"/>`)},
		"a use of data":                      {"a.svg", aDrawing(`<use href="data:image/svg+xml,x#b"/>`)},
		"an animation":                       {"a.svg", aDrawing(`<set attributeName="href" to="javascript:alert(1)"/>`)},
		"entities":                           {"a.svg", `<!DOCTYPE svg [<!ENTITY a "b">]>` + aDrawing(`&a;`)},
		"a stylesheet":                       {"a.svg", `<?xml-stylesheet href="https://example.com/a.css"?>` + aDrawing(``)},
		"an import":                          {"a.svg", aDrawing(`<style>@import "https://example.com/a.css";</style>`)},
		"an import in CDATA":                 {"a.svg", aDrawing(`<style><![CDATA[@import "x";]]></style>`)},
		"a url":                              {"a.svg", aDrawing(`<path style="fill:url( 'https://example.com/a')"/>`)},
		"a url with an escape":               {"a.svg", aDrawing(`<path style="fill:u\72l(https://example.com/a)"/>`)},
		"a url in an attribute":              {"a.svg", aDrawing(`<path filter="url(//example.com/a#b)"/>`)},
		"styles around elements":             {"a.svg", aDrawing(`<style>@imp<tspan/>ort</style>`)},
		"depth":                              {"a.svg", aDrawing(strings.Repeat("<g>", 200) + strings.Repeat("</g>", 200))},
		"two roots":                          {"a.svg", aDrawing("") + aDrawing("")},
		"another encoding":                   {"a.svg", `<?xml version="1.0" encoding="UTF-7"?>` + aDrawing("")},
	} {
		_, err := inspect(c[1], c[0], "")
		require.Equal(t, models.CodeAssetRefused, models.CodeOf(err), name)
	}
}

func TestThumbnails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data string
		want image.Point
	}{"a.png": {aPNG(t), image.Pt(256, 128)}, "a.jpg": {aJPEG(t), image.Pt(128, 256)}, "a.gif": {aGIF(t), image.Pt(20, 10)}, "a.webp": {aWebP(t), image.Pt(40, 30)}} {
		info, err := inspect(c.data, name, "")
		require.NoError(t, err)
		var b bytes.Buffer
		ok, err := Thumbnail(t.Context(), strings.NewReader(c.data), int64(len(c.data)), info, &b)
		require.NoError(t, err, name)
		require.True(t, ok)
		small, err := webp.Decode(&b)
		require.NoError(t, err)
		require.Equal(t, c.want, small.Bounds().Size(), name)
	}
	ok, err := Thumbnail(t.Context(), strings.NewReader(""), 0, Info{Kind: SVG}, nil)
	require.NoError(t, err)
	require.False(t, ok)
}

// FuzzInspect feeds every parser, and then the decoder of the images that were taken.
func FuzzInspect(f *testing.F) {
	for name, data := range map[string]string{"a.png": aPNG(f)[:2000], "b.png": pngMagic + header(4, 4) + chunk("IDAT", packed(68)) + chunk("IEND", ""), "a.gif": aGIF(f),
		"a.webp": aWebP(f), "a.jpg": aJPEG(f)[:3000], "a.wav": aWAV(1)[:200], "a.ogg": anOgg(), "a.mp3": anMP3()[:1000], "a.ttf": string(goregular.TTF[:400]),
		"a.glb": aGLB(`{"asset":{"version":"2.0"}}`), "a.gltf": `{"asset":{"version":"2.0"}}`, "a.json": `[1,{"a":"b"}]`, "a.txt": "text", "a.svg": aDrawing("<g/>"),
		"a.woff": aWOFF(f, "", nil), "a.woff2": aWOFF2(f, strings.Repeat("x", 236), "", nil), "a.otf": "OTTO"} {
		f.Add(name, []byte(data))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		info, err := Inspect(bytes.NewReader(data), int64(len(data)), name, "")
		if err != nil {
			require.NotEqual(t, models.CodeInternal, models.CodeOf(err))
			return
		}
		require.LessOrEqual(t, info.Width*info.Height, maxPixels)
		if info.Width*info.Height > 1<<16 {
			return
		}
		var b bytes.Buffer
		if _, err := Thumbnail(t.Context(), bytes.NewReader(data), int64(len(data)), info, &b); err != nil {
			require.Equal(t, models.CodeAssetRefused, models.CodeOf(err))
		}
	})
}
