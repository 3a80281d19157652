package study

import (
	"errors"
	"fmt"
	"strings"

	"singlelane/montecarlo"
)

// UnsupportedError says that a design asks for mechanisms that no method here
// covers.
type UnsupportedError struct {
	Design, Lane string
	Mechanisms   []string // keys of the scenario file
	Reason       string   // what the simulator says
}

func (e *UnsupportedError) Error() string {
	what := strings.Join(e.Mechanisms, ", ")
	if what == "" {
		what = e.Reason
	}
	return fmt.Sprintf("design %q: %s: not supported yet", e.Design, what)
}

// supported refuses, all at once, the designs with mechanisms that would
// otherwise be ignored: whatever theory covers, simulation must.
func supported(designs []Design) error {
	var errs []error
	for _, d := range designs {
		for _, l := range d.Lanes {
			if ok, reason := montecarlo.Supports(l); !ok {
				errs = append(errs, &UnsupportedError{d.Name, l.Name(), l.Config().Mechanisms.Names(), reason})
				break
			}
		}
	}
	return errors.Join(errs...)
}
