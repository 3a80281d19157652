package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
	"gonum.org/v1/gonum/stat/sampleuv"

	"singlelane/queueing"
)

// Service is the law of one service time.
type Service struct {
	N           int
	Law         Law
	Mean        Range // s
	SCV         Range // no bounds for a law that fixes it
	SampleMean  float64
	SampleSCV   float64
	Laws        []Model // all that were tried, the best first
	KS          float64 // greatest distance between the law and the data, a share of requests
	P           float64 // bootstrap probability of a distance as great, of a sample of Checked
	Checked     int
	Assumed     bool         // the log is too coarse to tell a law: P is NaN, nothing to draw
	Correlation float64      // of one service with the next
	QQ          []QuantileOf // quantiles of law and data
	Histogram   Histogram
	law         law
}

// Law names the law as the scenario file does.
type Law string

const (
	Deterministic    Law = "deterministic"
	Exponential      Law = "exponential"
	Erlang           Law = "erlang"
	Gamma            Law = "gamma"
	Lognormal        Law = "lognormal"
	Hyperexponential Law = "hyperexponential"
	Capacity         Law = "capacity" // only the rate of service is known
)

// QuantileOf compares law and data.
type QuantileOf struct{ Law, Data, Lo, Hi float64 }

// Histogram is shares of the services in bins, with the densities of the laws.
type Histogram struct {
	Edges   []float64 // s
	Density []float64 // per second, of the data
	Share   float64   // of the services that are within the bins
	Fits    []Density // of the laws, the best first
}

// Density is a law's.
type Density struct {
	Law  Law
	At   []float64
	Each []float64
}

const (
	leastSCV        = 1e-5 // below it the times are as good as constant
	leastServices   = 5
	enoughServices  = 100 // for a law with an SCV to be told from another
	checkedServices = 500
	checks          = 99
)

// fitService finds the law of the times, in s, in the order in which they
// were begun. resolution is that of the log in s.
func fitService(times []float64, resolution float64, o Options) (*Service, []string) {
	if len(times) < leastServices {
		return nil, []string{fmt.Sprintf("%d service times are too few to fit a law; %d are needed, %d to tell laws apart", len(times), leastServices, enoughServices)}
	}
	s := &Service{N: len(times)}
	s.SampleMean, s.SampleSCV = moments(times)
	var warnings []string
	if len(times) < enoughServices {
		warnings = append(warnings, fmt.Sprintf("%d service times are too few to tell laws apart; %d are needed", len(times), enoughServices))
	}
	s.Correlation = correlation(times)
	zeros := 0
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	for zeros < len(sorted) && sorted[zeros] <= 0 {
		zeros++
	}
	if zeros == len(sorted) {
		return nil, append(warnings, "all service times are 0: no law fits")
	}
	if zeros > 0 {
		floor := math.Min(math.Max(resolution/2, 1e-9), sorted[zeros])
		for i := range sorted[:zeros] {
			sorted[i] = floor
		}
		if float64(zeros)*floor > mostShift*s.SampleMean*float64(s.N) {
			s.assumeExponential(sorted)
			return s, append(warnings, fmt.Sprintf("%d service times are 0: the log resolves no less than %.3g s, too coarse for services of mean %.3g s; no law can be told and exponential is assumed; rounding both ends alike leaves the mean as it is", zeros, resolution, s.SampleMean))
		}
		warnings = append(warnings, fmt.Sprintf("%d service times are 0, shorter than the log resolves: taken as %.3g s", zeros, floor))
	}
	s.choose(sorted, resolution)
	s.check(sorted, o)
	if r, n := s.Correlation, float64(len(times)); n > 30 && math.Abs(r)*math.Sqrt(n) > distuv.UnitNormal.Quantile(1-alarm/2) {
		factor := math.Sqrt((1 + math.Max(r, 0)) / (1 - math.Min(r, 0.99)))
		s.Mean, s.SCV = s.Mean.wider(factor), s.SCV.wider(factor)
		warnings = append(warnings, fmt.Sprintf("successive service times are correlated (%.2g): the model takes them as independent, so long busy spells are longer than it says; ranges are made wider by %.3g", r, factor))
	}
	if s.P <= 0.01 && s.KS > 0.02 {
		warnings = append(warnings, fmt.Sprintf("no law fits the service times well: the %s law is off by %.2g %% of requests%s; law: empirical with the times themselves is safer", s.Law, 100*s.KS, s.otherMean()))
	}
	return s, warnings
}

