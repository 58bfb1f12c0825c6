use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dsp_core::Result;
use dsp_core::q15::{Output, Profile};

use super::{Descriptor, Design, Emulator, FRAME, Npu, TileKernel};
use crate::Kernel;

const LONG: Duration = Duration::from_secs(60);
static NEVER: AtomicBool = AtomicBool::new(false);

fn design() -> Design {
    Design { npu: Npu::Npu1, columns: 2, cores: 2, frames_per_call: 8, frames: 96, hop: 160, stack: 8192 }
}

fn noise(count: usize) -> Vec<i16> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as i16
    };
    (0..count).map(|_| next()).collect()
}

fn kernel(output: Output) -> Arc<dyn TileKernel> {
    Arc::new(Kernel::new(&Profile::whisper().expect("a profile").bank, output).expect("a kernel"))
}

/// What stands for a kernel that goes wrong.
struct Broken(fn());

impl TileKernel for Broken {
    fn frame_bytes(&self) -> usize {
        80
    }

    fn constant_bytes(&self) -> usize {
        0
    }

    fn run(&self, _: &[i16], _: &mut [u8]) -> Result<()> {
        (self.0)();
        Ok(())
    }
}

#[test]
fn a_run_gives_the_kernels_bytes_whatever_the_tiles() {
    for (columns, cores, frames, output) in
        [(1, 1, 8, Output::Log2Int8), (2, 2, 96, Output::Log2Int16), (4, 4, 1152, Output::Log2Int8)]
    {
        let design = Design { columns, cores, frames, ..design() };
        let emulator = Emulator::new(design, kernel(output)).expect("a design");
        let samples = noise(emulator.input_samples());
        let run = emulator.run(&samples, LONG, &NEVER).expect("a run");
        let framed: Vec<i16> = (0..frames).flat_map(|i| samples[i * 160..][..FRAME].iter().copied()).collect();
        let bank = Profile::whisper().expect("a profile").bank;
        let mut expected = vec![0; emulator.output_bytes()];
        Kernel::new(&bank, output).expect("a kernel").run(&framed, &mut expected).expect("codes");
        assert_eq!(run.out, expected);
        assert_eq!(run.frames_per_tile, vec![(frames / columns / cores) as u64; columns * cores]);
        assert_eq!(run.cycles.compute, run.frames_per_tile[0] * super::CYCLES_PER_FRAME);
        let [fast, slow] = run.cycles.microseconds(1600);
        assert!(fast > 45.0 && (slow - fast - 105.0).abs() < 1e-9, "{fast} {slow}");
    }
}

