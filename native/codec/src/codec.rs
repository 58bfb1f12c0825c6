//! One of symphonia's decoders: a packet goes in, samples come out. Packets and trims are the business of the callers.

use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error as Failure;
use symphonia::core::packet::PacketRef;
use symphonia::core::units::{Duration, Timestamp};

pub(crate) struct Codec {
    inner: Box<dyn AudioDecoder>,
    /// The plane of each channel in symphonia's buffers.
    planes: Vec<usize>,
}

impl Codec {
    pub(crate) fn new(inner: impl AudioDecoder + 'static, planes: Vec<usize>) -> Self {
        Self { inner: Box::new(inner), planes }
    }

    /// Appends a packet's samples to every channel and returns how many per channel.
    pub(crate) fn decode(&mut self, data: &[u8], channels: &mut [Vec<f32>]) -> Result<usize, Failure> {
        let packet = PacketRef::new(0, Timestamp::new(0), Duration::ZERO, data);
        let buffer = self.inner.decode_ref(&packet)?;
        let frames = buffer.frames();
        if frames == 0 {
            return Ok(0);
        }
        if buffer.num_planes() != channels.len() || self.planes.len() != channels.len() {
            return Err(Failure::DecodeError("the number of channels changes"));
        }
        let mut to: Vec<&mut [f32]> = channels.iter().map(|_| &mut [][..]).collect();
        for (channel, &plane) in channels.iter_mut().zip(&self.planes) {
            let at = channel.len();
            channel.resize(at + frames, 0.0);
            to[plane] = &mut channel[at..];
        }
        buffer.copy_to_slice_planar(&mut to);
        Ok(frames)
    }
}

/// Keeps of the last `count` samples of every channel those from `from` up to `to`.
pub(crate) fn keep(channels: &mut [Vec<f32>], count: usize, from: usize, to: usize) {
    if from == 0 && to == count {
        return;
    }
    for channel in channels {
        let at = channel.len() - count;
        channel.copy_within(at + from..at + to, at);
        channel.truncate(at + to - from);
    }
}
