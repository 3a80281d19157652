#!/usr/bin/env python3
"""Writes steady_mpmath.csv: measures of queues in steady state with 40 digits
of mpmath, by ways that the package does not go: Erlang's delay probability by
Fortet's integral of the loss, priorities by the textbook transform of the wait
(differences and all) and its numerical derivative and Talbot inversion, a
shared server by the uniformised chain of a tagged request and its companions,
zones by every state of every zone, G/G/c by its formulas written out anew.

    python3 steady_gen.py > steady_mpmath.csv
"""
import csv
import itertools
import sys

from mpmath import mp, mpf, quad, exp, inf, sqrt, invertlaplace, log10

mp.dps = 40
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow("model,inputs,measure,value,tolerance,source".split(","))


def row(model, inputs, measure, value, how, tolerance="1e-10"):
    out.writerow([model, inputs, measure, mp.nstr(mpf(value), 20), tolerance, "derived with mpmath: " + how])


def num(text):  # the float64 that the decimal rounds to
    return mpf(float(text))


def delay(c, a):
    """Erlang C from 1/B = a int_0^inf e^(-a y) (1+y)^c dy (R. Fortet 1950)."""
    peak = max(mpf(0), c / a - 1)
    width = sqrt(c + 1) / a
    cuts = [0, peak + 1 / a, peak + 5 * width, peak + 20 * width + 20 / a, inf]
    b = 1 / (a * quad(lambda y: exp(-a * y) * (1 + y) ** c, cuts))
    return b / (1 - (a / c) * (1 - b))


for lam, mu, c, t in (("9", "4", 3, "0.25"), ("0.5", "1", 1, "2"), ("18", "1", 20, "0.3"), ("95", "1", 100, "0.2"), ("0.001", "1", 2, "1"), ("999", "1", 1000, "3")):
    l, m, w = num(lam), num(mu), num(t)
    p = delay(c, l / m)
    text = f"arrivals={lam} service-rate={mu} servers={c} wait={t}"
    how = "Fortet's integral"
    row("erlang-c", text, "p_wait", p, how)
    row("erlang-c", text, "wq_s", p / (c * m - l), how)
    row("erlang-c", text, "p_wait_over", p * exp(-(c * m - l) * w), how)

# Classes ARRIVALS:MEAN:SCV, the first served first.
for preemptive in (False, True):
    for classes in (["1:0.2:1", "2:0.3:1"], ["0.5:0.4:0.5", "0.02:10:3", "0.8:0.3:0.25"]):
        parts = [[num(x) for x in c.split(":")] for c in classes]

        def transform(k, z):
            _, mean, scv = parts[k]
            if scv <= 1:
                return (1 + scv * mean * z) ** (-1 / scv)
            p = (1 + sqrt((scv - 1) / (scv + 1))) / 2
            return p / (1 + mean / (2 * p) * z) + (1 - p) / (1 + mean / (2 * (1 - p)) * z)

        for k in range(len(parts)):
            high = range(k)
            low = [] if preemptive else range(k + 1, len(parts))
            there = list(high) + [k] + list(low)
            rho = sum(parts[j][0] * parts[j][1] for j in there)

            def wait(z):
                eta = z
                for _ in range(4000):  # the busy period of the classes above
                    new = z + sum(parts[j][0] * (1 - transform(j, eta)) for j in high)
                    done = abs(new - eta) <= mpf(10) ** (5 - mp.dps) * abs(new)
                    eta = new
                    if done:
                        break
                w = (eta * (1 - rho) + sum(parts[j][0] * (1 - transform(j, eta)) for j in low)) / (
                    z - parts[k][0] * (1 - transform(k, eta)))
                return w * transform(k, eta - z) if preemptive and k else w

            text = " ".join("class=" + c for c in classes) + " preemptive=" + str(int(preemptive))
            name = f" of class {k + 1}"
            h = mpf(10) ** -6
            # 1 - W(z) = m1 z - m2 z^2/2 + ...: the slope at 0, extrapolated
            table = [(1 - wait(h / 2**i)) / (h / 2**i) for i in range(5)]
            for j in range(1, 5):
                table = [(2**j * b - a) / (2**j - 1) for a, b in zip(table, table[1:])]
            row("priority", text, "wq_s" + name, table[0], "slope of the transform of the wait (Takagi 1991)")
            mp.dps = 30
            for t in ("0.5",):
                tail = invertlaplace(lambda z: (1 - wait(z)) / z, num(t), method="talbot")
                row("priority", text + " wait=" + t, "p_wait_over" + name, tail, "the transform of the wait inverted by Talbot", "1e-8")
            mp.dps = 40

