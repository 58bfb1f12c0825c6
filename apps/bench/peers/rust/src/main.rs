//! The Rust peers of the benchmark, in one process that answers lines of JSON; the protocol is that of
//! `../python/worker.py`.

mod peer;
mod peers;
mod pitch;

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

use peer::Peer;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Processor time of this process, over all its threads.
fn cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec that lives through the call.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn prepare(request: &Value, handle: u64) -> Result<(Value, Box<dyn Peer>)> {
    let name = request["peer"].as_str().unwrap_or_default();
    let folder = request["folder"].as_str().ok_or("folder must be a path")?;
    let (version, mut peer) = peers::make(name, &request["params"])?;
    peer.run();
    let (shape, values) = peer.result();
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let path = format!("{folder}/rust-{handle}.raw");
    std::fs::write(&path, bytes)?;
    let answer = json!({ "handle": handle, "version": version, "shape": shape, "dtype": "float32", "path": path });
    Ok((answer, peer))
}

fn run(peer: &mut dyn Peer, iterations: u64) -> Value {
    let cpu = cpu_ns();
    let start = Instant::now();
    for _ in 0..iterations {
        peer.run();
    }
    json!({ "ns": start.elapsed().as_nanos() as u64, "cpu": cpu_ns() - cpu })
}

fn main() -> Result<()> {
    let mut handles: HashMap<u64, Box<dyn Peer>> = HashMap::new();
    let mut next = 0;
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let handle = request["handle"].as_u64().unwrap_or_default();
        let answer = match request["op"].as_str() {
            Some("prepare") => {
                next += 1;
                match prepare(&request, next) {
                    Ok((answer, peer)) => {
                        handles.insert(next, peer);
                        answer
                    }
                    Err(error) => json!({ "error": error.to_string() }),
                }
            }
            Some("run") => match handles.get_mut(&handle) {
                Some(peer) => run(peer.as_mut(), request["iterations"].as_u64().unwrap_or(1)),
                None => json!({ "error": format!("no handle {handle}") }),
            },
            Some("drop") => {
                handles.remove(&handle);
                json!({})
            }
            _ => json!({ "error": "unknown operation" }),
        };
        println!("{answer}");
        std::io::stdout().flush()?;
    }
    Ok(())
}
