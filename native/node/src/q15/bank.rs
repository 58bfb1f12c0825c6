//! A bank in Q15 and its way to Whisper's features.

use crate::array::OutputArray;
use crate::closable::Closable;
use crate::options::JsOptions;
use crate::task::caught;
use dsp_core::options::read;
use dsp_core::q15::{Codes, Output, Profile, Spectrum};
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

/// The numbers of a bank: per filter its first bin, its peak, the bin after its last one and its shift; and all
/// coefficients, one filter after another.
#[napi(object)]
pub struct Q15Filters {
    #[napi(ts_type = "Array<number>")]
    pub starts: Vec<u32>,
    #[napi(ts_type = "Array<number>")]
    pub peaks: Vec<u32>,
    #[napi(ts_type = "Array<number>")]
    pub ends: Vec<u32>,
    #[napi(ts_type = "Array<number>")]
    pub shifts: Vec<u32>,
    #[napi(ts_type = "Array<number>")]
    pub coefficients: Vec<i32>,
    pub frame: u32,
    pub transform: u32,
    pub power: bool,
    pub sample_rate: f64,
    /// The level of code 0 of `log2-int8`, in octaves of magnitude.
    pub lowest: f64,
}

/// A mel bank in Q15.
#[napi]
pub struct Q15Bank(Closable<Profile>);

#[napi]
impl Q15Bank {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Profile::new(&read(&JsOptions(options))?).map(|profile| Self(Closable::new(profile))))
    }

    /// Its numbers.
    #[napi(catch_unwind)]
    pub fn filters(&self) -> napi::Result<Q15Filters> {
        caught(|| {
            self.0.with(|Profile { bank, sample_rate, .. }| {
                let each = |value: fn(&dsp_core::q15::Filter) -> u32| bank.filters.iter().map(value).collect();
                Ok(Q15Filters {
                    starts: each(|filter| filter.start.into()),
                    peaks: each(|filter| filter.peak.into()),
                    ends: each(|filter| filter.end.into()),
                    shifts: each(|filter| filter.shift.into()),
                    coefficients: (bank.filters.iter())
                        .flat_map(|filter| filter.coefficients.iter().map(|&c| c.into()))
                        .collect(),
                    frame: bank.frame as u32,
                    transform: bank.transform as u32,
                    power: bank.spectrum == Spectrum::Power,
                    sample_rate: *sample_rate,
                    lowest: f64::from(bank.lowest_tenths()) / 10.0,
                })
            })
        })
    }

    /// Whisper's features, `[bands, frames]`, of the kernel's codes, `[frames, filters]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array")]
    pub fn to_whisper(
        &self,
        #[napi(ts_arg_type = "Int8Array | Int16Array")] codes: Either<&[i8], &[i16]>,
        output: String,
        gain: f64,
    ) -> napi::Result<OutputArray<f32>> {
        let codes = match codes {
            Either::A(codes) => Codes::Int8(codes),
            Either::B(codes) => Codes::Int16(codes),
        };
        caught(|| {
            let output = Output::parse(&output)?;
            self.0.with(|profile| profile.whisper_scale()?.features(codes, output, gain).map(OutputArray))
        })
    }

    /// Frees the tables.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }
}