for lam, mu, t in (("0.5", "1", "1"), ("9", "10", "0.2"), ("0.8", "1", "12"), ("0.1", "1", "3"), ("2", "4", "0.7")):
    l, m, x = num(lam), num(mu), num(t)
    rho, states = l / m, 400
    # n companions of a request that shares the server; it is gone at rate m/(n+1)
    p = [(1 - rho) * rho**n for n in range(states)]
    rate, total, weight, mean_left = l + m, mpf(0), exp(-(l + m) * x), mpf(0)
    for step in range(1, 400):
        total += weight * sum(p)
        weight *= rate * x / step
        new = [mpf(0)] * states
        for n, q in enumerate(p):
            new[min(n + 1, states - 1)] += q * l / rate
            if n:
                new[n - 1] += q * m * n / ((n + 1) * rate)
        p = new
        if weight * sum(p) < mpf(10) ** -25 and step > rate * x:
            break
    row("ps", f"arrivals={lam} service-rate={mu} wait={t}", "p_sojourn_over", total, "tagged request, uniformised")

for n, k, u, common in ((3, 2, "0.001", "0.1"), (5, 3, "0.01", "0"), (6, 6, "0.2", "0.5"), (8, 4, "1e-05", "0.02"), (2, 1, "0.5", "0.25"), (10, 7, "0.003", "0.001")):
    q, beta = num(u), num(common)
    alone = (q - beta * q) / (1 - beta * q)
    down = sum(alone ** s.count(0) * (1 - alone) ** s.count(1) for s in itertools.product((0, 1), repeat=n) if s.count(1) < k)
    down = beta * q + (1 - beta * q) * down
    text = f"zones={n} needed={k} unavailability={u} common-cause={common}"
    row("zones", text, "p_unavailable", down, "every state of every zone")
    row("zones", text, "nines", -log10(down), "every state of every zone")

for lam, mu, c, sa, ss in (("0.8", "1", 1, "1", "4"), ("0.5", "1", 1, "0.5", "0.25"), ("0.9", "1", 1, "3", "0.5"), ("9", "4", 3, "2", "0.5"), ("18", "1", 20, "0.5", "2")):
    l, m, ca, cs = num(lam), num(mu), num(sa), num(ss)
    rho = l / m / c
    mmc = delay(c, l / m) / (c * m - l)
    text = f"arrivals={lam} service-rate={mu} servers={c} arrival-scv={sa} service-scv={ss}"
    row("ggc", text + " approximation=allen-cunneen", "wq_s", mmc * (ca + cs) / 2, "(ca+cs)/2 Wq(M/M/c), Fortet's integral")
    slow = 2 * (1 - rho) * (1 - ca) ** 2 / (3 * rho * (ca + cs)) if ca <= 1 else (1 - rho) * (ca - 1) / (ca + 4 * cs)
    row("ggc", text + " approximation=klb", "wq_s", mmc * (ca + cs) / 2 * exp(-slow), "Kraemer & Langenbach-Belz 1976, Fortet's integral")
    va, vs = ca / l**2, cs / m**2
    row("ggc", text + " approximation=kingman", "wq_s", l * (va + vs / c + (c - 1) / (c * m) ** 2) / (2 * (1 - rho)) if c > 1 else l * (va + vs) / (2 * (1 - rho)), "Kingman 1962 and 1970")

for lam, mu in (("9", "0.5"), ("0.001", "1"), ("300", "1")):
    a = num(lam) / num(mu)
    weights, w = [mpf(1)], mpf(1)
    while w > mpf(10) ** -60 or len(weights) < 2 * a:
        w *= a / len(weights)
        weights.append(w)
    text = f"arrivals={lam} service-rate={mu}"
    row("mminf", text, "p0", 1 / sum(weights), "states multiplied out")
    row("mminf", text, "l", sum(n * x for n, x in enumerate(weights)) / sum(weights), "states multiplied out")
