//! The front end of any settings, for the doctor.

use std::sync::Arc;

use dsp_core::front_end::{Audio, FrontEndOptions};
use dsp_core::options::read;
use dsp_core::resample;
use napi::Result;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Object};
use napi_derive::napi;

use crate::closable::Closable;
use crate::job::Job;
use crate::options::JsOptions;
use crate::task::caught;
use crate::values::Values;

/// A signal whose features are extracted under many settings.
#[napi]
pub struct FrontEndAudio(Closable<Arc<Audio>>);

fn settings(options: Object<'_>) -> dsp_core::Result<FrontEndOptions> {
    read(&JsOptions(options))
}

fn indices(frames: &[u32]) -> Vec<usize> {
    frames.iter().map(|&frame| frame as usize).collect()
}

#[napi]
impl FrontEndAudio {
    /// Copies the samples.
    #[napi(constructor, catch_unwind)]
    pub fn new(samples: &[f64]) -> Result<Self> {
        caught(|| Audio::new(samples.to_vec()).map(|audio| Self(Closable::new(Arc::new(audio)))))
    }

    /// The energies of the filters, and two columns of the frames' energies, of all frames or some.
    #[napi(catch_unwind, ts_return_type = "Float64Array")]
    pub fn extract(
        &self,
        #[napi(ts_arg_type = "object")] options: Object<'_>,
        frames: Option<&[u32]>,
    ) -> Result<Values> {
        caught(|| {
            let frames = frames.map(indices);
            self.0.cloned()?.extract(&settings(options)?, frames.as_deref(), true).map(Values::F64)
        })
    }

    /// Some frames under many settings, off the main thread. Settings that are impossible give nothing.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float64Array>>")]
    pub fn extract_many(
        &self,
        #[napi(ts_arg_type = "Array<object>")] options: Vec<Object<'_>>,
        frames: &[u32],
        signal: Option<AbortSignal>,
    ) -> Result<AsyncTask<Job>> {
        let audio = caught(|| self.0.cloned())?;
        let options = caught(|| options.into_iter().map(settings).collect::<dsp_core::Result<Vec<_>>>())?;
        let frames = indices(frames);
        Ok(Job::start(signal, move || {
            let all = audio.extract_many(&options, &frames, true);
            Ok(all.into_iter().map(|values| Values::F64(values.unwrap_or_default())).collect())
        }))
    }

    /// Frees the samples.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }
}

/// The signal at another rate by straight lines between its samples.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn resample_linear(samples: &[f64], orig_freq: f64, new_freq: f64) -> Result<Values> {
    caught(|| resample::linear(samples, orig_freq, new_freq).map(Values::F64))
}

/// The signal at another rate as soxr's high quality gives it.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn resample_soxr(samples: &[f64], orig_freq: u32, new_freq: u32) -> Result<Values> {
    caught(|| resample::soxr_hq(samples, samples.len(), orig_freq, new_freq).map(Values::F64))
}
