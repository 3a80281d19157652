package montecarlo

import (
	"math"
	"math/rand/v2"
)

// generator is one stream of random numbers: PCG-DXSM with samplers that
// allocate nothing. Each source of chance has a generator of its own, keyed
// by the seed, the name of the source, the lane and the replication, so that
// designs share their numbers and adding a stream leaves the others alone.
type generator struct{ rand.PCG }

// streamKey names a source of chance within a seed.
type streamKey uint64

// keyOf hashes the seed, the name and the lane (FNV-1a, then mixed).
func keyOf(seed uint64, name string, lane int) streamKey {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return streamKey(mix(mix(h^mix(seed)) + uint64(lane)))
}

// start puts the generator at the beginning of the stream of a replication.
func (g *generator) start(key streamKey, replication int) {
	hi := mix(uint64(key) + uint64(replication)*0x9e3779b97f4a7c15)
	g.Seed(hi, mix(hi^uint64(key)))
}

// mix is the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood,
// OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb
	return x ^ (x >> 31)
}

// uniform is uniform over (0,1), neither end included.
func (g *generator) uniform() float64 {
	return (float64(g.Uint64()>>12) + 0.5) * 0x1p-52
}

// below is uniform over 0 to n-1; the bias is below n/2^64.
func (g *generator) below(n int) int {
	return int(g.Uint64() >> 1 % uint64(n))
}

// The ziggurats of G. Marsaglia and W. W. Tsang, J. Statistical Software 5:8
// (2000), with 256 layers: x are the edges of the layers, f the density there.
const (
	expEdge    = 7.69711747013104972
	expArea    = 0.0039496598225815571993
	normalEdge = 3.6541528853610088
	normalArea = 0.00492867323399
)

var expX, expF, normalX, normalF = ziggurats()

func ziggurats() (ex, ef, nx, nf *[257]float64) {
	ex, ef, nx, nf = new([257]float64), new([257]float64), new([257]float64), new([257]float64)
	normal := func(x float64) float64 { return math.Exp(-x * x / 2) }
	ex[0], ex[1] = expArea/math.Exp(-expEdge), expEdge
	nx[0], nx[1] = normalArea/normal(normalEdge), normalEdge
	for i := 1; i < 256; i++ {
		if i < 255 {
			ex[i+1] = -math.Log(expArea/ex[i] + math.Exp(-ex[i]))
			nx[i+1] = math.Sqrt(-2 * math.Log(normalArea/nx[i]+normal(nx[i])))
		}
		ef[i], nf[i] = math.Exp(-ex[i]), normal(nx[i])
	}
	ef[256], nf[256] = 1, 1
	return ex, ef, nx, nf
}

// exponential has mean 1.
func (g *generator) exponential() float64 {
	bits := g.Uint64()
	i := bits & 255
	x := float64(bits>>11) * 0x1p-53 * expX[i]
	if x < expX[i+1] {
		return x
	}
	return g.exponentialEdge(int(i), x)
}

func (g *generator) exponentialEdge(i int, x float64) float64 {
	for {
		if i == 0 {
			return expEdge - math.Log(g.uniform())
		}
		if expF[i]+g.uniform()*(expF[i+1]-expF[i]) < math.Exp(-x) {
			return x
		}
		bits := g.Uint64()
		i = int(bits & 255)
		if x = float64(bits>>11) * 0x1p-53 * expX[i]; x < expX[i+1] {
			return x
		}
	}
}

// normal has mean 0 and variance 1.
func (g *generator) normal() float64 {
	for {
		bits := g.Uint64()
		i := bits & 255
		x := float64(int64(bits)>>11) * 0x1p-52 * normalX[i]
		if math.Abs(x) < normalX[i+1] {
			return x
		}
		if i == 0 {
			return math.Copysign(g.normalTail(), x)
		}
		if normalF[i]+g.uniform()*(normalF[i+1]-normalF[i]) < math.Exp(-x*x/2) {
			return x
		}
	}
}

func (g *generator) normalTail() float64 {
	for {
		x := -math.Log(g.uniform()) / normalEdge
		if -2*math.Log(g.uniform()) >= x*x {
			return normalEdge + x
		}
	}
}

// gamma has the given shape > 0 and mean shape (G. Marsaglia, W. W. Tsang,
// ACM Trans. Math. Softw. 26 (2000)).
func (g *generator) gamma(shape float64) float64 {
	if shape == 1 {
		return g.exponential()
	}
	if shape < 1 {
		return g.gamma(shape+1) * math.Exp(-g.exponential()/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := g.normal()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := g.uniform()
		if u < 1-0.0331*x*x*x*x || math.Log(u) < x*x/2+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// beta with parameters a, b > 0.
func (g *generator) beta(a, b float64) float64 {
	x := g.gamma(a)
	return x / (x + g.gamma(b))
}
