package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/gallery")

// exhibit is a chart of the gallery: the question it answers, and the file
// that a command makes of it.
type exhibit struct {
	question, command, file string
}

const (
	galleryReport  = "planner report testdata/scenarios/us-east-1-2012.yaml -o review --quick --replications 1000"
	galleryHeat    = "planner sweep testdata/scenarios/year-of-zones.yaml --design 'as it is' --vary streams.relaunches.mean_delay=2m..40m:6:log --vary region.zones=2..6 --charts zones"
	galleryLines   = "planner sweep testdata/scenarios/year-of-zones.yaml --vary streams.baseline.rate=1/s..9/s:9 --metric p99 --charts load"
	galleryTornado = "planner sensitivity testdata/scenarios/us-east-1-2012.yaml --design 'static stability' --charts first"
	galleryQueue   = "planner queue mmc --service-rate 1/s --servers 8 --vary arrivals=1/s..9/s:60 --charts charts"
	galleryRetries = "planner queue retrial --service-rate 10/s --limit 200 --orbit-limit 20 --timeout 3s --retries 4 --vary arrivals=1/s..9.5/s:40 --charts retries"
)

var exhibits = []exhibit{
	{"Which designs meet the objective?", galleryReport, "review/charts/comparison.png"},
	{"What does the storm do to the lanes?", galleryReport, "review/charts/backlog.png"},
	{"How long until a storm has drained?", galleryReport, "review/charts/drain.png"},
	{"How bad do the bad storms get?", galleryReport, "review/charts/risk.png"},
	{"How long does a request wait?", galleryReport, "review/charts/waits.png"},
	{"What does a year of storms bring?", galleryReport, "review/charts/year.png"},
	{"What does safety cost?", galleryReport, "review/charts/frontier.png"},
	{"Do theory and simulation agree?", galleryReport, "review/charts/validity.png"},
	{"How do relaunch pace and zones move the risk?", galleryHeat, "zones/heatmap.png"},
	{"How much everyday load can a design carry?", galleryLines, "load/sweep.png"},
	{"Which number should be measured first?", galleryTornado, "first/tornado-p99.png"},
	{"Where does the lane of an ordinary day tip over?", galleryQueue, "charts/queue-mmc.png"},
	{"From which load on do retries keep a lane overloaded, and for how long?", galleryRetries, "retries/queue-retrial.png"},
}

// TestGallery: docs/gallery shows what the commands beside its charts draw.
// With -update it is written anew. The tests that are to be short look at the
// charts that need no simulation.
func TestGallery(t *testing.T) {
	top, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.Symlink(filepath.Join(top, "testdata"), "testdata"); err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	page.WriteString(galleryHead)
	made := map[string]bool{}
	for _, e := range exhibits {
		if testing.Short() && e.command != galleryQueue {
			continue
		}
		if !made[e.command] {
			made[e.command] = true
			var stdout, stderr bytes.Buffer
			if code := run(t.Context(), words(e.command), &stdout, &stderr); code != exitDone {
				t.Fatalf("%s: exit code %d\n%s", e.command, code, stderr.String())
			}
		}
		name := filepath.Base(e.file)
		fmt.Fprintf(&page, "\n## %s\n\n![%s](%s)\n\n```sh\ngo run ./cmd/%s\n```\n\nmakes `%s`.\n", e.question, e.inWords(t), name, e.command, e.file)
		drawn := fileOf(t, filepath.FromSlash(e.file))
		kept := filepath.Join(top, "docs", "gallery", name)
		if *update {
			if err := os.WriteFile(kept, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if share := unlike(t, drawn, fileOf(t, kept)); share > 0.001 {
			t.Errorf("%s: %.2f %% of the pixels differ; look, then go test ./cmd/planner -run Gallery -update", kept, 100*share)
		}
	}
	if testing.Short() {
		return
	}
	index := filepath.Join(top, "docs", "gallery", "README.md")
	if *update {
		if err := os.WriteFile(index, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if withoutWords(string(fileOf(t, index))) != withoutWords(page.String()) {
		t.Errorf("%s is not what the commands make; look, then go test ./cmd/planner -run Gallery -update", index)
	}
	onlyExhibits(t, filepath.Join(top, "docs", "gallery"))
}

const galleryHead = `# Gallery

Each chart, the question that it answers and the command that draws it, run
from the top of a clone of this repository. All are drawn on a light ground, for
the column of a document, at twice the resolution of a screen; --format svg and
--format pdf give the same without pixels.
`

var alternative = regexp.MustCompile(`!\[[^\]]*\]`)

// withoutWords leaves out the charts' alternative texts, whose last digits may
// differ where the pictures do not.
func withoutWords(page string) string { return alternative.ReplaceAllString(page, "![]") }

// inWords is the chart's alternative text where the command tells it.
func (e exhibit) inWords(t *testing.T) string {
	if e.command != galleryReport {
		return e.question
	}
	var doc struct {
		Charts []struct{ File, Alt string }
	}
	if err := json.Unmarshal(fileOf(t, "review", "report.json"), &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Charts {
		if strings.HasSuffix(e.file, "/"+c.File) {
			return strings.NewReplacer(">", "&gt;", "[", "(", "]", ")").Replace(c.Alt)
		}
	}
	t.Fatalf("report.json has no chart %s", e.file)
	return ""
}

// onlyExhibits: nothing else lies in the gallery.
func onlyExhibits(t *testing.T, dir string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(exhibits)+1 {
		t.Errorf("%s has %d files for %d charts and a page", dir, len(files), len(exhibits))
	}
}

// unlike is the share of the pixels that an eye could tell apart, 1 where the
// sizes differ. Other architectures round a little differently.
func unlike(t *testing.T, a, b []byte) float64 {
	t.Helper()
	p, q := pixels(t, a), pixels(t, b)
	if p.Bounds() != q.Bounds() {
		return 1
	}
	n := 0
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			r, g, b, _ := p.At(x, y).RGBA()
			s, h, c, _ := q.At(x, y).RGBA()
			const apart = 24 << 8
			if distance(r, s) > apart || distance(g, h) > apart || distance(b, c) > apart {
				n++
			}
		}
	}
	return float64(n) / float64(p.Bounds().Dx()*p.Bounds().Dy())
}

func distance(a, b uint32) uint32 { return max(a, b) - min(a, b) }

func pixels(t *testing.T, raw []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return img
}
