package media

import (
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/HugoSmits86/nativewebp"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// ThumbnailSide is the longest side of a thumbnail.
const ThumbnailSide = 256

// drawing limits how many images are unpacked at a time: each takes up to 64 MiB, and half as much again while it is read.
var drawing = make(chan struct{}, 2)

// Thumbnail writes a WebP image that fits 256 pixels, of an image that Inspect has accepted. It reports false if its kind has none. An image that
// cannot be decoded is CodeAssetRefused.
func Thumbnail(ctx context.Context, r io.ReaderAt, size int64, i Info, w io.Writer) (bool, error) {
	var decode func(io.Reader) (image.Image, error)
	switch i.Kind {
	case PNG:
		decode = png.Decode
	case JPEG:
		decode = jpeg.Decode
	case GIF:
		decode = gif.Decode
	case WebP:
		if i.Frames > 1 {
			return false, nil
		}
		decode = webp.Decode
	default:
		return false, nil
	}
	select {
	case drawing <- struct{}{}:
		defer func() { <-drawing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	img, err := decode(io.NewSectionReader(r, 0, size))
	if err != nil {
		return false, refused("the image cannot be decoded")
	}
	from := img.Bounds()
	if from.Empty() {
		return false, refused("the image is empty")
	}
	width, height := fit(from.Dx(), from.Dy())
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), clean{img}, from, draw.Src, nil)
	return true, nativewebp.Encode(w, to, nil)
}

func fit(width, height int) (int, int) {
	longest := max(width, height)
	if longest <= ThumbnailSide {
		return width, height
	}
	return max(1, width*ThumbnailSide/longest), max(1, height*ThumbnailSide/longest)
}

// clean is an image whose indexes into a palette are all in it, so that none of them is a panic.
type clean struct{ image.Image }

// At implements image.Image.
func (c clean) At(x, y int) color.Color {
	if p, ok := c.Image.(*image.Paletted); ok && int(p.ColorIndexAt(x, y)) >= len(p.Palette) {
		return color.Transparent
	}
	return c.Image.At(x, y)
}
