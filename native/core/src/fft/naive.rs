//! The transforms by their definition, for tests: exact index reduction, roots right to the last digit, and sums in
//! twice the working precision.

use super::root;

/// A sum of doubles kept as a value and its rounding error.
#[derive(Clone, Copy, Default)]
struct Sum(f64, f64);

impl Sum {
    /// Adds `a * b` with both rounding errors.
    fn add(&mut self, a: f64, b: f64) {
        let product = a * b;
        let product_error = a.mul_add(b, -product);
        let sum = self.0 + product;
        let part = sum - self.0;
        let sum_error = (self.0 - (sum - part)) + (product - part);
        self.0 = sum;
        self.1 += product_error + sum_error;
    }

    fn value(self) -> f64 {
        self.0 + self.1
    }
}

/// `n` complex values, interleaved, to `n` complex values. The inverse leaves out `1 / n`.
pub fn fft(x: &[f64], inverse: bool) -> Vec<f64> {
    let n = x.len() / 2;
    let roots: Vec<_> = (0..n).map(|i| root(i, n)).collect();
    let mut out = Vec::with_capacity(2 * n);
    for k in 0..n {
        let (mut re, mut im) = (Sum::default(), Sum::default());
        for j in 0..n {
            let (cos, sin) = roots[j * k % n];
            let sin = if inverse { -sin } else { sin };
            re.add(x[2 * j], cos);
            re.add(-x[2 * j + 1], sin);
            im.add(x[2 * j], sin);
            im.add(x[2 * j + 1], cos);
        }
        out.extend([re.value(), im.value()]);
    }
    out
}

/// `n` real values to `n / 2 + 1` complex values, interleaved.
pub fn rfft(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let roots: Vec<_> = (0..n).map(|i| root(i, n)).collect();
    let mut out = Vec::with_capacity(n + 2);
    for k in 0..=n / 2 {
        let (mut re, mut im) = (Sum::default(), Sum::default());
        for (j, &x) in x.iter().enumerate() {
            let (cos, sin) = roots[j * k % n];
            re.add(x, cos);
            im.add(x, sin);
        }
        out.extend([re.value(), im.value()]);
    }
    out
}
