use super::*;
use crate::simd::Level;
use proptest::prelude::*;

/// Numbers in [-1, 1) that look random.
fn noise(samples: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 30) as f64 - 1.0
    };
    (0..samples).map(|_| next()).collect()
}

fn options(filters: usize, kernel_size: usize, stride: usize, pairs: bool) -> SincOptions {
    let low = (0..filters).map(|i| 30.0 + 7000.0 * i as f64 / filters as f64).collect();
    let band = (0..filters).map(|i| 20.0 + 3.0 * (i % 50) as f64).collect();
    let bands = BandOptions { low, band, sample_rate: 16000.0, kernel_size };
    SincOptions { bands, stride, pairs, energy_floor: 1e-6 }
}

fn sinc<T: Number>(y: &[T], samples: usize, options: &SincOptions, threads: bool) -> Result<Vec<T>> {
    Sinc::new(options)?.run(y, samples, threads)
}

/// The definition: every tap of every filter, in double precision.
fn naive(y: &[f64], options: &SincOptions) -> Vec<f64> {
    let filters = Filters::new(&options.bands).unwrap();
    let size = options.bands.kernel_size;
    let at = |h: &[f64], t: usize| h.iter().zip(&y[t * options.stride..]).map(|(h, x)| h * x).sum::<f64>();
    let mut out = Vec::new();
    for (h, g) in filters.real.chunks_exact(size).zip(filters.partner.chunks_exact(size)) {
        out.extend((0..options.frames(y.len())).map(|t| {
            let a = at(h, t);
            if options.pairs { (a * a + at(g, t).powi(2) + options.energy_floor).ln() } else { a }
        }));
    }
    out
}

fn worst<T: Number>(a: &[T], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a.to_f64() - b).abs()).fold(0.0, f64::max)
}

#[test]
fn is_what_the_definition_says() {
    for (filters, kernel_size, stride, samples) in
        [(80, 251, 160, 48_000), (1, 251, 160, 251), (17, 3, 1, 60), (33, 31, 100, 2_000), (80, 251, 160, 3_000)]
    {
        for pairs in [false, true] {
            let options = options(filters, kernel_size, stride, pairs);
            let y = noise(samples, 5);
            let wanted = naive(&y, &options);
            let double = sinc(&y, samples, &options, false).unwrap();
            assert!(worst(&double, &wanted) < 1e-9, "{filters} {kernel_size} {pairs}");
            let y: Vec<f32> = y.iter().map(|&x| x as f32).collect();
            let rounded: Vec<f64> = y.iter().map(|&x| x.into()).collect();
            let single = sinc(&y, samples, &options, false).unwrap();
            assert!(worst(&single, &naive(&rounded, &options)) < 1e-4, "{filters} {kernel_size} {pairs}");
        }
    }
}

#[test]
fn a_tone_passes_the_filter_of_its_band_alone() {
    let options = ResponseOptions {
        bands: BandOptions { low: vec![1000.0, 3000.0], band: vec![400.0; 2], sample_rate: 16000.0, kernel_size: 251 },
        n_fft: 1600,
    };
    let responses = frequency_responses(&options).unwrap();
    let rows: Vec<&[f64]> = responses.chunks_exact(801).collect();
    // Bins are 10 Hz apart: the middles of the bands are 1200 and 3200 Hz.
    let peak = rows[0][120];
    assert!((peak / rows[1][320] - 1.0).abs() < 1e-3);
    assert!(rows[0][320] < peak * 1e-2 && rows[1][120] < peak * 1e-2);
    // Half of the amplitude passes at the edges.
    assert!((rows[0][100] / peak - 0.5).abs() < 0.02 && (rows[0][140] / peak - 0.5).abs() < 0.02);
}

#[test]
fn the_energy_of_a_pair_does_not_depend_on_the_phase() {
    let bands = BandOptions { low: vec![1000.0], band: vec![400.0], sample_rate: 16000.0, kernel_size: 251 };
    let options = SincOptions { bands, stride: 160, pairs: true, energy_floor: 1e-6 };
    // 1234.5 Hz at hop 160 meets every phase.
    let tone: Vec<f64> =
        (0..16_000).map(|n| (2.0 * std::f64::consts::PI * 1234.5 * f64::from(n) / 16000.0).sin()).collect();
    let energies = sinc(&tone, tone.len(), &options, false).unwrap();
    let (least, most) = energies.iter().fold((f64::MAX, f64::MIN), |(a, b), &x| (a.min(x), b.max(x)));
    assert!(most - least < 0.01, "{least} {most}");
}

