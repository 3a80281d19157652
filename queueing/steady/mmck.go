package steady

import (
	"errors"
	"math"
)

// MMcK is the queue M/M/c/K: no more than Limit requests are in the system,
// in service or waiting; those that find it full are refused. With
// Limit <= Servers it is the loss system of Limit servers, with Limit 0 it
// refuses everything. PWait, W and Wq are of the requests that get in.
type MMcK struct {
	ArrivalRate float64 // 1/s, at least 0
	ServiceRate float64 // 1/s of one server, positive
	Servers     int     // 0 to MaxServers
	Limit       int     // K, 0 to MaxLimit
}

// MM1K is M/M/1/K.
func MM1K(arrivalRate, serviceRate float64, limit int) MMcK {
	return MMcK{arrivalRate, serviceRate, 1, limit}
}

// Validate reports every field out of its range.
func (m MMcK) Validate() error {
	return errors.Join(nonNegative("MMcK.ArrivalRate", m.ArrivalRate), positive("MMcK.ServiceRate", m.ServiceRate),
		countBetween("MMcK.Servers", m.Servers, 0, MaxServers), countBetween("MMcK.Limit", m.Limit, 0, MaxLimit),
		m.somebodyServes())
}

func (m MMcK) somebodyServes() error {
	if m.Servers == 0 && m.Limit > 0 {
		return countBetween("MMcK.Servers", 0, 1, MaxServers)
	}
	return nil
}

// bounded is M/M/c/K with what its measures are made of. The weights of the
// states from c to K are a geometric row; anchor is ln p of its larger end.
type bounded struct {
	a, c     float64
	places   int     // K - c, waiting places
	u        float64 // ln rho
	loss     loss
	anchor   float64 // ln p_c where rho <= 1, ln p_K where rho > 1
	grow     float64 // ln (sum of all weights / sum of those up to c)
	admitted float64 // 1 - PBlock
}

func (m MMcK) bounded() bounded {
	serving := min(m.Servers, m.Limit)
	c, a := float64(serving), offered(m.ArrivalRate, m.ServiceRate)
	b := bounded{a: a, c: c, places: m.Limit - serving, loss: erlangLoss(c, a)}
	if a == 0 || c == 0 {
		b.u, b.anchor, b.admitted = math.Inf(-1), b.loss.ln, b.loss.carried
		return b
	}
	b.u = logRho(m.ArrivalRate, m.ServiceRate, c)
	k := b.places
	if b.u <= 0 {
		row, _ := geometricSum(b.u, k-1)
		b.grow = math.Log1p(b.loss.b * math.Exp(b.u) * row)
		b.anchor = b.loss.ln - b.grow
		but, _ := geometricSum(b.u, k-2) // without the last place
		b.admitted = (1 + b.loss.b*math.Exp(b.u)*but) * math.Exp(-b.grow)
	} else {
		row, _ := geometricSum(-b.u, k-1)
		low := math.Exp(-float64(k)*b.u - b.loss.ln)
		b.anchor = -math.Log(row + low)
		but, _ := geometricSum(-b.u, k-2)
		b.admitted = (math.Exp(-b.u)*but + low) / (row + low)
		b.grow = b.loss.ln + float64(k)*b.u - b.anchor
	}
	if k == 0 {
		b.admitted = b.loss.carried
	}
	return b
}

// logRho is ln(lambda/(c mu)), with its digits kept where the load is near 1.
func logRho(lambda, mu, c float64) float64 {
	if left := slack(lambda, mu, c); left > -0.5 && left < 0.5 {
		return math.Log1p(-left)
	}
	return math.Log(offered(lambda, mu) / c)
}

// row is the sum over the states c+from .. c+to of their probabilities, and
// the mean of n-c there.
func (b bounded) row(from, to int) (p, mean float64) {
	if b.u <= 0 {
		sum, mean := geometricSum(b.u, to-from)
		if from > 0 {
			return sum * math.Exp(b.anchor+float64(from)*b.u), float64(from) + mean
		}
		return sum * math.Exp(b.anchor), mean
	}
	sum, below := geometricSum(-b.u, to-from)
	return sum * math.Exp(b.anchor-float64(b.places-to)*b.u), float64(to) - below
}

