// Command planner says how long a control plane needs to drain the backlog of
// a zone failure, how sure that is, and which design meets its objective.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt ends the process at once
	os.Exit(run(ctx, os.Args, os.Stdout, os.Stderr))
}
