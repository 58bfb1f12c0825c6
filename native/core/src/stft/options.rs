//! The options of the short-time transforms as callers give them.

use super::{PadMode, StftOptions};
use crate::options::{FromOption, Source, Value, mismatch};
use crate::window::Window;
use crate::{Error, Result, options};

/// A window, by name or as custom values.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowSpec {
    Name(String),
    Values(Vec<f64>),
}

impl FromOption for WindowSpec {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Text(name) => Ok(Self::Name(name)),
            Value::Numbers(values) => Ok(Self::Values(values)),
            other => Err(mismatch(name, "a window's name or an array of numbers", &other)),
        }
    }
}

options! {
    /// How frames are cut and windowed: what a transform and its inverse have in common.
    #[derive(Debug, Clone, PartialEq)]
    pub struct FrameOptions {
        /// Length of the transform.
        pub n_fft: usize,
        /// Samples between frames.
        pub hop_length: usize,
        /// Length of the window, at most `n_fft`.
        pub win_length: usize,
        /// A named window is periodic.
        pub window: WindowSpec,
        /// The parameter of the windows that have one; the others do not need it.
        pub beta: Option<f64>,
        /// Whether frames are centred.
        pub center: bool,
    }
}

impl FrameOptions {
    /// The options of a transform, with the window's values.
    pub fn stft(self, pad_mode: PadMode) -> Result<StftOptions> {
        let Self { n_fft, hop_length, win_length, window, beta, center } = self;
        if win_length > n_fft {
            return Err(Error::argument("winLength", format!("at most nFft ({n_fft})"), win_length));
        }
        let window = match window {
            // Lengths out of range are refused by the plan; the window must not be made of them first.
            WindowSpec::Name(name) => {
                Window::parse(&name, beta.unwrap_or(f64::NAN))?.values(win_length.min(super::FREE), true)
            }
            WindowSpec::Values(values) if values.len() != win_length => {
                let expected = format!("an array of winLength ({win_length}) numbers");
                return Err(Error::argument("window", expected, format!("{} numbers", values.len())));
            }
            WindowSpec::Values(values) => values,
        };
        Ok(StftOptions { n_fft, hop_length, window, center, pad_mode })
    }
}

impl FromOption for StftOptions {
    fn names(_: &str) -> Vec<String> {
        [FrameOptions::names(""), PadMode::names("pad_mode")].concat()
    }

    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        FrameOptions::from_option(source, name)?.stft(PadMode::from_option(source, "pad_mode")?)
    }
}

options! {
    /// The options of the inverse.
    #[derive(Debug, Clone, PartialEq)]
    pub struct IstftOptions {
        pub frames: FrameOptions,
        /// Samples of the result; none for all that the frames cover.
        pub length: Option<usize>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{names, read};
    use std::collections::HashMap;

    fn given(window: Value, win_length: f64) -> HashMap<String, Value> {
        let pairs = [
            ("n_fft", Value::Number(8.0)),
            ("hop_length", Value::Number(2.0)),
            ("win_length", Value::Number(win_length)),
            ("window", window),
            ("center", Value::Flag(true)),
            ("pad_mode", Value::Text("reflect".into())),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn reads_windows_by_name_and_by_value() {
        let options: StftOptions = read(&given(Value::Text("hann".into()), 4.0)).unwrap();
        assert_eq!(options.window, Window::Hann.values(4, true));
        assert_eq!((options.n_fft, options.pad_mode), (8, PadMode::Reflect));
        let options: StftOptions = read(&given(Value::Numbers(vec![1.0, 2.0]), 2.0)).unwrap();
        assert_eq!(options.window, [1.0, 2.0]);
        let inverse: IstftOptions = read(&given(Value::Text("hann".into()), 4.0)).unwrap();
        assert_eq!(inverse.length, None);
        assert_eq!(names::<StftOptions>(), ["nFft", "hopLength", "winLength", "window", "beta", "center", "padMode"]);
    }

    #[test]
    fn names_what_is_wrong() {
        let error = |window, win_length| read::<StftOptions>(&given(window, win_length)).unwrap_err().argument;
        assert_eq!(error(Value::Text("hann".into()), 1e18), "winLength");
        assert_eq!(error(Value::Text("hanning".into()), 8.0), "window");
        assert_eq!(error(Value::Text("kaiser".into()), 8.0), "beta");
        assert_eq!(error(Value::Numbers(vec![1.0]), 2.0), "window");
        assert_eq!(error(Value::Flag(true), 2.0), "window");
    }
}