// otherMean says what the times' own mean is where the law misses it.
func (s *Service) otherMean() string {
	if s.Mean.Lo <= s.SampleMean && s.SampleMean <= s.Mean.Hi {
		return ""
	}
	return fmt.Sprintf(", and the mean of the times is %.3g s, not %.3g s", s.SampleMean, s.Mean.Value)
}

// mostShift of the mean by what stands for services of 0: above it the law
// would be that of the log's rounding.
const mostShift = 0.01

// assumeExponential takes the times for their mean alone. A start and an end
// that are rounded alike are, on average, as far apart as before, and the
// variance of the differences counts the rounding in: the range is that of a
// mean, on the logarithmic scale.
func (s *Service) assumeExponential(sorted []float64) {
	mean := logRange(s.SampleMean, math.Sqrt(s.SampleSCV/float64(s.N)))
	f := fitted{Exponential, gammaLaw{distuv.Gamma{Alpha: 1, Beta: 1 / s.SampleMean}}, 1, mean, Range{1, math.NaN(), math.NaN()}}
	ll := f.law.logLikelihood(newSample(sorted))
	s.Law, s.law, s.Mean, s.SCV = f.name, f.law, f.mean, f.scv
	s.Laws = []Model{{string(f.name), ll, 2 - 2*ll, distance(sorted, f.law)}}
	s.KS, s.Assumed, s.P = s.Laws[0].KS, true, math.NaN()
}

func moments(times []float64) (mean, scv float64) {
	mean, variance := stat.MeanVariance(times, nil)
	return mean, variance / (mean * mean)
}

// correlation of the logarithms of neighbours: logarithms, so that one huge
// value does not decide.
func correlation(times []float64) float64 {
	log := func(t float64) float64 { return math.Log(math.Max(t, 1e-9)) }
	zero := log(times[0])
	var n, x, y, xx, yy, xy float64
	before := 0.0
	for _, t := range times[1:] {
		now := log(t) - zero
		n, x, y = n+1, x+before, y+now
		xx, yy, xy = xx+before*before, yy+now*now, xy+before*now
		before = now
	}
	r := (xy - x*y/n) / math.Sqrt((xx-x*x/n)*(yy-y*y/n))
	if !(math.Abs(r) <= 1) {
		return 0
	}
	return r
}

