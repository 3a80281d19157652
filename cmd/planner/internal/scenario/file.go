package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"go.yaml.in/yaml/v4"
)

// File is a scenario file that has been read and found sound. It never
// changes; its methods may be called at the same time.
type File struct {
	path    string
	text    []byte
	top     *yaml.Node
	base    *settings
	designs []design
	data    *library
}

// Options of [LoadWith]. The zero value is what [Load] does.
type Options struct {
	AllowOutside bool // data files may lie outside the scenario's folder
}

// Load reads a scenario file strictly. The error is of type [Faults] when the
// file is to blame, and then lists everything that is wrong with it.
func Load(path string) (*File, error) { return LoadWith(path, Options{}) }

// LoadWith is Load with options.
func LoadWith(path string, o Options) (*File, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, data, &library{folder: filepath.Dir(path), outside: o.AllowOutside})
}

// readFile reads at most maxFileBytes of a file.
func readFile(path string) ([]byte, error) {
	fault := func(problem, allowed string) error {
		return Faults{{Place: Place{File: path}, Problem: problem, Allowed: allowed}}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault("does not exist", "allowed is a scenario file")
	case err == nil && info.IsDir():
		return nil, fault("is a folder", "allowed is a scenario file")
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to is empty, not waited for
	if err != nil {
		return nil, fault(clean(err.Error()), "allowed is a file that can be read")
	}
	defer func() { _ = f.Close() }() // only read from
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	switch {
	case err != nil:
		return nil, fault(clean(err.Error()), "allowed is a file that can be read")
	case len(data) > maxFileBytes:
		return nil, fault(fmt.Sprintf("has more than %d bytes", maxFileBytes), "allowed is a smaller scenario file")
	}
	return data, nil
}

// parse decodes the file and compiles each of its designs once, for the
// faults.
func parse(path string, data []byte, lib *library) (*File, error) {
	top, faults := parseDocument(path, data)
	if len(faults) > 0 {
		return nil, faults.err()
	}
	d := &decoder{file: path, into: newSettings(), data: lib, budget: &budget{}}
	d.decode(top, root, "")
	f := &File{path, data, top, d.into, d.designs, lib}
	if top.Kind != yaml.MappingNode {
		return nil, d.faults.err()
	}
	base := newCompiler(f.base, "base")
	base.compile()
	all := append(d.faults, base.faults...)
	_, faults = f.each(f.designs, nil, d.budget)
	all = append(all, faults...)
	if err := all.err(); err != nil {
		return nil, err
	}
	return f, nil
}

// Path of the file as it was given to [Load].
func (f *File) Path() string { return f.path }

// DesignNames lists the designs in the order of the file, or base.
func (f *File) DesignNames() []string {
	if len(f.designs) == 0 {
		return []string{"base"}
	}
	names := make([]string, len(f.designs))
	for i, v := range f.designs {
		names[i] = v.name
	}
	return names
}

// each compiles the designs, until they have more lanes than there is room for.
func (f *File) each(designs []design, sets []Setting, b *budget) (all []*compiler, faults Faults) {
	parts := 0
	for _, v := range designs {
		c, wrong := f.variant(v, sets, b)
		all, faults = append(all, c), append(faults, wrong...)
		if parts += len(c.out.Lanes) * len(c.s.streams); parts > maxParts {
			return all, append(faults, Fault{v.at, "designs." + v.name, "the designs have too many lanes in all",
				fmt.Sprintf("allowed are %d streams of lanes in all", maxParts), "put some designs into a file of their own"})
		}
	}
	return all, faults
}

// variant compiles one design with the what-ifs on top.
func (f *File) variant(v design, sets []Setting, b *budget) (*compiler, Faults) {
	s := f.base.clone()
	d := &decoder{file: f.path, layer: 1, into: s, data: f.data, budget: b}
	for _, o := range v.overrides {
		d.override(o.path, o.node, o.at)
	}
	for i, set := range sets {
		d.file, d.layer = set.source(), 2+i
		n, faults := set.node()
		if d.faults = append(d.faults, faults...); len(faults) == 0 {
			d.override(set.Key, n, Place{File: d.file})
		}
	}
	c := newCompiler(s, v.name)
	c.out = c.compile()
	if all := append(d.faults, c.faults...); len(all) > 0 {
		return c, all
	}
	for _, o := range v.overrides {
		c.out.Overrides = append(c.out.Overrides, Setting{Key: o.path, Value: write(o.node)})
	}
	return c, nil
}

// Compile applies the what-ifs, in their order, to the design of that name,
// or to every design if it is empty, and compiles the result to lanes. The
// error is of type [Faults].
func (f *File) Compile(sets []Setting, name string) (*Scenario, error) {
	variants := f.designs
	if len(variants) == 0 {
		variants = []design{{name: "base"}}
	}
	if name != "" {
		i := slices.Index(f.DesignNames(), name)
		if i < 0 {
			return nil, Faults{{Place: Place{File: "--design"}, Problem: "there is no design " + quoted(name),
				Allowed: "allowed is " + orList(f.DesignNames()), Hint: didYouMean(name, f.DesignNames())}}
		}
		variants = variants[i : i+1]
	}
	compiled, faults := f.each(variants, sets, &budget{})
	if err := faults.err(); err != nil {
		return nil, err
	}
	out := &Scenario{Path: f.path}
	for _, c := range compiled {
		c.fill(out)
	}
	out.warn()
	return out, nil
}

// fill adds a compiled design to the scenario.
func (c *compiler) fill(out *Scenario) {
	s := c.s
	out.Name = s.word("name", "")
	out.Objective = Objective{s.x("objective.drain_within", 0), s.x("objective.confidence", 0)}
	out.Horizon = s.x("simulation.horizon", defaultHorizon(out.Objective.Within))
	out.Designs = append(out.Designs, c.out)
	for path, v := range s.at {
		if v.spread == nil {
			continue
		}
		k, _, _, _ := resolve(path)
		u := Uncertain{Key: path, Spread: *v.spread, Value: v.x, Text: k.format(v.x)}
		if v.layer == 1 {
			u.Design = c.out.Name
		}
		if !slices.Contains(out.Uncertain, u) {
			out.Uncertain = append(out.Uncertain, u)
		}
	}
	slices.SortFunc(out.Uncertain, func(a, b Uncertain) int {
		return strings.Compare(a.Key+"\x00"+a.Design, b.Key+"\x00"+b.Design)
	})
}

// defaultHorizon is a day, or twice an objective that reaches beyond it.
func defaultHorizon(within float64) float64 {
	if within < secondsPerDay {
		return secondsPerDay
	}
	return 2 * within
}

// leadingNumber is the number that a text such as 0.773304597167/yr begins with.
var leadingNumber = regexp.MustCompile(`^[0-9]+\.[0-9]+(?:e[-+]?[0-9]+)?`)

// rounded gives the number of a text four digits, for people.
func rounded(text string) string {
	number := leadingNumber.FindString(text)
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return text
	}
	short := strconv.FormatFloat(x, 'g', 4, 64)
	if len(short) > len(number) {
		return text
	}
	return short + text[len(number):]
}

// warn says which numbers were taken out of ranges.
func (s *Scenario) warn() {
	if len(s.Uncertain) == 0 {
		return
	}
	var all []string
	for _, u := range s.Uncertain {
		all = append(all, u.Key+" = "+rounded(u.Text))
	}
	s.Warnings = append(s.Warnings, "ranges are taken at their middle: "+strings.Join(all, ", "))
}
