//! The one error of the crate: what was wrong, where, what was expected and what was given.

use std::fmt;

/// A rejected argument or input. `code` is stable (`ERR_DSP_…`); the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: &'static str,
    pub argument: String,
    pub expected: String,
    pub actual: String,
    message: Message,
}

/// A message, kept apart from the argument's name so that the name can change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    /// The whole text.
    Text(String),
    /// What follows the argument's name.
    About(String),
}

pub type Result<T> = std::result::Result<T, Error>;

/// What functions of one signal call it.
const SIGNAL: [&str; 3] = ["y", "x", "signal"];

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
            message: Message::Text(message.into()),
        }
    }

    /// The same with a message that begins with the argument's name: `message` is what follows it.
    pub fn about(
        code: &'static str,
        argument: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { message: Message::About(message.into()), ..Self::new(code, argument, expected, actual, "") }
    }

    /// The message, which says what to do.
    pub fn message(&self) -> String {
        self.to_string()
    }

    /// The error of one signal as that of signal `i` of a batch: its argument becomes `signals[i]`. Errors of options stay.
    pub fn in_batch(self, i: usize) -> Self {
        if SIGNAL.contains(&self.argument.as_str()) {
            return Self { argument: format!("signals[{i}]"), ..self };
        }
        self
    }

    /// The error of an argument that the caller's own caller knows by another name.
    pub fn renamed(self, from: &str, to: &str) -> Self {
        if self.argument == from {
            return Self { argument: to.to_owned(), ..self };
        }
        self
    }

    /// An argument outside its range: `ERR_DSP_ARGUMENT`.
    pub fn argument(argument: &str, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        let message = format!(" must be {expected}, got {actual}");
        Self::about("ERR_DSP_ARGUMENT", argument, expected.to_string(), actual.to_string(), message)
    }

    /// A block for a stream that has ended: `ERR_DSP_ARGUMENT`.
    pub fn after_flush() -> Self {
        Self::argument("block", "given before flush(), or after reset()", "a block after flush()")
    }

    /// A wrong shape or length: `ERR_DSP_SHAPE`.
    pub fn shape(argument: &str, expected: impl fmt::Display, actual: impl fmt::Display) -> Self {
        let message = format!(" must have {expected}, got {actual}");
        Self::about("ERR_DSP_SHAPE", argument, expected.to_string(), actual.to_string(), message)
    }

    /// NaN or infinity in a signal: `ERR_DSP_NOT_FINITE`. Names the first offending index.
    pub fn not_finite(argument: &str, index: usize, value: f64) -> Self {
        Self::about(
            "ERR_DSP_NOT_FINITE",
            argument,
            "finite samples",
            format!("{value} at index {index}"),
            format!(
                " must hold finite samples only, got {value} at index {index}; remove or replace NaN and infinite values first"
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
        match &self.message {
            Message::Text(text) => f.write_str(text),
            Message::About(rest) => write!(f, "{}{rest}", self.argument),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_names_the_signal_and_leaves_options() {
        for name in SIGNAL {
            let error = Error::not_finite(name, 3, f64::NAN).in_batch(1);
            assert_eq!(error, Error::not_finite("signals[1]", 3, f64::NAN));
            assert!(error.message().starts_with("signals[1] must hold"));
            assert_eq!(error.clone().in_batch(2), error);
        }
        let option = Error::argument("hopLength", "at least 1", 0);
        assert_eq!(option.clone().in_batch(1), option);
        let text = Error::new("ERR_DSP_SHAPE", "y", "more", "less", "y is y").in_batch(0);
        assert_eq!((text.argument.as_str(), text.message().as_str()), ("signals[0]", "y is y"));
    }

    #[test]
    fn arguments_get_another_name() {
        let error = Error::argument("size", "small", 9).renamed("size", "kernelSize");
        assert_eq!(error, Error::argument("kernelSize", "small", 9));
        assert_eq!(error.clone().renamed("size", "other"), error);
    }
}
