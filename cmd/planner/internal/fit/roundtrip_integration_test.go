//go:build integration

package fit_test

import "testing"

// TestIntegrationRoundTrip is that over 1,000 scenarios.
func TestIntegrationRoundTrip(t *testing.T) { roundTrip(t, 1000, 1000) }
