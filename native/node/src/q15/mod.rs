//! Fixed-point mel banks and features.

mod bank;
mod features;
