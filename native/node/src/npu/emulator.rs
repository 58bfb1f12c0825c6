//! The NPU's emulator.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dsp_aie::Kernel;
use dsp_aie::emulator::{CLOCKS_MHZ, Design, Emulator, Npu, Run};
use dsp_core::options::read;
use dsp_core::q15::{self, Profile};
use napi::Result;
use napi::bindgen_prelude::{AsyncTask, Int16Array, Object, Uint8Array};
use napi_derive::napi;

use crate::closable::Closable;
use crate::job::{Job, Output};
use crate::options::{JsOptions, count};
use crate::task::caught;

/// A design for the emulator.
#[napi(object)]
pub struct NpuDesign {
    pub npu: String,
    pub output: String,
    pub columns: f64,
    pub cores: f64,
    pub frames_per_call: f64,
    pub frames: f64,
    pub hop: f64,
    pub stack: f64,
}

/// What a run gave.
#[napi(object, object_from_js = false)]
pub struct NpuRun {
    pub out: Uint8Array,
    pub frames_per_tile: Vec<f64>,
    /// Of the model.
    pub cycles: f64,
    pub compute: f64,
    pub transfer: f64,
    /// The array's clock steps, and at each the whole run's microseconds with the fastest dispatch and the slowest.
    pub clocks: Vec<u32>,
    pub microseconds: Vec<Vec<f64>>,
}

impl Output for Run {
    type Js = NpuRun;

    fn into_js(self) -> NpuRun {
        NpuRun {
            out: self.out.into(),
            frames_per_tile: self.frames_per_tile.into_iter().map(|frames| frames as f64).collect(),
            cycles: self.cycles.cycles as f64,
            compute: self.cycles.compute as f64,
            transfer: self.cycles.transfer as f64,
            clocks: CLOCKS_MHZ.to_vec(),
            microseconds: CLOCKS_MHZ.iter().map(|&clock| self.cycles.microseconds(clock).to_vec()).collect(),
        }
    }
}

/// A design that is loaded on emulated tiles.
#[napi]
pub struct NpuEmulator {
    emulator: Closable<Arc<Emulator>>,
    /// Ends the run that was asked for last, even before its thread has begun.
    cancelled: RefCell<Arc<AtomicBool>>,
}

fn load(options: &NpuDesign, bank: Object<'_>) -> dsp_core::Result<Emulator> {
    let profile = Profile::new(&read(&JsOptions(bank))?)?;
    let design = Design {
        npu: Npu::parse(&options.npu)?,
        columns: count(options.columns),
        cores: count(options.cores),
        frames_per_call: count(options.frames_per_call),
        frames: count(options.frames),
        hop: count(options.hop),
        stack: count(options.stack),
    };
    Emulator::new(design, Arc::new(Kernel::new(&profile.bank, q15::Output::parse(&options.output)?)?))
}

#[napi]
impl NpuEmulator {
    /// Loads the kernel with a bank, whose options are those of `Q15Bank`, on the design's tiles.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: NpuDesign, #[napi(ts_arg_type = "object")] bank: Object<'_>) -> Result<Self> {
        caught(|| {
            load(&options, bank)
                .map(|emulator| Self { emulator: Closable::new(Arc::new(emulator)), cancelled: RefCell::default() })
        })
    }

    /// Samples of the input buffer and bytes of the output buffer.
    #[napi(catch_unwind)]
    pub fn sizes(&self) -> Result<Vec<f64>> {
        let emulator = caught(|| self.emulator.cloned())?;
        Ok(vec![emulator.input_samples() as f64, emulator.output_bytes() as f64])
    }

    /// Runs the design once, off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<NpuRun>")]
    pub fn run(&self, samples: Int16Array, timeout_ms: f64) -> Result<AsyncTask<Job<Run>>> {
        let emulator = caught(|| self.emulator.cloned())?;
        // A copy: JavaScript may write to the buffer while the tiles read it.
        let samples = samples.to_vec();
        let timeout = Duration::from_millis(timeout_ms as u64);
        let cancelled = Arc::new(AtomicBool::new(false));
        self.cancelled.replace(Arc::clone(&cancelled));
        Ok(Job::start(None, move || emulator.run(&samples, timeout, &cancelled)))
    }

    /// Ends the run that is going on.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancelled.borrow().store(true, Ordering::Release);
    }

    /// Frees the design once its run has ended.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.cancel();
        self.emulator.close();
    }
}
