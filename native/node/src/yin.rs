//! YIN and probabilistic YIN: at once, on all cores, off the main thread, and as streams.

use dsp_core::Error;
use dsp_core::pyin::{self, OnlinePyin, Pitches, PyinOptions};
use dsp_core::yin::{self, FrameOptions, OnlineYin, PadMode, YinOptions};
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::array::InV8;
use crate::fft::count;
use crate::job::{Job, Owned, Samples, Values};
use crate::task::caught;

/// The options that `yin` and `pyin` share.
#[napi(object)]
pub struct PitchFrames {
    pub sr: f64,
    pub fmin: f64,
    pub fmax: f64,
    pub frame_length: f64,
    pub hop_length: f64,
    pub center: bool,
    pub pad_mode: String,
}

/// librosa's options of `yin`.
#[napi(object)]
pub struct YinParameters {
    pub frames: PitchFrames,
    pub trough_threshold: f64,
}

/// librosa's options of `pyin`.
#[napi(object)]
pub struct PyinParameters {
    pub frames: PitchFrames,
    pub n_thresholds: f64,
    pub beta_a: f64,
    pub beta_b: f64,
    pub boltzmann_parameter: f64,
    pub resolution: f64,
    pub max_transition_rate: f64,
    pub switch_prob: f64,
    pub no_trough_prob: f64,
    /// None for the best guess.
    pub fill_na: Option<f64>,
}

fn frames(js: PitchFrames) -> dsp_core::Result<FrameOptions> {
    Ok(FrameOptions {
        sr: js.sr,
        fmin: js.fmin,
        fmax: js.fmax,
        frame_length: count(js.frame_length),
        hop_length: count(js.hop_length),
        center: js.center,
        pad_mode: PadMode::parse(&js.pad_mode)?,
    })
}

fn yin_options(js: YinParameters) -> dsp_core::Result<YinOptions> {
    Ok(YinOptions { frames: frames(js.frames)?, trough_threshold: js.trough_threshold })
}

fn pyin_options(js: PyinParameters) -> dsp_core::Result<PyinOptions> {
    Ok(PyinOptions {
        frames: frames(js.frames)?,
        n_thresholds: count(js.n_thresholds),
        beta_parameters: (js.beta_a, js.beta_b),
        boltzmann_parameter: js.boltzmann_parameter,
        resolution: js.resolution,
        max_transition_rate: js.max_transition_rate,
        switch_prob: js.switch_prob,
        no_trough_prob: js.no_trough_prob,
        fill_na: js.fill_na,
    })
}

/// Frequencies, flags (0 or 1) and probabilities.
fn arrays(pitches: Pitches) -> [Values; 3] {
    let flags: Vec<f64> = pitches.voiced_flag.iter().map(|&flag| flag.into()).collect();
    [pitches.f0.into(), flags.into(), pitches.voiced_prob.into()]
}

/// Many signals in JavaScript's memory, in the precision of the first one; the others must have the same.
type Signals = Vec<Either<Float32Array, Float64Array>>;

/// The same, for a worker thread.
enum OwnedSignals {
    F32(Vec<Vec<f32>>),
    F64(Vec<Vec<f64>>),
}

fn own(signals: &Signals) -> OwnedSignals {
    if let Some(Either::B(_)) = signals.first() {
        let doubles = signals.iter().map(|signal| match signal {
            Either::A(samples) => samples.iter().map(|&x| x.into()).collect(),
            Either::B(samples) => crate::job::copied(samples),
        });
        return OwnedSignals::F64(doubles.collect());
    }
    let floats = signals.iter().map(|signal| match signal {
        Either::A(samples) => crate::job::copied(samples),
        Either::B(samples) => samples.iter().map(|&x| x as f32).collect(),
    });
    OwnedSignals::F32(floats.collect())
}

/// Slices of the signals.
fn slices<T>(signals: &[Vec<T>]) -> Vec<&[T]> {
    signals.iter().map(Vec::as_slice).collect()
}

/// Channels of `samples` samples to frequencies.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn yin(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples,
    samples: f64,
    parameters: YinParameters,
) -> Result<Values> {
    caught(|| {
        let options = yin_options(parameters)?;
        Ok(match y {
            Either::A(y) => yin::yin(y, count(samples), &options)?.into(),
            Either::B(y) => yin::yin(y, count(samples), &options)?.into(),
        })
    })
}

