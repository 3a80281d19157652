package scenario

import _ "embed" // for the starter

// Starter is a commented scenario that runs as it is.
//
//go:embed starter.yaml
var Starter string
