package plots_test

import (
	"math"

	"singlelane/plots"
)

func exceedances() plots.Exceedance {
	c := plots.Exceedance{
		Frame:     plots.Frame{Title: "The shared lane stays within its risk budget; a lane per zone breaches in one storm of four", Footer: footer},
		Objective: 4 * hour, Budget: 0.01,
	}
	for _, s := range storms()[:3] {
		q := plots.ExceedanceSeries{Design: s.name}
		mean, sd := s.drains()
		for k := range 200 {
			z := float64(k)/20 - 3
			q.Theory = append(q.Theory, plots.Point{X: mean + z*sd, Y: normal(-z)})
		}
		for _, p := range []float64{0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001} {
			half := 1.96 * math.Sqrt(p*(1-p)/10000)
			q.Simulated = append(q.Simulated, plots.Estimated{X: mean - quantile(p)*sd, Y: p, Lo: p - half, Hi: p + half})
		}
		q.Simulated = append(q.Simulated, plots.Estimated{X: mean + 4*sd, Y: 0, Lo: 0, Hi: 3.7e-4})
		c.Series = append(c.Series, q)
	}
	return c
}

func sweep() plots.Sweep {
	c := plots.Sweep{
		Frame: plots.Frame{Title: "Twice the servers carry more than twice the baseline before the drain time runs away", Footer: footer},
		X:     plots.Axis{Title: "baseline rate (requests a second)"}, Y: plots.Axis{Title: "P99 of the drain time", Quantity: plots.Time},
		Objective: 4 * hour,
		Current:   []plots.Marked{{Value: 4, Label: "today"}},
	}
	for _, d := range []struct {
		name string
		mu   float64
	}{{"shared lane", 6.6}, {"six zones", 8.9}, {"twice the servers", 13.2}} {
		q := plots.SweepSeries{Design: d.name, Saturates: true, SaturatesAt: d.mu}
		for k := range 61 {
			x := 15 * float64(k) / 60
			y := math.Inf(1)
			if x < d.mu {
				y = 20000 / (d.mu - x)
			}
			q.Line = append(q.Line, plots.Point{X: x, Y: y})
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func heat() plots.HeatMap {
	c := plots.HeatMap{
		Frame: plots.Frame{Title: "Today most storms breach; eight zones, or a quarter of the relaunch rate, keep the risk below 1 %", Footer: footer},
		X:     plots.Axis{Title: "initial relaunch rate (1/s)", Log: true}, Y: plots.Axis{Title: "zones", Whole: true},
		Value:    plots.Axis{Title: "P(breach)", Quantity: plots.Share, Log: true},
		Contours: []plots.Contour{{Level: 0.01, Label: "1 %: risk budget"}, {Level: 0.5}},
		Current:  []plots.MarkedPoint{{Point: plots.Point{X: 8, Y: 5}, Label: "today"}},
	}
	for i := range 14 {
		c.Xs = append(c.Xs, 0.5*math.Pow(40, float64(i)/13))
	}
	for z := 2; z <= 8; z++ {
		var row []float64
		for _, x := range c.Xs {
			p := normal(2*math.Log(x/4) - 1.1*float64(z-4))
			if z == 2 && x > 12 {
				p = math.Inf(1)
			}
			row = append(row, p)
		}
		c.Ys, c.Values = append(c.Ys, float64(z)), append(c.Values, row)
	}
	return c
}

func comparison() plots.Comparison {
	c := plots.Comparison{
		Frame:     plots.Frame{Title: "A lane per zone misses the objective, and with naive retries the lane never drains", Footer: footer},
		Objective: 4 * hour, Confidence: 0.99,
	}
	for _, s := range storms() {
		mean, sd := s.drains()
		c.Rows = append(c.Rows, plots.ComparisonRow{Design: s.name, P5: mean - 1.645*sd, P50: mean, P99: s.p99(),
			P99Lo: s.p99() - 0.1*sd, P99Hi: s.p99() + 0.1*sd, Meets: s.p99() <= 4*hour})
	}
	c.Rows = append(c.Rows, plots.ComparisonRow{Design: "shared lane with naive retries", P5: 3 * hour, P50: math.Inf(1), P99: math.Inf(1), Note: "never drains"})
	return c
}

func tornado() plots.Tornado {
	return plots.Tornado{
		Frame:  plots.Frame{Title: "Measure the relaunch delay first: it moves the P99 by 2 h 36 min", Footer: footer},
		Answer: plots.Axis{Title: "P99 of the drain time", Quantity: plots.Time},
		Base:   3.4 * hour, Objective: 4 * hour,
		Bars: []plots.TornadoBar{
			{"servers", "7", "9", 3.9 * hour, 3.1 * hour},
			{"mean relaunch delay", "20 min", "1 h", 5.2 * hour, 2.6 * hour},
			{"scale-up requests", "1,500", "3,500", 3.25 * hour, 3.55 * hour},
			{"requests per relaunch", "1", "3", 2.4 * hour, 4.6 * hour},
			{"SCV of the service", "0.5", "2", 3.38 * hour, 3.45 * hour},
		},
	}
}

func frontier() plots.Frontier {
	return plots.Frontier{
		Frame: plots.Frame{Title: "Six zones buy the most safety for the money; a lane per zone costs more and risks more", Footer: footer},
		Cost:  plots.Axis{Title: "cost a year (thousand dollars)"}, Risk: plots.Axis{Title: "P(breach), logarithmic", Quantity: plots.Share, Log: true},
		Budget: 0.01,
		Designs: []plots.FrontierDesign{
			{Design: "shared lane", Cost: 100, Risk: 0.08}, {Design: "lane per zone", Cost: 140, Risk: 0.25}, {Design: "twice the servers", Cost: 190, Risk: 0.0004},
			{Design: "static stability", Cost: 420, Risk: 0.00001}, {Design: "six zones", Cost: 125, Risk: 0.006}, {Design: "six zones, lane per zone", Cost: 210, Risk: 0.02},
		},
	}
}

func yearly() plots.Year {
	c := plots.Year{Frame: plots.Frame{Title: "One year in three brings recovery; with the shared lane one in twenty brings more than 6 h", Footer: footer}}
	for _, s := range storms()[:3] {
		mean, sd := s.drains()
		q := plots.YearSeries{Design: s.name, P95: 2*mean - 1.68*sd}
		for k := range 300 {
			x := 3 * 4 * hour * float64(k) / 299
			p := 0.27*normal((mean-x)/sd/2) + 0.05*normal((2*mean-x)/sd/2) + 0.01*normal((3*mean-x)/sd/2)
			q.Exceed = append(q.Exceed, plots.Point{X: x, Y: p})
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func zones() plots.ZoneBreaches {
	c := plots.ZoneBreaches{
		Frame:  plots.Frame{Title: "With five zones or more a shared lane stays within its budget of breaches", Footer: footer},
		Budget: 0.05, Current: 5,
	}
	for i, name := range []string{"shared lane", "lane per zone", "twice the servers"} {
		q := plots.ZoneSeries{Design: name}
		for z := 2; z <= 9; z++ {
			q.Zones = append(q.Zones, z)
			q.Breaches = append(q.Breaches, []float64{1, 3, 0.05}[i]*math.Exp(-float64(z)*[]float64{0.7, 0.5, 0.8}[i]))
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func hockey() plots.HockeyStick {
	c := plots.HockeyStick{
		Frame: plots.Frame{Title: "At 60 % the lane idles along; the storm's 95 % multiplies waits by thirteen", Footer: footer},
		Loads: []plots.Marked{{Value: 0.6, Label: "before"}, {Value: 0.95, Label: "after"}},
	}
	for _, d := range []struct {
		name string
		scv  float64
	}{{"exponential service", 1}, {"deterministic service", 0}, {"SCV 4", 4}} {
		q := plots.HockeyCurve{Name: d.name}
		for k := range 100 {
			rho := float64(k) / 100
			q.Line = append(q.Line, plots.Point{X: rho, Y: 0.9 * rho / (1 - rho) * (1 + d.scv) / 2})
		}
		q.Line = append(q.Line, plots.Point{X: 1, Y: math.Inf(1)}, plots.Point{X: 1.1, Y: math.Inf(1)})
		c.Curves = append(c.Curves, q)
	}
	return c
}

func qq() plots.QQ {
	c := plots.QQ{Frame: plots.Frame{Title: "Theory lies within every interval of the simulation", Footer: footer}}
	for i, s := range storms()[:3] {
		mean, sd := s.drains()
		p := plots.QQPanel{Design: s.name, Finding: "19 of 19 intervals hold the theory"}
		for k := range 19 {
			u := 0.05 * float64(k+1)
			x := mean + sd*quantile(u)
			half := 0.15 * sd / math.Sqrt(u*(1-u)) / 2
			y := x + half*0.8*math.Sin(float64(3*k+i))
			p.Pairs = append(p.Pairs, plots.Estimated{X: x, Y: y, Lo: y - half, Hi: y + half})
		}
		c.Panels = append(c.Panels, p)
	}
	return c
}
