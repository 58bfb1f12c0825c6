//! Where bytes come from: a file, memory, or a reader that cannot go back.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

use dsp_core::{Error, Result};
use symphonia::core::io::MediaSource;

/// Bytes with a position. The first bytes may be looked at before they are read.
pub struct Source {
    inner: Box<dyn MediaSource>,
    /// Bytes looked at and not yet read: only of sources that cannot seek.
    ahead: Vec<u8>,
    len: Option<u64>,
    seekable: bool,
}

/// `Read` made shareable between threads, as symphonia requires; there is never contention for it.
struct Stream(Mutex<Box<dyn Read + Send>>);

impl Read for Stream {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self.0.get_mut() {
            Ok(reader) => reader.read(to),
            Err(poisoned) => poisoned.into_inner().read(to),
        }
    }
}

impl Seek for Stream {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl MediaSource for Stream {
    fn is_seekable(&self) -> bool {
        false
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}

impl Source {
    /// A file.
    pub fn path(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let fail = |error: io::Error| {
            let message = format!("{shown} cannot be read: {error}");
            Error::new("ERR_DSP_IO", "input", "a readable file", &shown, message)
        };
        let file = File::open(path).map_err(fail)?;
        let kind = file.metadata().map_err(fail)?;
        if kind.is_dir() {
            let message = format!("{shown} is a folder; give the path of an audio file");
            return Err(Error::new("ERR_DSP_IO", "input", "a readable file", &shown, message));
        }
        // A pipe or device has neither length nor way back.
        Ok(if kind.is_file() { Self::seekable(file) } else { Self::stream(file) })
    }

    /// Bytes in memory.
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self::seekable(Cursor::new(bytes))
    }

    /// A reader that cannot go back; its length is not known.
    pub fn stream(reader: impl Read + Send + 'static) -> Self {
        let inner = Box::new(Stream(Mutex::new(Box::new(reader))));
        Self { inner, ahead: Vec::new(), len: None, seekable: false }
    }

    fn seekable(inner: impl MediaSource + 'static) -> Self {
        let len = inner.byte_len();
        Self { inner: Box::new(inner), ahead: Vec::new(), len, seekable: true }
    }

    /// Up to `count` bytes from the present position, which stays.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<Vec<u8>> {
        // Grows with what is there: a header may claim any count.
        let mut bytes = Vec::new();
        self.by_ref().take(count as u64).read_to_end(&mut bytes)?;
        if self.seekable {
            self.inner.seek(SeekFrom::Current(-(bytes.len() as i64)))?;
        } else {
            let rest = std::mem::take(&mut self.ahead);
            self.ahead = bytes.clone();
            self.ahead.extend(rest);
        }
        Ok(bytes)
    }

    /// Skips bytes; stops early, without an error, at the end.
    pub(crate) fn skip(&mut self, count: u64) -> io::Result<()> {
        if let (true, Some(len)) = (self.seekable, self.len) {
            let at = self.inner.stream_position()?;
            self.inner.seek(SeekFrom::Start(at.saturating_add(count).min(len)))?;
        } else {
            io::copy(&mut self.by_ref().take(count), &mut io::sink())?;
        }
        Ok(())
    }

    /// Fills as much of the buffer as there is and returns how much.
    pub(crate) fn read_up_to(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < to.len() {
            match self.read(&mut to[filled..]) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// The last `count` bytes behind the present position, which stays; none of a source that cannot seek.
    pub(crate) fn tail(&mut self, count: usize) -> io::Result<Option<Vec<u8>>> {
        let Some(remaining) = self.remaining()? else { return Ok(None) };
        let at = self.inner.stream_position()?;
        let mut bytes = Vec::new();
        self.inner.seek(SeekFrom::Start(at + remaining.saturating_sub(count as u64)))?;
        self.inner.by_ref().take(remaining.min(count as u64)).read_to_end(&mut bytes)?;
        self.inner.seek(SeekFrom::Start(at))?;
        Ok(Some(bytes))
    }

    /// Bytes from the present position to the end, where known.
    pub(crate) fn remaining(&mut self) -> io::Result<Option<u64>> {
        match (self.seekable, self.len) {
            (true, Some(len)) => Ok(Some(len.saturating_sub(self.inner.stream_position()?))),
            _ => Ok(None),
        }
    }
}

impl Read for Source {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.ahead.is_empty() {
            return self.inner.read(to);
        }
        let count = to.len().min(self.ahead.len());
        to[..count].copy_from_slice(&self.ahead[..count]);
        self.ahead.drain(..count);
        Ok(count)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl MediaSource for Source {
    fn is_seekable(&self) -> bool {
        self.seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.len
    }
}
