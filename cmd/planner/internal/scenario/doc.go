// Package scenario reads the file that describes a region, what hits it, its
// control plane, and the designs to compare, and compiles it to the lanes of
// package queueing.
//
// One description of the keys (keys.go) drives everything that knows a key by
// name: the strict decoder, the what-if paths of designs and --set, and the
// JSON Schema. A key is added there and where it is compiled, nowhere else.
//
//	file --parse--> nodes --decode--> settings --override--> settings --compile--> Design
//	     parse.go         decode.go            override.go             compile*.go
//
// Settings are the decoded values by dotted path, each with the place it came
// from. A design or a what-if replaces settings and goes through the same
// decoder and the same checks as the file, so that editing the file, a design
// and --set are three ways to say one thing. A [File] never changes after
// [Load]: compiling is free of side effects and safe for concurrent use.
//
// Every fault of a file is reported at once, with line and column; see
// [Faults].
//
// # Why go.yaml.in/yaml/v4
//
// The decoder walks a tree of nodes, since only that gives line and column
// for every fault at once. goccy/go-yaml stops at the first fault in strict
// mode, accepts bytes that are not text, and reports some faults at the start
// of the line before. yaml/v3 names no column in syntax errors and its lines
// may be off by one; v4, by the same maintainers, gives both, limits depth
// before memory is taken, and streams documents, so that a second one is seen.
//
// # Arithmetic
//
//	symbol  key                   meaning
//	Z       region.zones          zones
//	F       region.failed_zones   failed zones, F < Z
//	N       region.fleet          instances, spread evenly
//	h       region.headroom       spare capacity in the surviving zones, share of their normal load
//
// lost = N F/Z (or N times region.lost); spare = h N (Z-F)/Z; cover = min(1,
// spare / lost), which is min(1, h (Z-F)/F) where nothing else is said. The
// relaunch pool is round(lost (1-cover) share). A design is statically stable
// when h >= lost / (N (Z-F)/Z), that is F/(Z-F): nothing need be relaunched.
package scenario
