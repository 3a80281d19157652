package steady

// Measures of the network as one queue: L, W, Wq and Throughput of the rounds
// (thinking apart), Rho of the station that limits them. A closed network
// never saturates (Lazowska et al. 1984, chapter 6). P0 and PWait are not set.
func (m Closed) Measures() (Measures, error) {
	x, err := m.Solve()
	if err != nil {
		return Measures{}, err
	}
	return x.Whole(m), nil
}

// Whole sums the stations up.
func (x ClosedMeasures) Whole(m Closed) Measures {
	out := Measures{Throughput: x.Throughput, W: x.Response}
	for i, s := range x.Stations {
		out.L, out.Lq, out.Busy = out.L+s.L, out.Lq+s.Lq, out.Busy+s.Busy
		out.Wq += m.Stations[i].Visits * s.Wq
		out.Rho = max(out.Rho, s.Rho)
	}
	out.Sustainable = 0
	if x.Bottleneck >= 0 {
		b := m.Stations[x.Bottleneck]
		out.Sustainable = x.Stations[x.Bottleneck].Sustainable / b.Visits
	}
	return out
}
