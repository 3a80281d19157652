package plots

// Format is how a chart is written.
type Format string

// The formats that Save knows.
const (
	PNG Format = "png" // 192 dots per inch, twice a screen's
	SVG Format = "svg"
	PDF Format = "pdf" // text as outlines, fixed dates: the same bytes each time
)

// Mode is the ground a chart is drawn on.
type Mode int

// The modes.
const (
	Light Mode = iota // ink on white
	Dark              // light on near black
)

// Medium is where a chart will be seen.
type Medium int

// The media.
const (
	Document Medium = iota // a column of a page, 16 cm wide
	Slide                  // 25.4 cm wide, larger type
)

// Theme chooses colours and sizes; its zero value is a light document.
type Theme struct {
	Mode   Mode
	Medium Medium
}

// Frame is what every chart has around its data.
type Frame struct {
	Title    string // the finding, in plain words; wrapped as needed
	Subtitle string // optional second line: what is drawn
	Footer   string // scenario, seed, replications, version, separated by " | "; the caption has what cannot be set
	Theme    Theme
}

// Wear puts the chart into another theme.
func (f *Frame) Wear(t Theme) { f.Theme = t }

// Point is one point of a line: a time, rate or count against a value.
type Point struct{ X, Y float64 }

// MarkerKind says what a vertical line in a chart over time stands for.
type MarkerKind int

// The kinds of marker, each with its own line and colour.
const (
	OverloadEnds MarkerKind = iota // arrivals no longer exceed capacity
	Objective                      // the time within which the lane shall drain
	DrainTime                      // a quantile of the drain time
)

// Marker is an instant marked by a vertical line. At is in seconds; +Inf is
// noted at the right edge as never reached. Label is what stands before the
// time and may be empty: "overload ends", "objective" or "P99" by kind.
type Marker struct {
	Kind  MarkerKind
	At    float64
	Label string
}

// Band is the range that holds the middle share of the outcomes at each time.
type Band struct {
	Share  float64   // 0 < Share < 1, as 0.9 for P5 to P95
	Lo, Hi []float64 // as long as the panel's Times
}
