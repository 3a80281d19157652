package study

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Method says how drain times are to be found. Beside these four-letter words
// it may be the name of one method, see [Methods].
type Method string

const (
	Auto     Method = "auto"     // theory where it covers the lanes, and simulation beside it
	Exact    Method = "exact"    // as Auto, but theory must be exact
	Simulate Method = "simulate" // simulation alone
)

// The methods by theory, which package queueing tells apart, and those by
// simulation.
var (
	byTheory     = []queueing.Method{queueing.DrainDensity, queueing.DrainIdentity, queueing.FourierSeries, queueing.Chain, queueing.ClosedForm, queueing.Fluid, queueing.Diffusion}
	bySimulation = []queueing.Method{queueing.Leaps, queueing.Recursion, queueing.Events}
)

// Methods lists what a [Method] may be.
func Methods() []string {
	all := []string{string(Auto), string(Exact), string(Simulate)}
	for _, m := range slices.Concat(byTheory, bySimulation, rareMethods) {
		all = append(all, string(m))
	}
	return all
}

// MethodError says why a design cannot be answered by the method asked for.
type MethodError struct {
	Design string
	Method Method
	Reason string
}

func (e *MethodError) Error() string {
	return fmt.Sprintf("design %q is not covered by the method %q: %s", e.Design, e.Method, strings.TrimPrefix(e.Reason, "queueing: "))
}

func (m Method) orAuto() Method {
	if m == "" {
		return Auto
	}
	return m
}

// theory tells whether to ask theory, and for which of its methods ("" is
// any).
func (m Method) theory() (queueing.Method, bool) {
	if slices.Contains(byTheory, queueing.Method(m)) {
		return queueing.Method(m), true
	}
	return "", m == Auto || m == Exact || m.rare() != ""
}

// mustCover tells whether a design that theory does not cover is an error.
func (m Method) mustCover() bool { return m != Auto && m.rare() == "" }

// rare is the method for rare events asked for, "" if none is.
func (m Method) rare() queueing.Method {
	if slices.Contains(rareMethods, queueing.Method(m)) {
		return queueing.Method(m)
	}
	return ""
}

// simulation is the simulation method insisted on, "" for the best.
func (m Method) simulation() queueing.Method {
	if slices.Contains(bySimulation, queueing.Method(m)) {
		return queueing.Method(m)
	}
	return ""
}

// theoryAlone tells whether one method by theory was named, which then is
// taken even where it is approximate.
func (m Method) theoryAlone() bool { return slices.Contains(byTheory, queueing.Method(m)) }

// refused words a simulation's refusal to draw the design.
func (m Method) refused(d Design, err error) error {
	var u *montecarlo.UnsupportedError
	if errors.As(err, &u) {
		return &MethodError{d.Name, m, u.Reason}
	}
	return err
}
