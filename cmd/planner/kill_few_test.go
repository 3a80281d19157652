//go:build !integration

package main

const kills = 3 // of each command
