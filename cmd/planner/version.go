package main

import "runtime/debug"

// version of the tool, printed by --version and named in every document that
// it writes.
const version = "0.1.0"

// build is the version and, where the program was built from a checkout, the
// commit: parts and checkpoints of one build are not taken up by another, whose
// numbers may differ.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return version
	}
	return version + " " + info.Main.Version
}
