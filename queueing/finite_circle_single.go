package queueing

// single sets (q + h A) v_k + h sum_j lambda_j U v_(k-j) for exponential services and
// requests that come one by one, in one pass for each polynomial's term, and returns
// what is drained. Terms vanish outside their windows.
func (t *circleTaylor) single(next window, k int, s circleStep) (drained complex128) {
	rate := s.h * t.service.Exit[0]
	u := t.terms[0].v
	out := func(i int) float64 { return rate * float64(min(t.base+i, s.servers)) }
	if i := t.level + 1 - t.base; t.level >= 0 && i >= 0 && i < len(u) {
		drained = complex(out(i), 0) * u[i]
	}
	lo, hi := next.lo, next.hi
	end := min(hi, len(u)-1) // the last state has none above
	full := min(max(lo, s.servers-t.base), end)
	for i := lo; i < full; i++ {
		next.v[i] = complex(s.q-out(i), 0)*u[i] + complex(out(i+1), 0)*u[i+1]
	}
	stay, leave := complex(s.q-out(full), 0), complex(out(full), 0)
	for i := full; i < end; i++ {
		next.v[i] = stay*u[i] + leave*u[i+1]
	}
	for i := end; i < hi; i++ {
		next.v[i] = complex(s.q-out(i), 0) * u[i]
	}
	lambda := t.lambda[0]
	for j, f := range lambda[:min(len(lambda), k+1)] {
		if f == 0 {
			continue
		}
		w := &t.terms[j]
		if w.lo >= w.hi {
			continue
		}
		from, to := w.lo, min(w.hi+1, hi)
		before := complex(0, 0)
		dst, src := next.v[from:to], w.v[from:to]
		for i, x := range src {
			dst[i] += f * (before - x)
			before = x
		}
	}
	return drained
}
