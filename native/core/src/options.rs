//! Options by name. [`options!`](crate::options!) declares a function's options once: as a struct, and as what reads it from
//! whatever the caller has (a JavaScript object, a Python dictionary) and lists its names, which the packages' own
//! specifications are tested against.

use crate::{Error, Result};
use std::collections::HashMap;

/// The value of an option, as a caller may give it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not given, or null.
    Missing,
    Flag(bool),
    Number(f64),
    Text(String),
    Numbers(Vec<f64>),
}

/// Where the values of options come from.
pub trait Source {
    /// The value of an option, by its name in snake case.
    fn value(&self, name: &str) -> Result<Value>;
}

impl Source for HashMap<String, Value> {
    fn value(&self, name: &str) -> Result<Value> {
        Ok(self.get(name).cloned().unwrap_or(Value::Missing))
    }
}

/// What an option's value becomes.
pub trait FromOption: Sized {
    /// Names of the options that are read, where a struct has a field of this type and name.
    fn names(field: &str) -> Vec<String> {
        vec![field.to_owned()]
    }

    /// Reads it.
    fn from_option(source: &dyn Source, name: &str) -> Result<Self>;
}

/// Reads a struct that [`options!`](crate::options!) declared.
pub fn read<O: FromOption>(source: &dyn Source) -> Result<O> {
    O::from_option(source, "options")
}

/// The names of all its options, in camel case; a name that several parts read is listed once.
pub fn names<O: FromOption>() -> Vec<String> {
    let mut names = Vec::new();
    for name in O::names("options").iter().map(|name| camel_case(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// An option's name as errors and JavaScript have it: `n_fft` is `nFft`.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        camel.extend(word.chars().take(1).flat_map(char::to_uppercase));
        camel.extend(word.chars().skip(1));
    }
    camel
}

/// The error for a value of another type.
pub fn mismatch(name: &str, expected: &str, value: &Value) -> Error {
    let actual = match value {
        Value::Missing => "nothing".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Numbers(numbers) => format!("{} numbers", numbers.len()),
    };
    Error::argument(&camel_case(name), expected, actual)
}

impl FromOption for f64 {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Number(number) => Ok(number),
            other => Err(mismatch(name, "a number", &other)),
        }
    }
}

/// Whole numbers. Negative ones become 0, and numbers above every size the largest one: both are refused where the size is
/// used.
macro_rules! sizes {
    ($($type:ty),*) => {
        $(impl FromOption for $type {
            fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
                let number = f64::from_option(source, name)?;
                if number.is_nan() || number.is_finite() && number.fract() != 0.0 {
                    return Err(mismatch(name, "a whole number", &Value::Number(number)));
                }
                Ok(number as $type)
            }
        })*
    };
}
sizes!(usize, u32, u64);

impl FromOption for bool {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Flag(flag) => Ok(flag),
            other => Err(mismatch(name, "true or false", &other)),
        }
    }
}

impl FromOption for String {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Text(text) => Ok(text),
            other => Err(mismatch(name, "a string", &other)),
        }
    }
}

impl FromOption for Vec<f64> {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Numbers(numbers) => Ok(numbers),
            other => Err(mismatch(name, "a list of numbers", &other)),
        }
    }
}

/// Two numbers; one stands for both.
impl FromOption for (f64, f64) {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Number(both) => Ok((both, both)),
            Value::Numbers(pair) if pair.len() == 2 => Ok((pair[0], pair[1])),
            other => Err(mismatch(name, "a pair of numbers", &other)),
        }
    }
}

impl FromOption for (usize, usize) {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        <(f64, f64)>::from_option(source, name).map(|(a, b)| (a as usize, b as usize))
    }
}

impl<T: FromOption> FromOption for Option<T> {
    fn names(field: &str) -> Vec<String> {
        T::names(field)
    }

    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Missing => Ok(None),
            _ => T::from_option(source, name).map(Some),
        }
    }
}

/// Declares a struct of options. A field whose type is such a struct itself adds its options to the same list.
#[macro_export]
macro_rules! options {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl $crate::options::FromOption for $name {
            fn names(_: &str) -> Vec<String> {
                [$(<$type as $crate::options::FromOption>::names(stringify!($field))),*].concat()
            }

            fn from_option(source: &dyn $crate::options::Source, _: &str) -> $crate::Result<Self> {
                Ok(Self { $($field: $crate::options::FromOption::from_option(source, stringify!($field))?,)* })
            }
        }
    };
}

/// Types whose `parse` reads a word.
#[macro_export]
macro_rules! option_words {
    ($($type:ty),*) => {
        $(impl $crate::options::FromOption for $type {
            fn from_option(source: &dyn $crate::options::Source, name: &str) -> $crate::Result<Self> {
                <$type>::parse(&String::from_option(source, name)?)
            }
        })*
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    options! {
        /// Options of a part.
        #[derive(Debug, PartialEq)]
        pub struct Part {
            pub hop_length: usize,
            pub center: bool,
        }
    }

    options! {
        /// Options of the whole.
        #[derive(Debug, PartialEq)]
        pub struct Whole {
            pub sr: f64,
            pub part: Part,
            pub fill_na: Option<f64>,
            pub kernel_size: (usize, usize),
        }
    }

    fn source(pairs: &[(&str, Value)]) -> HashMap<String, Value> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    options! {
        /// Two parts that share options.
        pub struct Shared {
            pub part: Part,
            pub whole: Whole,
        }
    }

    #[test]
    fn shared_options_are_listed_once() {
        assert_eq!(names::<Shared>(), ["hopLength", "center", "sr", "fillNa", "kernelSize"]);
        let given = source(&[
            ("sr", Value::Number(16000.0)),
            ("hop_length", Value::Number(3.0)),
            ("center", Value::Flag(true)),
            ("kernel_size", Value::Number(31.0)),
        ]);
        let Shared { part, whole } = read(&given).unwrap();
        assert_eq!(part, whole.part);
    }

    #[test]
    fn reads_structs_within_structs() {
        let given = source(&[
            ("sr", Value::Number(16000.0)),
            ("hop_length", Value::Number(-3.0)),
            ("center", Value::Flag(true)),
            ("kernel_size", Value::Number(31.0)),
        ]);
        let part = Part { hop_length: 0, center: true };
        assert_eq!(read::<Whole>(&given).unwrap(), Whole { sr: 16000.0, part, fill_na: None, kernel_size: (31, 31) });
        assert_eq!(names::<Whole>(), ["sr", "hopLength", "center", "fillNa", "kernelSize"]);
    }

    #[test]
    fn names_what_has_another_type() {
        let given = source(&[("hop_length", Value::Number(1.0)), ("center", Value::Text("yes".into()))]);
        let error = read::<Part>(&given).unwrap_err();
        assert_eq!((error.code, error.argument.as_str()), ("ERR_DSP_ARGUMENT", "center"));
        assert_eq!(read::<Part>(&source(&[])).unwrap_err().argument, "hopLength");
        let given = source(&[("hop_length", Value::Number(1.5)), ("center", Value::Flag(true))]);
        assert_eq!(read::<Part>(&given).unwrap_err().argument, "hopLength");
    }
}
