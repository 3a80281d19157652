// Package montecarlo answers the problem of package queueing by chance: it
// draws the incident many times over and reports what it saw, each number
// with its interval, its confidence and the number of replications.
package montecarlo
