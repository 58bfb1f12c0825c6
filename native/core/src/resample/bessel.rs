//! The modified Bessel function I0 as PyTorch computes it (Cephes): from a Chebyshev series in float32, from its
//! power and asymptotic series in float64.

/// I0 in float64, to about 1e-15 relative, for `x >= 0`.
pub(super) fn bessel_i0(x: f64) -> f64 {
    if x < 30.0 {
        // sum (x/2)^2k / (k!)^2: all terms positive, so nothing cancels.
        let q = x * x / 4.0;
        let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
        while term > sum * 1e-17 {
            term *= q / (k * k);
            sum += term;
            k += 1.0;
        }
        return sum;
    }
    // e^x / sqrt(2 pi x) * sum ((2k-1)!!)^2 / (k! (8x)^k): falls below 1e-16 long before it turns at k = 2x.
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-17 && k < 2.0 * x {
        term *= (2.0 * k - 1.0) * (2.0 * k - 1.0) / (k * 8.0 * x);
        sum += term;
        k += 1.0;
    }
    x.exp() / (2.0 * std::f64::consts::PI * x).sqrt() * sum
}

/// Cephes' `i0f`, with the fused multiply-adds of PyTorch's build.
pub(super) fn bessel_i0_f32(x: f32) -> f32 {
    let exp = f64::from(x).exp() as f32;
    if x <= 8.0 { exp * chebyshev(x / 2.0 - 2.0, &SMALL) } else { exp * chebyshev(32.0 / x - 2.0, &LARGE) / x.sqrt() }
}

fn chebyshev(x: f32, coefficients: &[f32]) -> f32 {
    let (mut b0, mut b1, mut b2) = (coefficients[0], 0.0f32, 0.0f32);
    for &c in &coefficients[1..] {
        b2 = b1;
        b1 = b0;
        b0 = x.mul_add(b1, -b2) + c;
    }
    0.5 * (b0 - b2)
}

/// exp(-x) I0(x) on [0, 8].
#[rustfmt::skip]
#[allow(clippy::excessive_precision)] // as Cephes prints them
const SMALL: [f32; 18] = [
    -1.30002500998624804212E-8, 6.04699502254191894932E-8, -2.67079385394061173391E-7,
    1.11738753912010371815E-6, -4.41673835845875056359E-6, 1.64484480707288970893E-5,
    -5.75419501008210370398E-5, 1.88502885095841655729E-4, -5.76375574538582365885E-4,
    1.63947561694133579842E-3, -4.32430999505057594430E-3, 1.05464603945949983183E-2,
    -2.37374148058994688156E-2, 4.93052842396707084878E-2, -9.49010970480476444210E-2,
    1.71620901522208775349E-1, -3.04682672343198398683E-1, 6.76795274409476084995E-1,
];

/// exp(-x) sqrt(x) I0(x) beyond 8.
#[rustfmt::skip]
#[allow(clippy::excessive_precision)]
const LARGE: [f32; 7] = [
    3.39623202570838634515E-9, 2.26666899049817806459E-8, 2.04891858946906374183E-7,
    2.89137052083475648297E-6, 6.88975834691682398426E-5, 3.36911647825569408990E-3,
    8.04490411014108831608E-1,
];
