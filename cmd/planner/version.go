package main

// version of the tool, printed by --version and named in every document that
// it writes.
const version = "0.1.0"
