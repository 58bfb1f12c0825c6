//! Gaussian noise by counter: the value depends on the seed, the frame and the position only, so that streamed, batched
//! and one-shot results agree. SplitMix64 mixes the counter, Box and Muller's transform shapes it.

/// Adds noise of the given standard deviation to one frame.
pub fn add(frame: &mut [f64], deviation: f64, seed: u64, index: usize) {
    let stream = mix(seed ^ mix(index as u64 ^ 0x6b61_6c64_695f_6469));
    for (pair, values) in frame.chunks_mut(2).enumerate() {
        let counter = stream.wrapping_add((2 * pair as u64).wrapping_mul(GOLDEN));
        // (0, 1]: the logarithm must not meet zero.
        let radius = (-2.0 * (1.0 - unit(mix(counter))).ln()).sqrt();
        let angle = std::f64::consts::TAU * unit(mix(counter.wrapping_add(GOLDEN)));
        values[0] += deviation * radius * angle.cos();
        if let Some(second) = values.get_mut(1) {
            *second += deviation * radius * angle.sin();
        }
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's finaliser (Steele, Lea, Flood 2014).
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(GOLDEN);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper 53 bits as a number in [0, 1).
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn is_gaussian_and_depends_on_seed_and_frame() {
        let draw = |seed, index| {
            let mut frame = vec![0.0; 401];
            add(&mut frame, 2.0, seed, index);
            frame
        };
        assert_eq!(draw(1, 5), draw(1, 5));
        assert_ne!(draw(1, 5), draw(2, 5));
        assert_ne!(draw(1, 5), draw(1, 6));
        let all: Vec<f64> = (0..500).flat_map(|index| draw(7, index)).collect();
        let n = all.len() as f64;
        let moment = |p: i32| all.iter().map(|x| (x / 2.0).powi(p)).sum::<f64>() / n;
        assert!(moment(1).abs() < 0.01);
        assert!((moment(2) - 1.0).abs() < 0.02);
        assert!(moment(3).abs() < 0.05);
        assert!((moment(4) - 3.0).abs() < 0.15);
        let neighbours = all.windows(2).map(|w| w[0] * w[1] / 4.0).sum::<f64>() / n;
        assert!(neighbours.abs() < 0.01);
    }
}
