package plots

import "testing"

// TestNoiseLooksLikeNoise: a panel a thousand times lower than another has no
// scale of its own on which its noise fills it.
func TestNoiseLooksLikeNoise(t *testing.T) {
	sh := &sheet{style: newStyle(Theme{})}
	tops := []float64{1000, 100, 1, 0}
	var cells []timePanel
	for _, top := range tops {
		cells = append(cells, timePanel{top: top, reach: 10, settled: true})
	}
	g := arrangePanels(sh, cells, titles{value: "wait"}, true)
	for i, want := range []float64{1000, 100, 20, 20} {
		if got := g.ys[i].max; got < want || got > 1.1*want {
			t.Errorf("the panel that reaches %g goes up to %g, want about %g", tops[i], got, want)
		}
	}
}
