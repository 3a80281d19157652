package plots

import (
	"strings"
	"testing"
)

// TestApproximateTheoryDoesNotSpeak: where it stands beside a simulation, words
// and axis follow the simulation, and the legend says which line is which.
func TestApproximateTheoryDoesNotSpeak(t *testing.T) {
	theory := []Point{{100, 0.1}, {200, 0.9}}
	simulated := []Estimated{{110, 0.1, 0.05, 0.15}, {150, 0.5, 0.4, 0.6}, {190, 0.99, 0.9, 1}}
	for _, c := range []struct {
		name   string
		series DrainSeries
		says   string
		theory bool
	}{
		{"exact", DrainSeries{Theory: theory, Simulated: simulated}, "theory", true},
		{"approximate", DrainSeries{Theory: theory, Simulated: simulated, Approximate: true}, "approximate theory, where the simulation decides", false},
		{"approximate alone", DrainSeries{Theory: theory, Approximate: true}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := len(c.series.points()) == len(theory); got != c.theory {
				t.Errorf("the points are those of the theory: %v, want %v", got, c.theory)
			}
			k := keyedCurves{sheet: &sheet{style: newStyle(Theme{})}}
			k.add(0, "six", "", c.series.Theory, c.series.Simulated)
			k.approximate(c.series.Approximate)
			first := ""
			if l := k.legend(); len(l) > 0 {
				first = l[0].text
			}
			if first != c.says {
				t.Errorf("the legend begins with %q, want %q", first, c.says)
			}
		})
	}
	e := Exceedance{Objective: 400, Series: []ExceedanceSeries{{Design: "six", Approximate: true,
		Theory: []Point{{100, 1}, {300, 0.5}}, Simulated: []Estimated{{100, 1, 1, 1}, {200, 0, 0, 0.25}}}}}
	if text := e.AltText(); !strings.Contains(text, "at most 25 %") {
		t.Errorf("the words are those of the approximate theory: %q", text)
	}
}

// TestTicksOfSmallChancesAreAlike: an axis that goes below what is written in
// per cent has no per cent at all, and no exponent.
func TestTicksOfSmallChancesAreAlike(t *testing.T) {
	sh := &sheet{style: newStyle(Theme{})}
	for _, lo := range []float64{1e-4, 1e-8, 1e-14} {
		sc, _ := Axis{Quantity: Share, Log: true}.scale(lo, 0.5, sh.upright(300))
		odds := 0
		for _, tick := range sc.ticks {
			if strings.Contains(tick.Label, "e+") || strings.Contains(tick.Label, "e-") || !hasGlyphs(tick.Label) {
				t.Errorf("from %g the axis has a tick %q", lo, tick.Label)
			}
			if strings.HasPrefix(tick.Label, "1 in ") || tick.Label == "always" {
				odds++
			}
		}
		if odds != 0 && odds != len(sc.ticks) || len(sc.ticks) < 2 {
			t.Errorf("from %g %d of %d ticks are odds", lo, odds, len(sc.ticks))
		}
	}
}

// TestFrontierBeginsFarBelowTheBudget: designs without any risk to speak of do
// not push those that matter together.
func TestFrontierBeginsFarBelowTheBudget(t *testing.T) {
	f := Frontier{Risk: Axis{Title: "risk", Quantity: Share, Log: true}, Budget: 0.01,
		Designs: []FrontierDesign{{Design: "none", Cost: 2, Risk: 1e-300}, {Design: "less", Cost: 2, Said: "below 1 in 10¹²"}, {Design: "some", Cost: 1, Risk: 1e-3}}}
	p := &panel{sheet: &sheet{style: newStyle(Theme{})}}
	p.area.Max.X, p.area.Max.Y = 400, 300
	if _, title := f.scales(p); p.y.min < f.Budget*farBelow/100 || !strings.Contains(title, "at the lower edge: less") {
		t.Errorf("the axis %q begins at %g", title, p.y.min)
	}
	for i := range f.Designs {
		if by := f.beatenBy(i); by >= 0 {
			t.Errorf("%s is beaten by %s, from which it is not told apart", f.Designs[i].Design, f.Designs[by].Design)
		}
	}
	if text := f.AltText(); !strings.Contains(text, "less: cost 2, risk below 1 in 10¹².") {
		t.Errorf("the words are %q", text)
	}
	if at := f.at(p, f.Designs[0]); at.Y < p.area.Min.Y || at.Y > p.area.Min.Y+30 {
		t.Errorf("a design below the axis stands at %v of %v", at.Y, p.area)
	}
}
