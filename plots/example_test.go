package plots_test

import (
	"bytes"
	"fmt"
	"io"

	"singlelane/plots"
)

// A chart is a struct of plain data that is saved in one of three formats.
func Example() {
	chart := plots.Comparison{
		Frame: plots.Frame{
			Title:  "Twice the servers meet the objective, the shared lane does not",
			Footer: "example, seed 1, planner 0.1.0",
		},
		Objective: 4 * 3600, Confidence: 0.99,
		Rows: []plots.ComparisonRow{
			{Design: "shared lane", P5: 11000, P50: 13000, P99: 15800},
			{Design: "twice the servers", P5: 2400, P50: 2600, P99: 2820, Meets: true},
		},
	}
	var png bytes.Buffer
	if err := chart.Save(&png, plots.PNG); err != nil {
		fmt.Println(err)
	}
	fmt.Println(png.Len() > 1000)
	fmt.Println(chart.AltText())
	// Output:
	// true
	// Twice the servers meet the objective, the shared lane does not. Drain times of the designs; the objective is 99 % within 4 h. shared lane: P5 3 h 3 min, P50 3 h 37 min, P99 4 h 23 min; misses the objective. twice the servers: P5 40 min, P50 43 min 20 s, P99 47 min; meets the objective.
}

// What cannot be drawn is refused by name.
func ExampleValueError() {
	var nothing float64
	chart := plots.Waits{Panels: []plots.WaitsPanel{{
		Design: "shared lane", Times: []float64{0, 60},
		Streams: []plots.WaitSeries{{Median: []float64{1, nothing / nothing}}},
	}}}
	fmt.Println(chart.Save(io.Discard, plots.PNG))
	// Output: plots: Panels[0].Streams[0].Median[1] is NaN, want 0 or more
}

// Names that the typeface cannot set, or that are too long, get a key; the
// caption spells them out.
func ExampleBacklog_Caption() {
	chart := plots.Backlog{Panels: []plots.BacklogPanel{
		{Design: "shared lane", Note: "never drains"},
		{Design: "每區一條車道", Note: "never drains"},
	}}
	fmt.Println(chart.Caption())
	// Output: D2: 每區一條車道
}

// The samples drawn here are those of testdata/golden.
func ExampleBacklog() {
	fmt.Println(backlogOne().AltText())
	// Output: The shared lane drains within its objective of 4 h, with 27 min to spare. Requests in the lane over time. shared lane: 99 % drained by 3 h 33 min; the median backlog peaks at 15,417 requests after 1 h 1 min; overload ends 1 h 1 min, P99 3 h 33 min, objective 4 h.
}

func ExampleDrain() {
	fmt.Println(drains().AltText())
	// Output: Four of five designs meet the objective; a lane per zone misses it one time in four. Probability that the lane has drained, by time; the objective is 99 % within 4 h. shared lane: half drained by 3 h 19 min, at least 99.9963 % within the objective; P99 3 h 33 min. lane per zone: half drained by 3 h 49 min, 77 % within the objective; P99 4 h 23 min. twice the servers: half drained by 44 min, at least 99.9963 % within the objective; P99 47 min. static stability: half drained by 15 min 10 s, at least 99.9963 % within the objective; P99 20 min 2 s. six zones: half drained by 2 h 31 min, at least 99.9963 % within the objective; P99 2 h 44 min.
}

func ExampleWaits() {
	fmt.Println(waits().AltText())
	// Output: Twice the servers cut the longest median wait from 39 min to under 6. What a request waits, by the time at which it arrives. shared lane: the longest median wait is 38 min 56 s; longest median wait 38 min 56 s at 1 h 1 min, longest P99 wait 43 min 22 s at 1 h 4 min; overload ends 1 h 1 min. lane per zone: the longest median wait is 46 min 8 s; longest median wait 46 min 8 s at 1 h 7 min, longest P99 wait 55 min 44 s at 1 h 12 min; overload ends 1 h 7 min. twice the servers: the longest median wait is 5 min 30 s; longest median wait 5 min 30 s at 14 min 27 s, longest P99 wait 7 min 5 s at 17 min 40 s; overload ends 15 min 10 s. static stability: the longest median wait is 5 min 11 s; longest median wait 5 min 11 s at 0 s, longest P99 wait 6 min 1 s at 0 s; overload ends 14 min 50 s.
}

func ExampleExceedance() {
	fmt.Println(exceedances().AltText())
	// Output: The shared lane stays within its risk budget; a lane per zone breaches in one storm of four. Probability of still draining, by time, on a logarithmic scale; at most 1 % is allowed after 4 h. shared lane: 1 in 24 billion still draining at the objective. lane per zone: 23 % still draining at the objective. twice the servers: at most 1 in 550 billion still draining at the objective.
}

func ExampleSweep() {
	fmt.Println(sweep().AltText())
	// Output: Twice the servers carry more than twice the baseline before the drain time runs away. P99 of the drain time by baseline rate (requests a second). shared lane: from 50 min 30 s at 0 to never at 15; saturated from 6.6. six zones: from 37 min 27 s at 0 to never at 15; saturated from 8.9. twice the servers: from 25 min 15 s at 0 to never at 15; saturated from 13.2.
}

