package report

import (
	"fmt"
	"math"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/plots"
)

// traceTime is the title of an axis of times as the trace counts them.
const traceTime = "time since the trace began"

// FitChartNames lists the files that [Fit.Charts] may make: what the data do
// not tell is not drawn.
func FitChartNames(format string) []string {
	return []string{"arrivals." + format, "service." + format, "service-qq." + format, "depth." + format}
}

// Charts draws the fit.
func (f Fit) Charts(look Look) ([]Chart, error) {
	return look.drawAll(FitChartNames(look.Format), []drawing{f.arrivalsChart(), f.serviceChart(), f.qqChart(), f.depthChart()})
}

func (f Fit) frame(title, subtitle string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle, Footer: fmt.Sprintf("%s | %s rows over %s | planner %s",
		oneLine(f.Trace.Name), thousands(float64(f.Trace.Rows)), Duration(f.Span), f.Version)}
}

// rateBars is the number of intervals that a rate over time is drawn in.
const rateBars = 60

func (f Fit) arrivalsChart() drawing {
	a := f.Arrivals
	if a == nil {
		return nil
	}
	title := fmt.Sprintf("%s requests a second arrive", significant(a.Rate.Value))
	c := &plots.Fitted{XTitle: traceTime, YTitle: "arrivals a second", What: "Arrivals a second over time"}
	line := plots.FittedLine{Name: "fit", Note: a.Models[0].Name}
	if s := a.Surge; s != nil {
		title = fmt.Sprintf("A surge of %s comes on top of %s/s", countedAs(significant(math.Round(s.Count.Value)), "request"), significant(a.Rate.Value))
		c.Events = []plots.Marked{{Value: math.Max(0, s.Begins), Label: "surge begins"}}
	}
	c.Edges, c.Bars = rates(a.Counts)
	end := c.Edges[len(c.Edges)-1]
	for k := range 601 {
		t := end * float64(k) / 600
		line.Points = append(line.Points, plots.Point{X: t, Y: math.Max(0, a.Fitted(t))})
	}
	c.Frame, c.Lines = f.frame(title, "What was measured, and the rate of greatest likelihood"), []plots.FittedLine{line}
	return c
}

// rates puts counts together into intervals for the eye.
func rates(c fit.Counts) (edges, bars []float64) {
	step := max(1, (len(c.N)+rateBars-1)/rateBars)
	edges = []float64{c.Edges[0]}
	for i := 0; i < len(c.N); i += step {
		j := min(i+step, len(c.N))
		n := 0.0
		for _, k := range c.N[i:j] {
			n += k
		}
		edges, bars = append(edges, c.Edges[j]), append(bars, n/(c.Edges[j]-c.Edges[i]))
	}
	return edges, bars
}

func (f Fit) serviceChart() drawing {
	s := f.Service
	if s == nil || len(s.Histogram.Density) == 0 {
		return nil
	}
	c := &plots.Fitted{Frame: f.frame(fmt.Sprintf("%s services of mean %s and SCV %s fit best", serviceName(s.Law), Duration(s.Mean.Value), significant(s.SCV.Value)), "The shortest "+percent(math.Round(1000*s.Histogram.Share)/1000)+" of the service times, and the laws that came closest"),
		XTitle: "service time", YTitle: "share of requests a second", What: "Service times as a density", Edges: s.Histogram.Edges, Bars: s.Histogram.Density}
	top := 0.0
	for _, d := range s.Histogram.Density {
		top = math.Max(top, d)
	}
	for i, d := range s.Histogram.Fits {
		line := plots.FittedLine{Name: string(d.Law), Note: "best"}
		if i > 0 {
			line.Note = "AIC +" + significant(math.Round(10*(s.Laws[i].AIC-s.Laws[0].AIC))/10)
		}
		for k, x := range d.At {
			line.Points = append(line.Points, plots.Point{X: x, Y: math.Min(d.Each[k], 10*top)})
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

func serviceName(l fit.Law) string {
	return string(l[0]-'a'+'A') + string(l[1:])
}

func (f Fit) qqChart() drawing {
	s := f.Service
	if s == nil || len(s.QQ) == 0 {
		return nil
	}
	p := plots.QQPanel{Design: string(s.Law), Finding: fmt.Sprintf("KS distance %s, p = %s in a sample of %s", percent(s.KS), significant(s.P), thousands(float64(s.Checked)))}
	for _, q := range s.QQ {
		p.Pairs = append(p.Pairs, plots.Estimated{X: q.Law, Y: q.Data, Lo: q.Lo, Hi: q.Hi})
	}
	return &plots.QQ{Frame: f.frame("The service times against the fitted law", "Quantile by quantile, from the shortest to the longest"), Measured: true, What: "service time", Panels: []plots.QQPanel{p}}
}

func (f Fit) depthChart() drawing {
	if f.Lane == nil {
		return nil
	}
	p := plots.BacklogPanel{Design: "measured and fitted", Finding: fmt.Sprintf("at most %s, after %s", countedAs(significant(f.Lane.Peak), "request"), Duration(f.Lane.PeakAt)),
		Measured: points(f.Lane.Times, f.Lane.In)}
	if times, in := f.Model(); len(times) > 0 {
		p.Fluid = points(times, in)
	}
	return &plots.Backlog{TimeTitle: traceTime, Frame: f.frame("The backlog that was measured", "Requests in the lane, and the mean path of the fitted lane from t = 0 of the scenario on"), Panels: []plots.BacklogPanel{p}}
}
