package markov

import "math"

// weights are Poisson probabilities between left and right, scaled to sum to
// one.
type weights struct {
	left, right int
	p           []float64
}

func (w weights) at(k int) float64 {
	if k < w.left || k > w.right {
		return 0
	}
	return w.p[k-w.left]
}

// poissonWeights are the probabilities of a Poisson law with mean x whose
// relative size to the largest is at least cut. The recurrence starts at the
// mode from 1 and goes both ways, so that nothing under- or overflows at any
// mean (B. L. Fox, P. W. Glynn, Commun. ACM 31 (1988) 440); what is cut off is
// below cut times the number of terms kept.
func poissonWeights(x, cut float64) weights {
	if x <= 0 {
		return weights{0, 0, []float64{1}}
	}
	mode := int(x)
	var down []float64
	w := 1.0
	for k := mode; k > 0; k-- {
		w *= float64(k) / x
		if w < cut {
			break
		}
		down = append(down, w)
	}
	left := mode - len(down)
	p := make([]float64, len(down)+1, 2*len(down)+64)
	for i, v := range down {
		p[len(down)-1-i] = v
	}
	p[len(down)] = 1
	w = 1
	for k := mode + 1; ; k++ {
		w *= x / float64(k)
		if w < cut {
			break
		}
		p = append(p, w)
	}
	sum := 0.0
	for i, j := 0, len(p)-1; i <= j; { // the small ones first
		if p[i] < p[j] || i == j {
			sum += p[i]
			i++
		} else {
			sum += p[j]
			j--
		}
	}
	for i := range p {
		p[i] /= sum
	}
	return weights{left, left + len(p) - 1, p}
}

// tails are, for each k in left..right+1, the probability of k or more events.
func (w weights) tails() []float64 {
	tail := make([]float64, len(w.p)+1)
	for i := len(w.p) - 1; i >= 0; i-- {
		tail[i] = math.Min(1, tail[i+1]+w.p[i])
	}
	return tail
}