/// The same on all cores, off the main thread: one array.
#[napi(catch_unwind, ts_return_type = "Promise<Float64Array[]>")]
pub fn yin_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples,
    samples: f64,
    parameters: YinParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let (y, options) = (Owned::from(y), caught(|| yin_options(parameters))?);
    Ok(Job::start(signal, move || {
        Ok(vec![match y {
            Owned::F32(y) => yin::yin_parallel(&y, count(samples), &options)?.into(),
            Owned::F64(y) => yin::yin_parallel(&y, count(samples), &options)?.into(),
        }])
    }))
}

fn yin_all(signals: &OwnedSignals, options: &YinOptions) -> dsp_core::Result<Vec<Values>> {
    let results = match signals {
        OwnedSignals::F32(signals) => yin::yin_batch(&slices(signals), options)?,
        OwnedSignals::F64(signals) => yin::yin_batch(&slices(signals), options)?,
    };
    Ok(results.into_iter().map(Values::from).collect())
}

/// Many signals of one channel, on all cores: one array a signal.
#[napi(catch_unwind, ts_return_type = "Float64Array[]")]
pub fn yin_batch(
    #[napi(ts_arg_type = "(Float32Array | Float64Array)[]")] signals: Signals,
    parameters: YinParameters,
) -> Result<Vec<Values>> {
    caught(|| yin_all(&own(&signals), &yin_options(parameters)?))
}

/// The same off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Float64Array[]>")]
pub fn yin_batch_async(
    #[napi(ts_arg_type = "(Float32Array | Float64Array)[]")] signals: Signals,
    parameters: YinParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let (signals, options) = (own(&signals), caught(|| yin_options(parameters))?);
    Ok(Job::start(signal, move || yin_all(&signals, &options)))
}

/// Channels of `samples` samples to frequencies, flags (0 or 1) and probabilities.
#[napi(catch_unwind, ts_return_type = "Float64Array[]")]
pub fn pyin(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples,
    samples: f64,
    parameters: PyinParameters,
) -> Result<Vec<Values>> {
    caught(|| {
        let options = pyin_options(parameters)?;
        let pitches = match y {
            Either::A(y) => pyin::pyin(y, count(samples), &options)?,
            Either::B(y) => pyin::pyin(y, count(samples), &options)?,
        };
        Ok(arrays(pitches).into())
    })
}

/// The same on all cores, off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Float64Array[]>")]
pub fn pyin_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Samples,
    samples: f64,
    parameters: PyinParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let (y, options) = (Owned::from(y), caught(|| pyin_options(parameters))?);
    Ok(Job::start(signal, move || {
        let pitches = match y {
            Owned::F32(y) => pyin::pyin_parallel(&y, count(samples), &options)?,
            Owned::F64(y) => pyin::pyin_parallel(&y, count(samples), &options)?,
        };
        Ok(arrays(pitches).into())
    }))
}

fn pyin_all(signals: &OwnedSignals, options: &PyinOptions) -> dsp_core::Result<Vec<Values>> {
    let results = match signals {
        OwnedSignals::F32(signals) => pyin::pyin_batch(&slices(signals), options)?,
        OwnedSignals::F64(signals) => pyin::pyin_batch(&slices(signals), options)?,
    };
    Ok(results.into_iter().flat_map(arrays).collect())
}

/// Many signals of one channel, on all cores: three arrays a signal.
#[napi(catch_unwind, ts_return_type = "Float64Array[]")]
pub fn pyin_batch(
    #[napi(ts_arg_type = "(Float32Array | Float64Array)[]")] signals: Signals,
    parameters: PyinParameters,
) -> Result<Vec<Values>> {
    caught(|| pyin_all(&own(&signals), &pyin_options(parameters)?))
}

/// The same off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Float64Array[]>")]
pub fn pyin_batch_async(
    #[napi(ts_arg_type = "(Float32Array | Float64Array)[]")] signals: Signals,
    parameters: PyinParameters,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let (signals, options) = (own(&signals), caught(|| pyin_options(parameters))?);
    Ok(Job::start(signal, move || pyin_all(&signals, &options)))
}

/// A stream in one of the two precisions.
enum Either2<A, B> {
    Single(A),
    Double(B),
}

/// Blocks of the other precision; the package refuses them before.
fn wrong_type() -> dsp_core::Error {
    dsp_core::Error::new(
        "ERR_DSP_TYPE",
        "block",
        "the stream's element type",
        "the other one",
        "block has another type",
    )
}

