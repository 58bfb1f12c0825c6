//! The tiles: a thread each, between two fifos of two elements.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use dsp_core::Error;

use super::design::Design;
use super::{FRAME, TileKernel, failed};

/// Elements of a fifo beyond the one that its tile holds: with it, two.
const SPARE: usize = 1;
/// How long the DMA waits where nothing moves.
const PAUSE: Duration = Duration::from_micros(20);

/// Why a run ended early.
pub enum Stop {
    Aborted,
    Timeout,
    Tile(usize, String),
}

impl Stop {
    pub fn into_error(self, timeout: Duration) -> Error {
        match self {
            Self::Aborted => Error::new("ERR_DSP_ABORTED", "", "", "", "the run was aborted"),
            Self::Timeout => {
                let limit = format!("{} ms", timeout.as_millis());
                let message = format!("the run did not end within {limit}; load the design again before the next one");
                Error::new("ERR_DSP_TIMEOUT", "timeout", "a run that ends", limit, message)
            }
            Self::Tile(tile, text) => failed(&format!("tile {tile}: {text}"), "load the design again"),
        }
    }
}

/// The ends of a tile's fifos that the DMA has.
struct Tile {
    frames: SyncSender<Vec<i16>>,
    codes: Receiver<std::result::Result<Vec<u8>, String>>,
    /// The next call's samples, and how many calls were sent and received.
    next: Option<Vec<i16>>,
    sent: usize,
    received: usize,
}

/// Starts a tile. Its thread is not waited for: a kernel that never ends could not be.
fn start(kernel: &Arc<dyn TileKernel>) -> Tile {
    let (frames, input) = sync_channel::<Vec<i16>>(SPARE);
    let (output, codes) = sync_channel(SPARE);
    let kernel = Arc::clone(kernel);
    std::thread::spawn(move || {
        while let Ok(frames) = input.recv() {
            let mut out = vec![0; frames.len() / FRAME * kernel.frame_bytes()];
            let result = catch_unwind(AssertUnwindSafe(|| kernel.run(&frames, &mut out)));
            let result: std::result::Result<_, String> = match result {
                Ok(Ok(())) => Ok(out),
                Ok(Err(error)) => Err(error.message()),
                Err(panic) => Err(format!("a panic: {}", text_of(panic.as_ref()))),
            };
            if output.send(result).is_err() {
                return;
            }
        }
    });
    Tile { frames, codes, next: None, sent: 0, received: 0 }
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text")
}

/// Runs a design once: the DMA, which gives calls to the tiles in turn and puts their codes where they belong.
pub fn run(
    design: &Design,
    kernel: &Arc<dyn TileKernel>,
    samples: &[i16],
    cancelled: &AtomicBool,
    deadline: Instant,
) -> std::result::Result<(Vec<u8>, Vec<u64>), Stop> {
    let mut tiles: Vec<_> = (0..design.tiles()).map(|_| start(kernel)).collect();
    let bytes = design.frames_per_call * kernel.frame_bytes();
    let mut out = vec![0; design.padded() * kernel.frame_bytes()];
    let calls = |t: usize| design.column(t / design.cores).1;
    while tiles.iter().enumerate().any(|(t, tile)| tile.received < calls(t)) {
        let mut moved = false;
        for (t, tile) in tiles.iter_mut().enumerate() {
            if tile.sent < calls(t) {
                let element = tile.next.take().unwrap_or_else(|| gather(design, samples, t, tile.sent));
                match tile.frames.try_send(element) {
                    Ok(()) => {
                        tile.sent += 1;
                        moved = true;
                    }
                    Err(TrySendError::Full(element)) => tile.next = Some(element),
                    Err(TrySendError::Disconnected(_)) => return Err(Stop::Tile(t, "its thread ended".to_owned())),
                }
            }
            match tile.codes.try_recv() {
                Ok(Ok(codes)) => {
                    let at = design.frame(t, tile.received) * kernel.frame_bytes();
                    out[at..at + bytes].copy_from_slice(&codes);
                    tile.received += 1;
                    moved = true;
                }
                Ok(Err(text)) => return Err(Stop::Tile(t, text)),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Err(Stop::Tile(t, "its thread ended".to_owned())),
            }
        }
        if cancelled.load(Ordering::Acquire) {
            return Err(Stop::Aborted);
        }
        if Instant::now() >= deadline {
            return Err(Stop::Timeout);
        }
        if !moved {
            std::thread::sleep(PAUSE);
        }
    }
    let frames = tiles.iter().map(|tile| (tile.received * design.frames_per_call) as u64).collect();
    Ok((out, frames))
}

/// The frames of a tile's call, as its column's descriptors put them and its memory tile splits them.
fn gather(design: &Design, samples: &[i16], tile: usize, call: usize) -> Vec<i16> {
    let (first, rounds) = design.column(tile / design.cores);
    let begin = call / design.descriptor_rounds() * design.descriptor_rounds();
    let row = design.frame(tile, call) - first - begin * design.round();
    let mut element = vec![0; design.frames_per_call * FRAME];
    design.descriptor(first, rounds, begin).rows(samples, row, &mut element);
    element
}
