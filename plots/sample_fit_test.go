package plots_test

import (
	"fmt"
	"math"

	"singlelane/plots"
)

// wobble is chance that is the same each time.
func wobble(i int) float64 { return math.Sin(float64(7*i)) + 0.6*math.Sin(float64(13*i*i%101)) }

func fittedArrivals() plots.Fitted {
	c := plots.Fitted{Frame: plots.Frame{Title: "A surge of 450 requests above 0.8/s, three quarters of it within 4 minutes", Footer: "requests.csv | planner 0.1.0"},
		XTitle: "time since the trace began", YTitle: "arrivals a second", What: "Arrivals a second over time", Edges: []float64{0}, Events: []plots.Marked{{Value: 300, Label: "surge begins"}}}
	line := plots.FittedLine{Name: "fit", Note: "exponential surge, AIC 2.9 better than the next"}
	rate := func(t float64) float64 {
		if t < 300 {
			return 0.8
		}
		return 0.8 + 3*math.Exp(-(t-300)/150)
	}
	for i := range 60 {
		r := rate(20*float64(i) + 10)
		c.Edges, c.Bars = append(c.Edges, 20*float64(i+1)), append(c.Bars, math.Max(0, r+0.2*math.Sqrt(r)*wobble(i)))
	}
	for t := 0.0; t <= 1200; t += 2 {
		if t == 300 {
			line.Points = append(line.Points, plots.Point{X: t, Y: 0.8})
		}
		line.Points = append(line.Points, plots.Point{X: t, Y: rate(t)})
	}
	c.Lines = []plots.FittedLine{line}
	return c
}

func fittedService() plots.Fitted {
	c := plots.Fitted{Frame: plots.Frame{Title: "An Erlang law of mean 2 s and SCV 1/3 fits the service times best", Footer: "requests.csv | planner 0.1.0"},
		XTitle: "service time", YTitle: "share of requests a second", What: "Service times as a density", Edges: []float64{0}}
	erlang := func(x float64) float64 { return 27.0 / 16 * x * x * math.Exp(-1.5*x) }
	for i := range 36 {
		x := 0.2*float64(i) + 0.1
		c.Edges, c.Bars = append(c.Edges, 0.2*float64(i+1)), append(c.Bars, math.Max(0, erlang(x)*(1+0.1*wobble(i))))
	}
	for _, l := range []struct {
		name, note string
		f          func(float64) float64
	}{{"erlang", "best", erlang}, {"lognormal", "AIC +54", func(x float64) float64 {
		v := math.Log(4.0 / 3)
		y := math.Log(x/2) + v/2
		return math.Exp(-y*y/2/v) / (x * math.Sqrt(2*math.Pi*v))
	}}, {"exponential", "AIC +689", func(x float64) float64 { return math.Exp(-x/2) / 2 }}} {
		line := plots.FittedLine{Name: l.name, Note: l.note}
		for k := 1; k <= 200; k++ {
			x := 7.2 * float64(k) / 200
			line.Points = append(line.Points, plots.Point{X: x, Y: l.f(x)})
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

func qqMeasured() plots.QQ {
	c := plots.QQ{Frame: plots.Frame{Title: "The fitted law holds up to the longest services", Footer: "requests.csv | planner 0.1.0"}, Measured: true, What: "service time"}
	p := plots.QQPanel{Design: "erlang", Finding: "KS distance 2.4 %, p = 0.4 in a sample of 500"}
	for k := range 25 {
		u := (float64(k) + 0.5) / 25
		x := 2 * math.Exp(0.55*quantile(u))
		half := 0.12 * x * math.Sqrt(u/(1-u)+0.2) / 2
		y := x + half*0.7*wobble(k)/1.6
		p.Pairs = append(p.Pairs, plots.Estimated{X: x, Y: y, Lo: y - half, Hi: y + half})
	}
	c.Panels = []plots.QQPanel{p}
	return c
}

func backlogMeasured() plots.Backlog {
	c := plots.Backlog{TimeTitle: "time since the trace began", Frame: plots.Frame{Title: "The model follows the measured backlog", Footer: "requests.csv | planner 0.1.0"}}
	p := plots.BacklogPanel{Design: "as it was", Finding: "97 % of the measured backlog within the model's 90 %", Bands: []plots.Band{{Share: 0.9}}}
	for i := range 241 {
		t := 5 * float64(i)
		n := 0.0
		if t > 300 {
			n = math.Max(0, 190*(1-math.Exp(-(t-300)/150))-0.55*(t-300)*0.9)
		}
		p.Times, p.Median = append(p.Times, t), append(p.Median, n)
		p.Bands[0].Lo, p.Bands[0].Hi = append(p.Bands[0].Lo, math.Max(0, n-0.6*math.Sqrt(4*n))), append(p.Bands[0].Hi, n+0.6*math.Sqrt(4*n)+1)
		p.Measured = append(p.Measured, plots.Point{X: t, Y: math.Max(0, n+0.5*math.Sqrt(n)*wobble(i/3))})
	}
	c.Panels = []plots.BacklogPanel{p}
	return c
}

func ExampleFitted() {
	fmt.Println(fittedArrivals().AltText())
	// Output: A surge of 450 requests above 0.8/s, three quarters of it within 4 minutes. Arrivals a second over time. measured in 60 intervals from 0 s to 20 min, at most 3.32 from 5 min on. fit: at most 3.8 at 5 min; exponential surge, AIC 2.9 better than the next. surge begins at 5 min.
}
