package report

import (
	"io"
	"math"
	"time"

	"singlelane/cmd/planner/internal/fit"
)

type fitJSON struct {
	Source       string        `json:"source"`
	Format       string        `json:"format"`
	Version      string        `json:"version"`
	Rows         int           `json:"rows"`
	Origin       *string       `json:"origin"` // null on a clock of its own
	Span         number        `json:"span_s"`
	Incident     number        `json:"incident_s"`
	Servers      *int          `json:"servers"`
	ServersFound *serversJSON  `json:"servers_found"`
	Utilisation  number        `json:"utilisation"`
	Arrivals     *arrivalsJSON `json:"arrivals"`
	Service      *serviceJSON  `json:"service"`
	Backlog      number        `json:"backlog"`
	BacklogPeak  *peakJSON     `json:"backlog_peak"`
	BacklogPath  []depthJSON   `json:"backlog_path"`
	Balance      number        `json:"arrivals_less_completions_per_s"`
	BalanceCI    *interval     `json:"arrivals_less_completions_ci"`
	Discipline   *orderJSON    `json:"discipline"`
	Warnings     []string      `json:"warnings"`
}

type serversJSON struct {
	Plateau bool   `json:"plateau"`
	Largest int    `json:"largest"`
	Share   number `json:"share"`
	Reason  string `json:"reason"`
}

type fitCI struct {
	Confidence float64   `json:"confidence"`
	Rate       *interval `json:"rate_per_s,omitempty"`
	Amplitude  *interval `json:"amplitude_per_s,omitempty"`
	Count      *interval `json:"count,omitempty"`
	Delay      *interval `json:"delay_s,omitempty"`
	DelayCV    *interval `json:"delay_cv,omitempty"`
	Mean       *interval `json:"mean_s,omitempty"`
	SCV        *interval `json:"scv,omitempty"`
}

type arrivalsJSON struct {
	N          int         `json:"n"`
	Rate       number      `json:"rate_per_s"`
	CI         fitCI       `json:"ci"`
	Dispersion number      `json:"dispersion"`
	Surge      *surgeJSON  `json:"surge"`
	Models     []modelJSON `json:"models"`
}

type surgeJSON struct {
	Law       string `json:"law"`
	Begins    number `json:"begins_s"`
	Found     bool   `json:"begins_found"`
	Amplitude number `json:"amplitude_per_s"`
	Count     number `json:"count"`
	Delay     number `json:"delay_s"` // decay, window or mean delay
	DelayCV   number `json:"delay_cv"`
	CI        fitCI  `json:"ci"`
}

type modelJSON struct {
	Name          string  `json:"name"`
	LogLikelihood number  `json:"log_likelihood"`
	AIC           number  `json:"aic"`
	KS            *number `json:"ks,omitempty"`
}

type serviceJSON struct {
	N           int         `json:"n"`
	Mean        number      `json:"mean_s"`
	SCV         number      `json:"scv"`
	Law         string      `json:"law"`
	From        string      `json:"from"` // times of services, or the capacity alone
	CI          fitCI       `json:"ci"`
	SampleMean  number      `json:"sample_mean_s"`
	SampleSCV   number      `json:"sample_scv"`
	KS          number      `json:"ks"`
	P           number      `json:"p_value"`
	Checked     int         `json:"p_value_n"`
	Correlation number      `json:"correlation"`
	Laws        []modelJSON `json:"laws"`
}

type peakJSON struct {
	Requests number `json:"requests"`
	At       number `json:"at_s"`
	End      number `json:"at_end"`
}

// depthJSON is the requests in the lane at an instant, counted from the trace's
// first.
type depthJSON struct {
	T number `json:"t_s"`
	N number `json:"requests"`
}

const pathPoints = 240 // of a backlog in JSON

type orderJSON struct {
	Hint   *string `json:"hint"`
	Oldest number  `json:"oldest_first"`
	Newest number  `json:"newest_first"`
	N      int     `json:"n"`
	Reason string  `json:"reason"`
}