#[test]
fn threads_do_not_change_bits() {
    let options = options(80, 251, 16, true);
    let y: Vec<f32> = noise(2 * 40_000, 9).iter().map(|&x| x as f32).collect();
    assert_eq!(sinc(&y, 40_000, &options, false), sinc(&y, 40_000, &options, true));
    let batch = Sinc::<f32>::new(&options).unwrap().batch(&[&y[..40_000], &y[40_000..]], true).unwrap().concat();
    assert_eq!(Ok(batch), sinc(&y, 40_000, &options, false));
}

#[test]
fn every_level_is_right() {
    for level in Level::available() {
        for pairs in [false, true] {
            let options = options(35, 251, 160, pairs);
            let mut plan = Sinc::<f32>::new(&options).unwrap();
            plan.convolver.set_level(level);
            let y: Vec<f32> = noise(9_000, 3).iter().map(|&x| x as f32).collect();
            let wanted = naive(&y.iter().map(|&x| x.into()).collect::<Vec<_>>(), &options);
            assert!(worst(&plan.run(&y, y.len(), false).unwrap(), &wanted) < 1e-4, "{level:?}");
        }
    }
}

#[test]
fn refuses_what_cannot_be() {
    let good = options(2, 251, 160, true);
    let error = |change: &dyn Fn(&mut SincOptions)| {
        let mut options = good.clone();
        change(&mut options);
        Sinc::<f32>::new(&options).err().map(|error| error.argument)
    };
    assert_eq!(error(&|_| ()), None);
    assert_eq!(error(&|o| o.stride = 0).as_deref(), Some("stride"));
    assert_eq!(error(&|o| o.energy_floor = 0.0).as_deref(), Some("energyFloor"));
    assert_eq!(error(&|o| o.energy_floor = f64::NAN).as_deref(), Some("energyFloor"));
    assert_eq!(error(&|o| o.bands.kernel_size = 250).as_deref(), Some("kernelSize"));
    assert_eq!(error(&|o| o.bands.kernel_size = usize::MAX).as_deref(), Some("kernelSize"));
    assert_eq!(error(&|o| o.bands.low.clear()).as_deref(), Some("low"));
    assert_eq!(error(&|o| o.bands.low.push(1.0)).as_deref(), Some("band"));
    assert_eq!(error(&|o| o.bands.low[1] = -1.0).as_deref(), Some("low[1]"));
    assert_eq!(error(&|o| o.bands.band[0] = 8000.0).as_deref(), Some("band[0]"));
    assert_eq!(error(&|o| o.bands.band[0] = f64::NAN).as_deref(), Some("band[0]"));
    assert_eq!(error(&|o| o.bands.sample_rate = 0.0).as_deref(), Some("sampleRate"));

    let run = |y: &[f32], samples| sinc(y, samples, &good, false).map_err(|error| (error.code, error.argument));
    assert_eq!(run(&[0.0; 250], 250), Err(("ERR_DSP_SHAPE", "y".to_owned())));
    assert_eq!(run(&[], 0), Err(("ERR_DSP_SHAPE", "y".to_owned())));
    assert_eq!(run(&[f32::NAN; 300], 300), Err(("ERR_DSP_NOT_FINITE", "y".to_owned())));
    assert_eq!(run(&[f32::MAX; 300], 300), Err(("ERR_DSP_ARGUMENT", "y".to_owned())));
    let response = ResponseOptions { bands: good.bands.clone(), n_fft: 0 };
    assert_eq!(frequency_responses(&response).unwrap_err().argument, "nFft");
}

proptest! {
    #[test]
    fn streams_have_the_bits_of_the_whole(
        cuts in prop::collection::vec(0usize..700, 1..12),
        filters in 1usize..40,
        stride in 1usize..400,
        half in 1usize..130,
        pairs: bool,
    ) {
        let options = options(filters, 2 * half + 1, stride, pairs);
        let samples = cuts.iter().sum::<usize>();
        let y: Vec<f32> = noise(samples, 1).iter().map(|&x| x as f32).collect();
        let mut online = OnlineSinc::new(&options).unwrap();
        for _ in 0..2 {
            let mut rows = vec![Vec::new(); filters];
            let mut from = 0;
            for cut in &cuts {
                let block = online.accept(&y[from..from + cut]).unwrap();
                let frames = block.len() / filters;
                for (row, values) in rows.iter_mut().zip(block.chunks_exact(frames.max(1))) {
                    row.extend_from_slice(values);
                }
                from += cut;
            }
            prop_assert!(online.accept(&[f32::NAN]).is_err());
            prop_assert!(online.flush().is_empty());
            prop_assert!(online.accept(&[0.0]).is_err());
            let whole = if options.frames(samples) > 0 { sinc(&y, samples, &options, false).unwrap() } else { Vec::new() };
            prop_assert_eq!(rows.concat(), whole);
            online.reset();
        }
    }
}
