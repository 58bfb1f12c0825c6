//! The versions of librosa whose results differ in what the core computes.

use crate::options::{FromOption, Source};
use crate::{Error, Result};

/// A version of librosa, and those that agree with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Librosa {
    /// 0.10 with numpy 1, which transforms the filters of constant-Q transforms in double precision.
    V0_10,
    /// 0.11, and 0.10 with numpy 2.
    #[default]
    V0_11,
    V1_0,
}

impl FromOption for Librosa {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match String::from_option(source, name)?.as_str() {
            "0.10" => Ok(Self::V0_10),
            "0.11" => Ok(Self::V0_11),
            "1.0" => Ok(Self::V1_0),
            other => Err(Error::argument(name, "0.10, 0.11 or 1.0", other)),
        }
    }
}