func ExampleHeatMap() {
	fmt.Println(heat().AltText())
	// Output: Today most storms breach; eight zones, or a quarter of the relaunch rate, keep the risk below 1 %. P(breach) by initial relaunch rate (1/s), 0.5 to 20, and zones, 2 to 8. It goes from 1 in 2·10¹⁷ to 99.99922 %. 57 of 98 cells are above 1 %. 30 of 98 cells are above 50 %. today stands at 8 and 5, with 66.1 % in the nearest cell.
}

func ExampleComparison() {
	fmt.Println(comparison().AltText())
	// Output: A lane per zone misses the objective, and with naive retries the lane never drains. Drain times of the designs; the objective is 99 % within 4 h. shared lane: P5 3 h 8 min, P50 3 h 19 min, P99 3 h 33 min; meets the objective. lane per zone: P5 3 h 25 min, P50 3 h 49 min, P99 4 h 23 min; misses the objective. twice the servers: P5 41 min 53 s, P50 44 min, P99 47 min; meets the objective. static stability: P5 11 min 44 s, P50 15 min 10 s, P99 20 min 2 s; meets the objective. six zones: P5 2 h 22 min, P50 2 h 31 min, P99 2 h 44 min; meets the objective. shared lane with naive retries: P5 3 h, P50 never, P99 never; misses the objective; never drains.
}

func ExampleTornado() {
	fmt.Println(tornado().AltText())
	// Output: Measure the relaunch delay first: it moves the P99 by 2 h 36 min. P99 of the drain time by input; 3 h 24 min with all inputs in the middle. mean relaunch delay: 5 h 12 min at 20 min, 2 h 36 min at 1 h. requests per relaunch: 2 h 24 min at 1, 4 h 36 min at 3. servers: 3 h 54 min at 7, 3 h 6 min at 9. scale-up requests: 3 h 15 min at 1,500, 3 h 33 min at 3,500. SCV of the service: 3 h 23 min at 0.5, 3 h 27 min at 2.
}

func ExampleFrontier() {
	fmt.Println(frontier().AltText())
	// Output: Six zones buy the most safety for the money; a lane per zone costs more and risks more. cost a year (thousand dollars) against P(breach), logarithmic. shared lane: cost 100, risk 8 %. lane per zone: cost 140, risk 25 %; dominated by shared lane. twice the servers: cost 190, risk 0.04 %. static stability: cost 420, risk 0.001 %. six zones: cost 125, risk 0.6 %. six zones, lane per zone: cost 210, risk 2 %; dominated by twice the servers.
}

func ExampleYear() {
	fmt.Println(yearly().AltText())
	// Output: One year in three brings recovery; with the shared lane one in twenty brings more than 6 h. Chance that a year's total recovery time exceeds a given length. shared lane: 33 % of the years bring more than 0 s; P95 6 h 27 min. lane per zone: 33 % of the years bring more than 0 s; P95 7 h 14 min. twice the servers: 33 % of the years bring more than 0 s; P95 1 h 26 min.
}

func ExampleZoneBreaches() {
	fmt.Println(zones().AltText())
	// Output: With five zones or more a shared lane stays within its budget of breaches. Breaches of the objective in a year, by the number of zones. shared lane: 0.247 with 2 zones, 0.122 with 3 zones, 0.0608 with 4 zones, 0.0302 with 5 zones, 0.015 with 6 zones, 0.00745 with 7 zones, 0.0037 with 8 zones, 0.00184 with 9 zones. lane per zone: 1.1 with 2 zones, 0.669 with 3 zones, 0.406 with 4 zones, 0.246 with 5 zones, 0.149 with 6 zones, 0.0906 with 7 zones, 0.0549 with 8 zones, 0.0333 with 9 zones. twice the servers: 0.0101 with 2 zones, 0.00454 with 3 zones, 0.00204 with 4 zones, 0.000916 with 5 zones, 0.000411 with 6 zones, 0.000185 with 7 zones, 0.0000831 with 8 zones, 0.0000373 with 9 zones.
}

func ExampleHockeyStick() {
	fmt.Println(hockey().AltText())
	// Output: At 60 % the lane idles along; the storm's 95 % multiplies waits by thirteen. Mean wait in the steady state by utilisation. exponential service: 900 ms at 50 %, 3.6 s at 80 %, 8.1 s at 90 %, 17 s at 95 %, never at 100 %. deterministic service: 450 ms at 50 %, 1.8 s at 80 %, 4.05 s at 90 %, 8.55 s at 95 %, never at 100 %. SCV 4: 2.25 s at 50 %, 9 s at 80 %, 20 s at 90 %, 43 s at 95 %, never at 100 %. before the utilisation is 60 %. after the utilisation is 95 %.
}

func ExampleQQ() {
	fmt.Println(qq().AltText())
	// Output: Theory lies within every interval of the simulation. Quantiles of the drain time, simulated against theory. shared lane: 19 of 19 intervals hold the theory; theory lies within 19 of 19 intervals, the largest difference is 0.468 %. lane per zone: 19 of 19 intervals hold the theory; theory lies within 19 of 19 intervals, the largest difference is 1.64 %. twice the servers: 19 of 19 intervals hold the theory; theory lies within 19 of 19 intervals, the largest difference is 0.771 %.
}
