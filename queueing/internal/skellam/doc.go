// Package skellam is the law of the difference D - A of two independent
// Poisson counts of means b and a, at any size: in a busy lane D is what was
// served and A what arrived.
//
// The probability of k is e^(-a-b) (b/a)^(k/2) I_k(2 sqrt(ab)) (J. G.
// Skellam, J. R. Statist. Soc. 109 (1946) 296). With w = sqrt(k^2 + 4ab) it is
// found by Debye's uniform expansion of the Bessel function (NIST Digital
// Library of Mathematical Functions, 10.41.3) for w >= 30 and by the power
// series below, whose terms are all positive. The leading exponent is written
// with the deviance (1+d) ln(1+d) - d of both counts, in the manner of C.
// Loader's Poisson probabilities (2000), so that nothing cancels when counts
// are large and k is close to b - a.
//
// Counts are float64: up to 1e12 they are exact.
package skellam
