//! (bindings)
