// Package plots draws the charts that leave the shell: what a lane's backlog
// does over time, how long it takes to drain, what that risks and what it
// costs.
//
// Each chart is a struct of plain data with three answers: Save writes it as
// PNG, SVG or PDF, AltText says in words what it shows, with its numbers, and
// Caption spells out what did not fit on the page (long names, names whose
// glyphs the typeface lacks). The package computes nothing about queues: it is
// given series and draws them.
//
//	quantity            unit
//	times, waits        seconds; +Inf is "never", NaN is refused
//	backlog             requests in the lane, waiting or in service
//	rates               requests per second
//	probabilities       0 to 1
//	money               in the caller's one currency
//
// Everywhere a line is theory and points with bars are simulation. One theme
// sets typeface, sizes and colours for all charts; the categorical colours are
// those of M. Okabe and K. Ito, "Color Universal Design" (2008), the sequential
// ones run evenly in lightness, so that both survive colour blindness and grey
// print. The same data give the same bytes.
package plots
