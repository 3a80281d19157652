package plots_test

import (
	"bytes"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"singlelane/plots"
)

var update = flag.Bool("update", false, "rewrite the golden images")

// chart is what all charts have in common.
type chart interface {
	Save(w io.Writer, f plots.Format) error
	AltText() string
	Caption() string
}

// golden are the charts with a recorded picture.
func golden() map[string]chart {
	return map[string]chart{
		"backlog-one": backlogOne(),
		"backlog":     backlogSeveral(),
		"drain":       drains(),
		"waits":       waits(),
		"exceedance":  exceedances(),
		"sweep":       sweep(),
		"heatmap":     heat(),
		"comparison":  comparison(),
		"tornado":     tornado(),
		"frontier":    frontier(),
		"year":        yearly(),
		"zones":       zones(),
		"hockeystick": hockey(),
		"qq":          qq(),

		"backlog-measured": backlogMeasured(),
		"fitted-arrivals":  fittedArrivals(),
		"fitted-service":   fittedService(),
		"qq-measured":      qqMeasured(),

		"backlog-dark":  themed(plots.Theme{Mode: plots.Dark}),
		"backlog-slide": themed(plots.Theme{Medium: plots.Slide}),
	}
}

// themed is a chart in another theme.
func themed(t plots.Theme) plots.Backlog {
	c := backlogOne()
	c.Theme = t
	return c
}

// TestGolden holds every chart against its recorded picture, pixel by pixel.
func TestGolden(t *testing.T) {
	for name, c := range golden() {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := c.Save(&got, plots.PNG); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", "golden", name+".png")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if n := differing(t, got.Bytes(), want); n > 0 {
				t.Errorf("%s: %d pixels differ; look, then go test ./plots -run Golden -update", path, n)
			}
		})
	}
}

// differing counts the pixels in which two pictures differ, all of them if
// their sizes do.
func differing(t *testing.T, a, b []byte) int {
	t.Helper()
	p, q := decode(t, a), decode(t, b)
	if p.Bounds() != q.Bounds() {
		return p.Bounds().Dx() * p.Bounds().Dy()
	}
	if bytes.Equal(p.Pix, q.Pix) {
		return 0
	}
	n := 0
	for i := 0; i < len(p.Pix); i += 4 {
		if !bytes.Equal(p.Pix[i:i+4], q.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

func decode(t *testing.T, raw []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Bounds(), img, img.Bounds().Min, draw.Src)
	return out
}
