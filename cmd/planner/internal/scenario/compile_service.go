package scenario

import (
	"math"

	"singlelane/queueing"
)

const servicePath = "control_plane.service"

// unfitting lists the keys in the section at p that do not go with the law of
// a service time or of a delay.
func unfitting(s *settings, p, law string) []string {
	switch law {
	case "uniform":
		return present(s, p, "mean_delay", "rate", "delay_cv")
	case "empirical":
		return present(s, p, "mean", "scv")
	}
	if p != servicePath {
		if law == "lognormal" {
			return present(s, p, "window")
		}
		return present(s, p, "window", "delay_cv")
	}
	all := present(s, p, "data")
	if v, ok := s.at[p+".scv"]; ok && !v.bad && scvFault(law, v.x) != "" {
		all = append(all, "scv")
	}
	return all
}

// scvFault says which scv a law may have when this is none of them.
func scvFault(law string, scv float64) string {
	switch {
	case law == "exponential" && scv != 1:
		return "an exponential law has scv 1"
	case law == "deterministic" && scv != 0:
		return "a deterministic law has scv 0"
	case law == "erlang" && phases(scv) == 0:
		return "an erlang law has 1/scv whole, such as 1, 0.5, 0.25"
	case (law == "gamma" || law == "lognormal") && scv < 1e-6:
		return "a " + law + " law has scv of 1e-6 or more"
	case law == "hyperexponential" && scv < 1:
		return "a hyperexponential law has scv of 1 or more"
	}
	return ""
}

// phases is the whole 1/scv of an Erlang law, 0 if that is not whole to the
// digits that a user writes (0.333 is a third).
func phases(scv float64) int {
	k := math.Round(1 / scv)
	if !(k >= 1 && k <= 1e6) || math.Abs(1/scv-k) > 2e-3*k {
		return 0
	}
	return int(k)
}

// service compiles the law of the service time, nil with a fault.
func (c *compiler) service() queueing.Service {
	s := c.s
	if !s.has(servicePath) || !c.sound(servicePath) {
		return nil
	}
	law := s.word(servicePath+".law", "exponential")
	if s.has(servicePath+".scv") && scvFault(law, s.x(servicePath+".scv", 0)) != "" {
		hint := ""
		if !s.has(servicePath + ".law") {
			hint = "name a law beside it, such as gamma or hyperexponential"
		}
		c.fault(servicePath+".scv", formatNumber(s.x(servicePath+".scv", 0))+" does not fit", "allowed: "+scvFault(law, s.x(servicePath+".scv", 0)), hint, servicePath+".law")
		return nil
	}
	if wrong := unfitting(s, servicePath, law); len(wrong) > 0 {
		c.fault(join(servicePath, wrong[0]), "does not go with law: "+law, "allowed is "+serviceNeeds(law), "", servicePath+".law")
		return nil
	}
	return c.serviceOf(law)
}

func serviceNeeds(law string) string {
	switch law {
	case "empirical":
		return "law and data"
	case "exponential", "deterministic":
		return "mean and law"
	}
	return "mean, law and scv"
}

func (c *compiler) serviceOf(law string) queueing.Service {
	s := c.s
	if law == "empirical" {
		if f := s.at[servicePath+".data"].source; f != nil {
			return f.service
		}
		c.fault(servicePath+".data", "is missing", "allowed is the name of a CSV file of service times", "", servicePath+".law")
		return nil
	}
	mean, scv := s.x(servicePath+".mean", 0), s.x(servicePath+".scv", 1)
	before := len(c.faults)
	if mean == 0 {
		c.fault(servicePath+".mean", "is missing", serviceKeys.child("mean").allowed(), "", servicePath+".law")
	}
	if !s.has(servicePath+".scv") && law != "exponential" && law != "deterministic" {
		c.fault(servicePath+".scv", "is missing", "allowed: "+scvFault(law, -1), "", servicePath+".law")
	}
	if len(c.faults) > before {
		return nil
	}
	switch law {
	case "deterministic":
		return queueing.Deterministic{Time: mean}
	case "erlang":
		return queueing.Gamma{MeanTime: mean, Shape: float64(phases(scv))}
	case "gamma":
		return queueing.Gamma{MeanTime: mean, Shape: 1 / scv}
	case "hyperexponential":
		return queueing.BalancedHyperexponential(mean, scv)
	case "lognormal":
		return queueing.Lognormal{MeanTime: mean, Variability: scv}
	}
	return queueing.Exponential{MeanTime: mean}
}
