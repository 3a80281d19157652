// Package report puts the answers of package study into words, tables, JSON
// and CSV. It computes nothing: every number that it prints was handed to it,
// and only units are changed.
//
// Text is for people: the verdict first, then the evidence, one unit a column,
// at most 100 columns wide. JSON and CSV are for programs: times in seconds,
// rates per second, and null (in CSV an empty field) for what is infinite or
// unknown.
package report
