//go:build integration

package main

const kills = 50 // of each command
