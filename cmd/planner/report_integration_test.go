//go:build integration

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// browse runs headless Chromium (Debian's package) with a profile of its own.
func browse(t *testing.T, args ...string) []byte {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	all := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--user-data-dir=" + t.TempDir()}, args...)
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, "chromium", all...)
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, stderr.String())
	}
	return stdout.Bytes()
}

// measured is what the page is once it is laid out.
type measured struct {
	Inner, Content int      // widths, in CSS pixels
	Wide           []string // what reaches beyond the window and cannot be scrolled by itself
	Ground         string   // colour of the page
	Broken, Dark   int      // pictures that did not load, and that are the dark ones
	Pictures       int
}

const measure = `<script>addEventListener("load", () => {
  const out = {Inner: innerWidth, Content: document.documentElement.scrollWidth, Wide: [], Broken: 0, Dark: 0, Pictures: 0,
    Ground: getComputedStyle(document.documentElement).backgroundColor};
  for (const e of document.querySelectorAll("body *"))
    if (!e.closest(".scroll") && e.getBoundingClientRect().right > innerWidth + 1) out.Wide.push(e.tagName + " " + e.textContent.slice(0, 40));
  for (const e of document.images) {
    out.Pictures++;
    if (!e.naturalWidth) out.Broken++;
    if (e.currentSrc !== e.src) out.Dark++;
  }
  parent.postMessage(out, "*");
});</script>`

// frames holds the page at each width, since a window has a least one.
const frames = `<!DOCTYPE html><html data-measured="[]"><script>addEventListener("message", e => {
  const d = document.documentElement.dataset;
  d.measured = JSON.stringify(JSON.parse(d.measured).concat([e.data]));
});</script>`

var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

var widths = []int{1280, 390}

// TestIntegrationReportInBrowser looks at the page as readers do: on a desk
// and on a phone, on a light and on a dark ground.
func TestIntegrationReportInBrowser(t *testing.T) {
	scenario := string(fileOf(t, "..", "..", "testdata", "scenarios", "us-east-1-2012.yaml"))
	for name, dir := range map[string]string{"2012": packOf(t, scenario, "--quick"), "hostile": packOf(t, hostile)} {
		for _, dark := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s dark=%v", name, dark), func(t *testing.T) {
				fits(t, dir, dark)
				for _, width := range widths {
					shoot(t, dir, width, dark)
				}
			})
		}
	}
}

// window opens one of a width on a ground, whose colour it tells.
func window(width int, dark bool) ([]string, color.RGBA) {
	flags := []string{fmt.Sprintf("--window-size=%d,1600", width), "--force-device-scale-factor=1"}
	if dark {
		return append(flags, "--blink-settings=preferredColorScheme=0"), color.RGBA{0x15, 0x18, 0x1c, 0xff}
	}
	return flags, color.RGBA{0xff, 0xff, 0xff, 0xff}
}

// fits: at no width does the page scroll sideways, all its pictures load, and
// they are those for its ground.
func fits(t *testing.T, dir string, dark bool) {
	t.Helper()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("probe.html", append(policy.ReplaceAll(fileOf(t, dir, "report.html"), nil), measure...))
	outer := frames
	for _, w := range widths {
		outer += fmt.Sprintf(`<iframe src="probe.html" style="border: 0; width: %dpx; height: 1600px"></iframe>`, w)
	}
	write("frames.html", []byte(outer))
	flags, ground := window(1400, dark)
	all := measuredOf(t, browse(t, append(flags, "--virtual-time-budget=10000", "--dump-dom", "file://"+filepath.Join(dir, "frames.html"))...))
	var seen []int
	for _, m := range all {
		seen = append(seen, m.Inner)
		if m.Content > m.Inner || len(m.Wide) > 0 {
			t.Errorf("a window of %d holds %d; too wide: %q", m.Inner, m.Content, m.Wide)
		}
		wantDark := 0
		if dark {
			wantDark = m.Pictures
		}
		if m.Pictures < 6 || m.Broken > 0 || m.Dark != wantDark {
			t.Errorf("of %d pictures %d are broken and %d dark", m.Pictures, m.Broken, m.Dark)
		}
		if want := fmt.Sprintf("rgb(%d, %d, %d)", ground.R, ground.G, ground.B); m.Ground != want {
			t.Errorf("the ground is %s, want %s", m.Ground, want)
		}
	}
	slices.Sort(seen)
	if !slices.Equal(seen, []int{390, 1280}) {
		t.Errorf("the widths measured are %v", seen)
	}
}

// shoot: a screenshot has the ground's colour at its corner and ink on it.
func shoot(t *testing.T, dir string, width int, dark bool) {
	t.Helper()
	flags, ground := window(width, dark)
	shot := filepath.Join(t.TempDir(), "shot.png")
	browse(t, append(flags, "--screenshot="+shot, "file://"+filepath.Join(dir, "report.html"))...)
	img, err := png.Decode(bytes.NewReader(fileOf(t, shot)))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Dx() != width || color.RGBAModel.Convert(img.At(2, 2)) != ground {
		t.Errorf("the screenshot is %v on %v", img.Bounds(), img.At(2, 2))
	}
	if share := inked(img, ground); share < 0.01 || share > 0.6 {
		t.Errorf("%.1f %% of the screenshot is not ground", 100*share)
	}
}

func measuredOf(t *testing.T, dom []byte) []measured {
	t.Helper()
	_, after, found := strings.Cut(string(dom), `data-measured="`)
	text, _, _ := strings.Cut(after, `"`)
	var all []measured
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &all); err != nil || !found {
		t.Fatalf("nothing was measured: %v", err)
	}
	return all
}

// inked is the share of pixels that are not of the ground's colour.
func inked(img image.Image, ground color.RGBA) float64 {
	n, b := 0, img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if color.RGBAModel.Convert(img.At(x, y)) != ground {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

// TestIntegrationReportPrints: on A4 and on Letter it has several pages, all of
// that size.
func TestIntegrationReportPrints(t *testing.T) {
	page := string(fileOf(t, packOf(t, hostile), "report.html"))
	boxes := regexp.MustCompile(`/MediaBox\s*\[\s*0\s+0\s+([0-9.]+)\s+([0-9.]+)`)
	for paper, points := range map[string][2]float64{"A4": {595.3, 841.9}, "letter": {612, 792}} {
		dir := t.TempDir()
		file, pdf := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
		if err := os.WriteFile(file, []byte(strings.Replace(page, "</head>", "<style>@page { size: "+paper+" }</style></head>", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		browse(t, "--blink-settings=preferredColorScheme=0", "--no-pdf-header-footer", "--print-to-pdf="+pdf, "file://"+file)
		pages := boxes.FindAllSubmatch(fileOf(t, pdf), -1)
		if len(pages) < 4 || len(pages) > 40 {
			t.Errorf("%s: %d pages", paper, len(pages))
		}
		for _, size := range pages {
			for i, want := range points {
				if got, err := strconv.ParseFloat(string(size[1+i]), 64); err != nil || math.Abs(got-want) > 1.5 {
					t.Errorf("%s: a page measures %s by %s points, %v", paper, size[1], size[2], err)
				}
			}
		}
	}
}