// JSON writes the fit as one document.
func (f Fit) JSON(w io.Writer) error {
	d := fitJSON{Source: f.Trace.Name, Format: string(f.Trace.Format), Version: f.Version, Rows: f.Trace.Rows,
		Span: number(f.Span), Incident: number(f.Incident), Utilisation: number(f.Usage), Backlog: number(f.Backlog()), Warnings: list(f.Warnings)}
	if !f.Trace.Relative {
		origin := f.Trace.Origin.Format(time.RFC3339Nano)
		d.Origin = &origin
	}
	if s := f.Servers; s != nil {
		d.Servers = &s.Count
		d.ServersFound = &serversJSON{s.Plateau, s.Largest, number(s.Share), s.Reason}
	}
	d.Balance, d.BalanceCI = number(f.Balance.Value), bounds(f.Balance)
	d.Arrivals, d.Service = arrivalsOf(f.Arrivals), serviceOf(f.Service)
	if l := f.Lane; l != nil {
		d.BacklogPeak = &peakJSON{number(l.Peak), number(l.PeakAt), number(l.End)}
		times, in := l.Thinned(pathPoints)
		for i := range times {
			d.BacklogPath = append(d.BacklogPath, depthJSON{number(times[i]), number(in[i])})
		}
	}
	if o := f.Order; o != nil {
		d.Discipline = &orderJSON{nil, number(o.Oldest), number(o.Newest), o.Choices, o.Words}
		if o.Discipline != "" {
			d.Discipline.Hint = &o.Discipline
		}
	}
	return writeJSON(w, d)
}

func arrivalsOf(a *fit.Arrivals) *arrivalsJSON {
	if a == nil {
		return nil
	}
	j := &arrivalsJSON{N: a.N, Rate: number(a.Rate.Value), CI: fitCI{Confidence: fit.Confidence, Rate: bounds(a.Rate)},
		Dispersion: number(a.Dispersion), Models: modelsOf(a.Models)}
	if s := a.Surge; s != nil {
		j.Surge = &surgeJSON{Law: string(s.Law), Begins: number(s.Begins), Found: s.Found, Count: number(s.Count.Value), Delay: number(s.Delay.Value),
			CI: fitCI{Confidence: fit.Confidence, Count: bounds(s.Count), Delay: bounds(s.Delay)}}
		switch s.Law {
		case fit.ExponentialDelay:
			j.Surge.Amplitude, j.Surge.CI.Amplitude = number(s.Amplitude.Value), bounds(s.Amplitude)
		case fit.LognormalDelay:
			j.Surge.DelayCV, j.Surge.CI.DelayCV = number(s.CV.Value), bounds(s.CV)
		}
	}
	return j
}

func serviceOf(s *fit.Service) *serviceJSON {
	if s == nil {
		return nil
	}
	law, from := string(s.Law), "times"
	if s.Law == fit.Capacity {
		law, from = string(fit.Gamma), "capacity"
	}
	return &serviceJSON{From: from, N: s.N, Mean: number(s.Mean.Value), SCV: number(s.SCV.Value), Law: law,
		CI:         fitCI{Confidence: fit.Confidence, Mean: bounds(s.Mean), SCV: bounds(s.SCV)},
		SampleMean: number(s.SampleMean), SampleSCV: number(s.SampleSCV), KS: number(s.KS), P: number(s.P), Checked: s.Checked,
		Correlation: number(s.Correlation), Laws: modelsOf(s.Laws)}
}

func modelsOf(all []fit.Model) []modelJSON {
	out := []modelJSON{}
	for _, m := range all {
		one := modelJSON{m.Name, number(m.LogLikelihood), number(m.AIC), nil}
		if !math.IsNaN(m.KS) {
			ks := number(m.KS)
			one.KS = &ks
		}
		out = append(out, one)
	}
	return out
}

// bounds of a range, nil where it has none.
func bounds(r fit.Range) *interval {
	if !r.Known() {
		return nil
	}
	return &interval{number(r.Lo), number(r.Hi)}
}
