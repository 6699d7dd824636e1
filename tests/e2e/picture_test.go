package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// picture is a screenshot of a page.
type picture struct{ image.Image }

// shoot takes a picture of the page, and saves it if SPARK_TEST_SCREENSHOTS names a folder.
func (p *page) shoot(name string) picture {
	p.t.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	if dir := os.Getenv("SPARK_TEST_SCREENSHOTS"); dir != "" {
		file := strings.NewReplacer("/", "-", " ", "_").Replace(p.t.Name()+"-"+name) + ".png"
		require.NoError(p.t, os.WriteFile(filepath.Join(dir, file), raw, 0o600))
	}
	img, err := png.Decode(bytes.NewReader(raw))
	require.NoError(p.t, err)
	return picture{img}
}

// keep saves a picture of the page for people to look at, if a folder is set.
func (p *page) keep(name string) {
	p.t.Helper()
	if os.Getenv("SPARK_TEST_SCREENSHOTS") != "" {
		p.frames(40)
		p.shoot(name)
	}
}

// drawn fails the test if the picture is blank: too few colours, or nearly all of one colour.
func (p picture) drawn(t testing.TB) {
	t.Helper()
	counts := map[[3]uint8]int{}
	b := p.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 2 {
		for x := b.Min.X; x < b.Max.X; x += 2 {
			c := p.at(x, y)
			counts[[3]uint8{c.R >> 3, c.G >> 3, c.B >> 3}]++ // antialiasing alone makes no new colours
		}
	}
	total, most := 0, 0
	for _, n := range counts {
		total += n
		most = max(most, n)
	}
	require.GreaterOrEqual(t, len(counts), 24, "distinct colours")
	require.Less(t, float64(most)/float64(total), 0.9, "share of the commonest colour")
}

func (p picture) at(x, y int) color.RGBA { return color.RGBAModel.Convert(p.At(x, y)).(color.RGBA) }

const gridWidth, gridHeight = 32, 20

// grid is the picture reduced to a few big cells of mean colour.
func (p picture) grid() (cells [gridHeight][gridWidth][3]float64) {
	b := p.Bounds()
	for gy := range gridHeight {
		for gx := range gridWidth {
			x0, x1 := b.Min.X+gx*b.Dx()/gridWidth, b.Min.X+(gx+1)*b.Dx()/gridWidth
			y0, y1 := b.Min.Y+gy*b.Dy()/gridHeight, b.Min.Y+(gy+1)*b.Dy()/gridHeight
			n := 0.0
			for y := y0; y < y1; y += 2 {
				for x := x0; x < x1; x += 2 {
					c := p.at(x, y)
					n++
					for i, v := range []uint8{c.R, c.G, c.B} {
						cells[gy][gx][i] += float64(v)
					}
				}
			}
			for i := range 3 {
				cells[gy][gx][i] /= n
			}
		}
	}
	return cells
}

// distance is how different two pictures look: the mean difference of their cells' colours, 0 to 255.
func (p picture) distance(q picture) float64 {
	a, b := p.grid(), q.grid()
	sum := 0.0
	for y := range a {
		for x := range a[y] {
			for i := range 3 {
				sum += math.Abs(a[y][x][i] - b[y][x][i])
			}
		}
	}
	return sum / (gridWidth * gridHeight * 3)
}

func formatFloat(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
