//! What every peer does.

/// A library that is ready to work.
pub trait Peer {
    /// One iteration: exactly what is timed.
    fn run(&mut self);
    /// Shape and values of the last iteration.
    fn result(&self) -> (Vec<usize>, Vec<f32>);
}
