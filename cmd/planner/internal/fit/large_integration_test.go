//go:build integration

package fit_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// TestIntegrationTenMillionRows streams 10^7 requests: the whole process stays
// below 1 GB of resident memory, by the kernel's own mark.
func TestIntegrationTenMillionRows(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // as the command has it
	if _, err := fitLarge(10_000_000); err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(status), "VmHWM:")
	kB := 0
	if _, err := fmt.Sscan(text, &kB); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d MB at most", kB/1000)
	if kB > 1_000_000 || kB < 250_000 {
		t.Errorf("%d kB of memory were used, allowed is 1 GB (and below 250 MB nothing can have been read)", kB)
	}
}
