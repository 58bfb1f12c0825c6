//! From samples to a spectrum in block floating point: 16-bit mantissas, one exponent per frame.

use super::tables::Tables;

/// The spectrum of a frame: bin k is `(re[k] + i * im[k]) * 2^exponent`, in units of the samples' DFT, or a 128th of that where
/// `fine[k]`: quiet bins keep 7 bits more than one exponent for all would leave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bins {
    /// The parts are at most `MAX_PART`, so that the root of the sum of two squares fits 15 bits.
    pub re: Vec<i16>,
    pub im: Vec<i16>,
    pub fine: Vec<bool>,
    pub exponent: i32,
}

/// The largest part of a bin: `2 * MAX_PART^2 < 2^30`.
pub const MAX_PART: i32 = 23170;
/// The bits that fine bins have more than the others.
pub const FINE: i32 = 7;
const MAX: i32 = i16::MAX as i32;

/// `value / 2^shift`, rounded to the nearest, halves up.
pub fn scale(value: i32, shift: i32) -> i32 {
    if shift <= 0 { value << -shift } else { (value + (1 << (shift - 1))) >> shift }
}

/// The least shift by which `scale` brings values up to `max` within `limit`, which has 15 bits. `max` is not 0.
pub fn shift_to(max: i32, limit: i32) -> i32 {
    let mut shift = 17 - max.leading_zeros() as i32;
    while scale(max, shift) > limit {
        shift += 1;
    }
    shift
}

/// The windowed samples at full scale, and their exponent; `None` for silence.
pub fn windowed(frame: &[i16], window: &[i16]) -> Option<(Vec<i16>, i32)> {
    let products: Vec<i32> = frame.iter().zip(window).map(|(&x, &w)| i32::from(x) * i32::from(w)).collect();
    let max = products.iter().map(|p| p.abs()).max().filter(|&max| max > 0)?;
    let shift = shift_to(max, MAX);
    Some((products.iter().map(|&p| scale(p, shift) as i16).collect(), shift - 15))
}

/// Sums of products keep their 14 fractional bits but four, rounded down.
fn narrow(sum: i64) -> i32 {
    i32::try_from(sum >> 4).expect("the bounds of the tables hold")
}

/// The transform of a windowed frame.
pub fn transform(samples: &[i16], exponent: i32, tables: &Tables) -> Bins {
    let columns = tables.columns;
    let half = columns / 2;
    // The first factor, [part][column].
    let plane = tables.rows * columns;
    let first = |part: usize, c: usize| {
        let products = (c..plane).step_by(columns).map(|n| {
            let y = samples.get(n).copied().unwrap_or(0);
            i64::from(y) * i64::from(tables.first[part * plane + n])
        });
        narrow(products.sum())
    };
    let parts: Vec<Vec<i32>> =
        (0..super::tables::PARTS).map(|part| (0..columns).map(|c| first(part, c)).collect()).collect();

    // Sums and differences of the columns c and -c, of which the cosines and sines of the second factor are made.
    let mirror = |values: &[i32], sign: i32| -> Vec<i32> {
        (0..=half)
            .map(|c| match (c, sign) {
                (0, -1) => 0,
                (0, _) => values[0],
                _ if 2 * c == columns => i32::from(sign > 0) * values[c],
                _ => values[c] + sign * values[columns - c],
            })
            .collect()
    };
    let folded: Vec<[Vec<i32>; 4]> = (0..=8)
        .map(|a| {
            let re = &parts[if a == 0 { 0 } else { 2 * a - 1 }];
            let zero = vec![0; columns];
            let im = if a == 0 { &zero } else { &parts[2 * a] };
            [mirror(re, 1), mirror(im, -1), mirror(im, 1), mirror(re, -1)]
        })
        .collect();
    let max = folded.iter().flatten().flatten().map(|v| v.abs()).max().unwrap_or(0);
    let shift = shift_to(max, MAX);

    let bins = tables.bins();
    let (mut re, mut im) = (vec![0i32; bins], vec![0i32; bins]);
    for (a, values) in folded.iter().enumerate() {
        let z = values.each_ref().map(|v| v.iter().map(|&v| i64::from(scale(v, shift))).collect::<Vec<_>>());
        for b in 0..columns {
            // Column b of the tables, which hold half of the circle; b and -b differ by the sine's sign.
            let (at, sign) = if b <= half { (b, 1) } else { (columns - b, -1) };
            let weigh = |z: &[i64], f: fn(&Tables, usize, usize) -> i64| -> i64 {
                z.iter().enumerate().map(|(c, &z)| z * f(tables, c, at)).sum()
            };
            let k = a + 16 * b;
            if k >= bins && a % 8 == 0 {
                continue; // The mirror image of a bin that is computed itself.
            }
            let k = k.min(tables.points - k);
            re[k] = narrow(weigh(&z[0], cosine) + sign * weigh(&z[1], sine));
            im[k] = narrow(weigh(&z[2], cosine) - sign * weigh(&z[3], sine));
        }
    }
    let max = re.iter().chain(&im).map(|v| v.abs()).max().unwrap_or(0);
    let last = shift_to(max, MAX_PART);
    let fine: Vec<bool> =
        re.iter().zip(&im).map(|(re, im)| scale(re.abs().max(im.abs()), last - FINE) <= MAX_PART).collect();
    let narrowed = |v: Vec<i32>| {
        v.iter().zip(&fine).map(|(&v, &fine)| scale(v, if fine { last - FINE } else { last }) as i16).collect()
    };
    // Each factor multiplies by 2^14 and divides by 2^4.
    Bins { re: narrowed(re), im: narrowed(im), fine, exponent: exponent + shift + last - 20 }
}

fn cosine(tables: &Tables, c: usize, b: usize) -> i64 {
    i64::from(if b < super::tables::LANES {
        tables.cosines[c * super::tables::LANES + b]
    } else {
        // Half the circle of an even number of columns: the signs alternate.
        [16384, -16384][c % 2]
    })
}

fn sine(tables: &Tables, c: usize, b: usize) -> i64 {
    if b < super::tables::LANES { i64::from(tables.sines[c * super::tables::LANES + b]) } else { 0 }
}
