//! Kaldi's features.
