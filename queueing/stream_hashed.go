package queueing

// Hashed is what one lane sees of a finite source (a [Batch] or a [Pool])
// whose requests each go to one of Lanes lanes at random. Its law in one lane
// is binomial; the lanes are not independent of each other. With Together set
// in a pool each instance chooses a lane once for all of its requests.
type Hashed struct {
	Of    Source
	Lanes int // at least 1
}

// Hash is the law of one lane's part of source: Poisson sources thin into
// independent ones, finite sources become [Hashed].
func Hash(source Source, lanes int) Source {
	switch source.(type) {
	case Batch, Pool:
		return Hashed{source, lanes}
	}
	return source.Split(lanes, 0)
}

func (a Hashed) share() float64 { return 1 / float64(a.Lanes) }

func (a Hashed) Rate(t float64) float64          { return a.Of.Rate(t) * a.share() }
func (a Hashed) Flow(s, t float64) float64       { return a.Of.Flow(s, t) * a.share() }
func (a Hashed) Excess(s, t float64) float64     { return a.Of.Excess(s, t) * a.share() }
func (a Hashed) Breaks(lo, hi float64) []float64 { return a.Of.Breaks(lo, hi) }
func (a Hashed) Begins() float64                 { return a.Of.Begins() }
func (a Hashed) LongRun() float64                { return a.Of.LongRun() * a.share() }
func (a Hashed) Split(n, _ int) Source           { return Hashed{a.Of, a.Lanes * n} }
func (a Hashed) Count(s, t float64) Count        { return a.thin(a.Of.Count(s, t)) }

func (a Hashed) Jumps() []Jump {
	all := append([]Jump(nil), a.Of.Jumps()...)
	for i := range all {
		all[i].Size = a.thin(all[i].Size)
	}
	return all
}

// thin keeps each request, or each group of them, with probability 1/Lanes.
func (a Hashed) thin(c Count) Count {
	p := a.share()
	out := Count{Poisson: c.Poisson * p}
	if c.Fixed > 0 {
		out.Binomials = append(out.Binomials, Binomial{c.Fixed, p, 1})
	}
	for _, b := range c.Binomials {
		out.Binomials = append(out.Binomials, Binomial{b.N, b.P * p, b.Size})
	}
	for _, g := range c.Groups {
		out.Groups = append(out.Groups, Groups{g.Mean * p, g.Size})
	}
	return out
}

func (a Hashed) Validate() error {
	switch a.Of.(type) {
	case Batch, Pool:
	default:
		return &FieldError{"Hashed.Of", a.Of, "a batch or a pool"}
	}
	if err := countBetween("Hashed.Lanes", a.Lanes, 1, MaxServers); err != nil {
		return err
	}
	return a.Of.Validate()
}
