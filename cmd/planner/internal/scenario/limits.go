package scenario

import "singlelane/queueing"

// The limits of a scenario file and of the data files it names, checked
// before memory is taken for what exceeds them.
const (
	maxFileBytes  = 1 << 20   // of the scenario file
	maxDepth      = 20        // nested mappings and sequences
	maxNodes      = 100_000   // keys and values, aliases expanded
	maxNameRunes  = 100       // of a stream, a design or the scenario
	maxStreams    = 200       // streams of a scenario
	maxDesigns    = 200       // designs of a scenario
	maxJoins      = 1_000     // entries of scale_out
	maxLanes      = 10_000    // lanes of a design
	maxParts      = 1_000_000 // streams times lanes, over all designs
	maxFaults     = 100       // faults told; the rest is counted
	maxDataBytes  = 256 << 20 // of a trace or data file
	maxDataRows   = 5_000_000 // of a trace or data file
	maxSetBytes   = 64 << 10  // of one --set
	minSeconds    = 1e-9      // of what takes any time, so that its inverse is a number to work with
	maxSeconds    = 100 * secondsPerYear
	maxPerSecond  = 1e9
	maxCount      = queueing.MaxCount
	maxServers    = queueing.MaxServers
	maxMoney      = 1e12
	maxMultiplier = 1e6
)

// Limits are those of the files, by what they limit.
func Limits() map[string]int {
	return map[string]int{
		"bytes of a scenario file": maxFileBytes, "levels of nesting in a scenario file": maxDepth,
		"keys and values of a scenario file, aliases expanded": maxNodes, "characters of a name": maxNameRunes,
		"streams of a scenario": maxStreams, "designs of a scenario": maxDesigns, "entries of scale_out": maxJoins,
		"lanes of a design": maxLanes, "streams times lanes, over all designs": maxParts,
		"bytes of a trace or data file": maxDataBytes, "rows of a trace or data file": maxDataRows,
		"bytes of one --set": maxSetBytes, "points of one --vary": maxPoints,
	}
}
