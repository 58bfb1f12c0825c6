//! The one error of the crate: what was wrong, where, what was expected and what came.

use std::fmt;

/// A rejected argument or input. `code` is stable (`ERR_DSP_…`); the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: &'static str,
    pub argument: String,
    pub expected: String,
    pub actual: String,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Builds an error with an explicit code and message.
    pub fn new(
        code: &'static str,
        argument: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            argument: argument.into(),
            expected: expected.into(),
            actual: actual.into(),
            message: message.into(),
        }
    }

    /// An argument outside its range: `ERR_DSP_ARGUMENT`.
    pub fn argument(argument: &str, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        Self::new(
            "ERR_DSP_ARGUMENT",
            argument,
            expected.to_string(),
            actual.to_string(),
            format!("{argument} must be {expected}, got {actual}"),
        )
    }

    /// A block for a stream that has ended: `ERR_DSP_ARGUMENT`.
    pub fn after_flush() -> Self {
        Self::argument("block", "given before flush(), or after reset()", "a block after flush()")
    }

    /// A wrong shape or length: `ERR_DSP_SHAPE`.
    pub fn shape(argument: &str, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        Self::new(
            "ERR_DSP_SHAPE",
            argument,
            expected.to_string(),
            actual.to_string(),
            format!("{argument} must have {expected}, got {actual}"),
        )
    }

    /// NaN or infinity in a signal: `ERR_DSP_NOT_FINITE`. Names the first offending index.
    pub fn not_finite(argument: &str, index: usize, value: f64) -> Self {
        Self::new(
            "ERR_DSP_NOT_FINITE",
            argument,
            "finite samples",
            format!("{value} at index {index}"),
            format!(
                "{argument} must hold finite samples only, got {value} at index {index}; remove or replace NaN and infinite values first"
            ),
        )
    }

    /// Bytes that are not what they claim to be: `ERR_DSP_FORMAT`.
    pub fn format(
        argument: &str,
        expected: impl fmt::Display,
        actual: impl fmt::Display,
        message: impl Into<String>,
    ) -> Self {
        Self::new("ERR_DSP_FORMAT", argument, expected.to_string(), actual.to_string(), message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