#[test]
fn columns_share_the_rounds_and_the_last_one_is_padded() {
    let whisper = Profile::whisper().expect("a profile").bank;
    let alone = Kernel::new(&whisper, Output::Log2Int8).expect("a kernel");
    for columns in 1..=4 {
        for cores in 1..=4 {
            for frames in [128, 129, 203] {
                let design = Design { columns, cores, frames, frames_per_call: 4, ..design() };
                let padded = frames.next_multiple_of(4 * cores);
                let rounds = padded / (4 * cores);
                let emulator = Emulator::new(design, kernel(Output::Log2Int8)).expect("a design");
                assert_eq!(emulator.input_samples(), (padded - 1) * 160 + FRAME);
                assert_eq!(emulator.output_bytes(), padded * 80);
                let samples = noise(emulator.input_samples());
                let run = emulator.run(&samples, LONG, &NEVER).expect("a run");
                let framed: Vec<i16> = (0..padded).flat_map(|i| samples[i * 160..][..FRAME].iter().copied()).collect();
                let mut expected = vec![0; emulator.output_bytes()];
                alone.run(&framed, &mut expected).expect("codes");
                assert_eq!(run.out, expected, "{columns} x {cores}, {frames} frames");
                let of = |tile: usize| (rounds / columns + usize::from(tile / cores < rounds % columns)) as u64 * 4;
                assert_eq!(run.frames_per_tile, (0..columns * cores).map(of).collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn a_minute_takes_less_than_a_second() {
    let design = Design { columns: 1, cores: 2, frames: 6000, ..design() };
    let emulator = Emulator::new(design, kernel(Output::Log2Int8)).expect("a design");
    let samples = noise(emulator.input_samples());
    let start = Instant::now();
    emulator.run(&samples, LONG, &NEVER).expect("a run");
    println!("a minute of audio: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
}

#[test]
fn a_design_that_the_hardware_could_not_hold_is_refused() {
    let refused = |design: Design| {
        let error = Emulator::new(design, kernel(Output::Log2Int8)).err().expect("a design that does not fit");
        error.message()
    };
    assert!(refused(Design { columns: 5, ..design() }).contains("columns must be between 1 and 4"));
    assert!(refused(Design { cores: 5, ..design() }).contains("cores must be between 1 and 4"));
    assert!(refused(Design { frames: 16, ..design() }).contains("columns must be at most 1 for 16 frames"));
    assert!(refused(Design { hop: 161, ..design() }).contains("strides of a multiple of 4 bytes"));
    assert!(refused(Design { frames_per_call: 64, frames: 256, ..design() }).contains("at most 65536 bytes on a tile"));
    assert!(refused(Design { stack: 60_000, ..design() }).contains("a stack of 60000"));
    Emulator::new(Design { npu: Npu::Npu2, columns: 8, frames: 128, ..design() }, kernel(Output::Log2Int8))
        .expect("npu2");
}

#[test]
fn a_descriptor_that_the_hardware_does_not_take_is_refused() {
    let sound = Descriptor { offset: 0, sizes: [1, 1, 1023, 400], strides: [0, 0, 160, 1] };
    let samples = 1022 * 160 + 400;
    sound.check(samples).expect("a descriptor");
    let refused = |descriptor: Descriptor| descriptor.check(samples).expect_err("refused").message();
    assert!(refused(Descriptor { offset: 1, ..sound.clone() }).contains("a multiple of 4 bytes"));
    assert!(refused(Descriptor { offset: 2, ..sound.clone() }).contains("samples of a buffer"));
    assert!(refused(Descriptor { sizes: [1, 1, 1023, 399], ..sound.clone() }).contains("a multiple of 4 bytes"));
    assert!(refused(Descriptor { sizes: [1, 1, 1024, 400], ..sound.clone() }).contains("sizes of at most"));
    assert!(refused(Descriptor { sizes: [65, 1, 1, 400], ..sound.clone() }).contains("sizes of at most"));
    assert!(refused(Descriptor { strides: [0, 0, 161, 1], ..sound.clone() }).contains("strides"));
    assert!(refused(Descriptor { strides: [0, 0, 1 << 22, 1], ..sound.clone() }).contains("1048576 words"));
    assert!(refused(Descriptor { sizes: [1, 1, 0, 400], ..sound }).contains("sizes of at least 1"));
}

#[test]
fn a_run_that_never_ends_ends_at_its_limit() {
    static RELEASED: AtomicBool = AtomicBool::new(false);
    let forever = || {
        while !RELEASED.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    let emulator = Arc::new(Emulator::new(design(), Arc::new(Broken(forever))).expect("a design"));
    let samples = noise(emulator.input_samples());
    let error = emulator.run(&samples, Duration::from_millis(50), &NEVER).expect_err("a run without an end");
    assert_eq!(error.code, "ERR_DSP_TIMEOUT");
    let error = emulator.run(&samples, LONG, &NEVER).expect_err("a tile that hangs");
    assert!(error.code == "ERR_DSP_DEVICE" && error.message().contains("load the design again"), "{error}");

    for pause in [0, 20] {
        let emulator = Emulator::new(design(), Arc::new(Broken(forever))).expect("a design");
        let cancelled = AtomicBool::new(pause == 0);
        std::thread::scope(|scope| {
            let running = scope.spawn(|| emulator.run(&samples, LONG, &cancelled).expect_err("an aborted run"));
            std::thread::sleep(Duration::from_millis(pause));
            cancelled.store(true, Ordering::Release);
            assert_eq!(running.join().expect("an error").code, "ERR_DSP_ABORTED");
        });
    }
    RELEASED.store(true, Ordering::Release);
}

#[test]
fn a_panic_on_a_tile_is_an_error() {
    let emulator = Emulator::new(design(), Arc::new(Broken(|| panic!("on purpose")))).expect("a design");
    let error = emulator.run(&noise(emulator.input_samples()), LONG, &NEVER).expect_err("a panic");
    assert!(error.code == "ERR_DSP_DEVICE" && error.message().contains("a panic: on purpose"), "{error}");
    let emulator = Emulator::new(design(), kernel(Output::Log2Int8)).expect("a design");
    assert_eq!(emulator.run(&[0; 3], LONG, &NEVER).expect_err("a short buffer").code, "ERR_DSP_SHAPE");
}