/// One channel, a block at a time.
#[napi]
pub struct OnlineYinStream {
    /// None when the signal has ended: its memory is given back then.
    stream: Option<Either2<OnlineYin<f32>, OnlineYin<f64>>>,
    latency: f64,
}

#[napi]
impl OnlineYinStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: YinParameters, single: bool) -> Result<Self> {
        caught(|| {
            let options = yin_options(parameters)?;
            let (stream, latency) = if single {
                let stream = OnlineYin::new(&options)?;
                let latency = stream.latency_samples();
                (Either2::Single(stream), latency)
            } else {
                let stream = OnlineYin::new(&options)?;
                let latency = stream.latency_samples();
                (Either2::Double(stream), latency)
            };
            Ok(Self { stream: Some(stream), latency: latency as f64 })
        })
    }

    /// Takes a block and gives the frequencies of the frames that it completes.
    #[napi(catch_unwind, ts_return_type = "Float64Array")]
    pub fn accept(&mut self, #[napi(ts_arg_type = "Float32Array | Float64Array")] block: Samples) -> Result<InV8<f64>> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Either2::Single(stream), Either::A(block)) => stream.accept(block),
            (Either2::Double(stream), Either::B(block)) => stream.accept(block),
            _ => Err(wrong_type()),
        })
        .map(InV8)
    }

    /// Ends the signal and gives the rest.
    #[napi(catch_unwind, ts_return_type = "Float64Array")]
    pub fn flush(&mut self) -> Result<InV8<f64>> {
        caught(|| {
            Ok(match self.stream.take() {
                Some(Either2::Single(mut stream)) => stream.flush(),
                Some(Either2::Double(mut stream)) => stream.flush(),
                None => Vec::new(),
            })
        })
        .map(InV8)
    }

    /// Forgets the signal; one that has ended stays so.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Either2::Single(stream)) => stream.reset(),
            Some(Either2::Double(stream)) => stream.reset(),
            None => {}
        }
    }

    /// Samples after a frame's reference sample that must be there before it comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        self.latency
    }
}

/// One channel, a block at a time; the frequencies come at the end.
#[napi]
pub struct OnlinePyinStream {
    /// None when the signal has ended: its memory is given back then.
    stream: Option<Either2<OnlinePyin<f32>, OnlinePyin<f64>>>,
    latency: f64,
}

#[napi]
impl OnlinePyinStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(parameters: PyinParameters, single: bool) -> Result<Self> {
        caught(|| {
            let options = pyin_options(parameters)?;
            let (stream, latency) = if single {
                let stream = OnlinePyin::new(&options)?;
                let latency = stream.latency_samples();
                (Either2::Single(stream), latency)
            } else {
                let stream = OnlinePyin::new(&options)?;
                let latency = stream.latency_samples();
                (Either2::Double(stream), latency)
            };
            Ok(Self { stream: Some(stream), latency: latency as f64 })
        })
    }

    /// Takes a block and gives the probabilities of a voice in the frames that it completes.
    #[napi(catch_unwind, ts_return_type = "Float64Array")]
    pub fn accept(&mut self, #[napi(ts_arg_type = "Float32Array | Float64Array")] block: Samples) -> Result<InV8<f64>> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Either2::Single(stream), Either::A(block)) => stream.accept(block),
            (Either2::Double(stream), Either::B(block)) => stream.accept(block),
            _ => Err(wrong_type()),
        })
        .map(InV8)
    }

    /// Ends the signal: frequencies, flags and probabilities of all frames.
    #[napi(catch_unwind, ts_return_type = "Float64Array[]")]
    pub fn flush(&mut self) -> Result<Vec<Values>> {
        caught(|| {
            Ok(arrays(match self.stream.take() {
                Some(Either2::Single(mut stream)) => stream.flush(),
                Some(Either2::Double(mut stream)) => stream.flush(),
                None => Pitches::default(),
            })
            .into())
        })
    }

    /// Forgets the signal; one that has ended stays so.
    #[napi(catch_unwind)]
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Either2::Single(stream)) => stream.reset(),
            Some(Either2::Double(stream)) => stream.reset(),
            None => {}
        }
    }

    /// Samples after a frame's reference sample that must be there before its probability comes out.
    #[napi(getter, catch_unwind)]
    pub fn latency_samples(&self) -> f64 {
        self.latency
    }
}