// Measures follow from the truncated geometric row (Gross et al. 2008,
// section 2.5). The queue never saturates.
func (m MMcK) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	b := m.bounded()
	full, _ := b.row(b.places, b.places)
	waits, _ := b.row(0, b.places-1)
	queue, behind := b.row(0, b.places)
	out := Measures{
		Sustainable: math.Inf(1), Rho: ratio(b.a, float64(m.Servers)), Busy: b.a * b.admitted,
		P0: math.Exp(-b.loss.lnNorm - b.grow), PBlock: full, Lq: queue * behind,
		Throughput: m.ArrivalRate * b.admitted,
	}
	out.L = out.Lq + out.Busy
	if b.admitted > 0 {
		out.PWait = math.Min(1, waits/b.admitted)
		out.W = 1 / m.ServiceRate
	}
	if out.Throughput > 0 {
		out.Wq = out.Lq / out.Throughput
		out.W += out.Wq
	}
	return out, nil
}

// Offered is the arrival rate, 1/s.
func (m MMcK) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m MMcK) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// AtServers keeps the limit: more servers leave fewer places to wait.
func (m MMcK) AtServers(c int) Staffed { m.Servers = c; return m }

// WaitTail is P(wait > t) of the requests that get in. One that finds
// j waiting starts after j+1 service ends of the busy servers, so with
// z = c mu t it is the sum over i of pois(i; z) P(c+i <= n < K | gets in).
func (m MMcK) WaitTail(t float64) (float64, error) {
	if err := errors.Join(m.Validate(), nonNegative("t", t)); err != nil {
		return 0, err
	}
	b := m.bounded()
	last := b.places - 1
	if last < 0 || b.a == 0 || b.admitted == 0 {
		return 0, nil
	}
	z := b.c * m.ServiceRate * t
	if z == 0 {
		p, _ := b.row(0, last)
		return p / b.admitted, nil
	}
	return math.Min(1, b.waitSum(z, last)/b.admitted), nil
}

// waitSum is that sum, from its largest term outward.
func (b bounded) waitSum(z float64, last int) float64 {
	mode := peak(0, last, func(i int) float64 { return logPoisson(float64(i), z) + b.logRow(i, last) })
	fall := -math.Abs(b.u)
	term := func(head float64, i int) float64 {
		row, _ := geometricSum(fall, last-i)
		return head * row
	}
	row, _ := geometricSum(fall, last-mode)
	top := math.Exp(logPoisson(float64(mode), z) + b.logRow(mode, last) - math.Log(row))
	step := z * math.Exp(math.Min(b.u, 0)) // of the head from i-1 to i, times i
	sum := term(top, mode)
	head := top
	for i := mode + 1; i <= last; i++ {
		head *= step / float64(i)
		x := term(head, i)
		if sum += x; x <= 1e-18*sum {
			break
		}
	}
	head = top
	for i := mode; i > 0; i-- {
		head *= float64(i) / step
		x := term(head, i-1)
		if sum += x; x <= 1e-18*sum {
			break
		}
	}
	return sum
}

// logRow is the logarithm of row's probability.
func (b bounded) logRow(from, to int) float64 {
	if b.u <= 0 {
		sum, _ := geometricSum(b.u, to-from)
		return b.anchor + float64(from)*b.u + math.Log(sum)
	}
	sum, _ := geometricSum(-b.u, to-from)
	return b.anchor - float64(b.places-to)*b.u + math.Log(sum)
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated.
func (m MMcK) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	return tailQuantile(m.WaitTail, 1-p, 1/m.ServiceRate)
}

// States beyond the limit have probability 0.
func (m MMcK) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, MaxLimit)); err != nil {
		return nil, err
	}
	b := m.bounded()
	p := make([]float64, upto+1)
	for n := range min(upto, m.Limit) + 1 {
		if beyond := n - int(b.c); beyond > 0 {
			p[n], _ = b.row(beyond, beyond)
			continue
		}
		p[n] = poissonState(float64(n), b.a, b.loss.lnNorm-b.a+b.grow)
	}
	return p, nil
}