// choose fits every law and keeps the one of the least AIC. An Erlang law is a
// gamma law whose shape is whole: it is preferred where its likelihood is as
// good within what chance explains (the 90 % point of chi-squared, 2.7).
func (s *Service) choose(sorted []float64, resolution float64) {
	if n := len(sorted); sorted[n-1]-sorted[0] <= 2*resolution+1e-6*sorted[0] || s.SampleSCV < leastSCV {
		mean := s.SampleMean
		s.Law, s.law, s.Laws = Deterministic, pointLaw{mean}, []Model{{string(Deterministic), 0, 2, math.NaN()}}
		half := math.Max(resolution/2, (sorted[n-1]-sorted[0])/2) + 1e-9*mean
		s.Mean, s.SCV = Range{mean, math.Max(mean-half, mean/2), mean + half}, Range{0, math.NaN(), math.NaN()}
		return
	}
	data := newSample(sorted)
	fits := []fitted{fitExponential(data), fitGamma(data), fitLognormal(data), fitHyperexponential(group(sorted))}
	if e, ok := fitErlang(data, fits[1]); ok {
		if 2*(fits[1].law.logLikelihood(data)-e.law.logLikelihood(data)) < 2.706 {
			fits[1] = e
		} else {
			fits = append(fits, e)
		}
	}
	best, bestAIC := fitted{}, math.Inf(1)
	for _, f := range fits {
		if f.law == nil {
			continue
		}
		ll := f.law.logLikelihood(data)
		m := Model{string(f.name), ll, 2*float64(f.numbers) - 2*ll, distance(sorted, f.law)}
		s.Laws = append(s.Laws, m)
		if m.AIC < bestAIC {
			best, bestAIC = f, m.AIC
		}
	}
	slices.SortStableFunc(s.Laws, func(a, b Model) int { return compare(a.AIC, b.AIC) })
	s.Law, s.law, s.Mean, s.SCV = best.name, best.law, best.mean, best.scv
	s.Histogram = histogram(sorted, fits, s.Laws)
	s.QQ = quantiles(sorted, best.law)
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// distance is that of Kolmogorov and Smirnov, of more than looked times to
// within 1/looked.
func distance(sorted []float64, l law) float64 {
	const looked = 20_000
	n, d := float64(len(sorted)), 0.0
	for i := 0; i < len(sorted); i += max(1, len(sorted)/looked) {
		p := l.cdf(sorted[i])
		d = math.Max(d, math.Max(p-float64(i)/n, float64(i+1)/n-p))
	}
	return d
}

// check measures the chosen law's distance, and by a parametric bootstrap how
// probable one as great is if the law were true: its numbers are fitted, so
// the tables of the distance do not hold (H. W. Lilliefors, JASA 62, 1967). A
// large log is checked on a sample: of 10^7 requests none follows any law.
func (s *Service) check(sorted []float64, o Options) {
	if s.Law == Deterministic {
		s.P, s.Checked = 1, len(sorted)
		return
	}
	s.KS = distance(sorted, s.law)
	source := rand.New(rand.NewPCG(o.Seed, 0x676f6f64))
	sample := sorted
	if len(sorted) > checkedServices {
		places := make([]int, checkedServices)
		sampleuv.WithoutReplacement(places, len(sorted), source)
		sample = make([]float64, checkedServices)
		for i, at := range places {
			sample[i] = sorted[at]
		}
		slices.Sort(sample)
	}
	s.Checked = len(sample)
	own := refit(s.Law, sample)
	d, farther := distance(sample, own), 1
	again := make([]float64, len(sample))
	for range checks {
		for i := range again {
			again[i] = own.draw(source)
		}
		slices.Sort(again)
		if distance(again, refit(s.Law, again)) >= d {
			farther++
		}
	}
	s.P = float64(farther) / (checks + 1)
}

// refit fits one law to a sample, or the exponential law that it ends in where
// the sample is too even for it.
func refit(name Law, sorted []float64) law {
	data := newSample(sorted)
	f := fitExponential(data)
	other := fitted{}
	switch name {
	case Gamma:
		other = fitGamma(data)
	case Erlang:
		other, _ = fitErlang(data, fitGamma(data))
	case Lognormal:
		other = fitLognormal(data)
	case Hyperexponential:
		other = fitHyperexponential(group(sorted))
	}
	if other.law != nil {
		f = other
	}
	return f.law
}

// Queueing is the law as a lane's.
func (s *Service) Queueing() queueing.Service {
	m, v := s.Mean.Value, s.SCV.Value
	switch s.Law {
	case Deterministic:
		return queueing.Deterministic{Time: m}
	case Erlang, Gamma:
		return queueing.Gamma{MeanTime: m, Shape: 1 / v}
	case Lognormal:
		return queueing.Lognormal{MeanTime: m, Variability: v}
	case Hyperexponential:
		return queueing.BalancedHyperexponential(m, v)
	}
	return queueing.Exponential{MeanTime: m}
}
