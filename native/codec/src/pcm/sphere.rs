//! NIST SPHERE: a text header, mostly of 1024 bytes, before the samples.

use super::{Encoding, Layout, Planar, Run, Size};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;
use std::collections::HashMap;

/// Longer headers are invalid.
const MAX_HEADER: u64 = 1 << 20;

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let mut head = vec![0; 16];
    let got = source.read_up_to(&mut head).map_err(|e| io_error(&e))?;
    let size = std::str::from_utf8(&head[8.min(got)..got]).ok().and_then(|text| text.trim().parse::<u64>().ok());
    let Some(size) = size.filter(|size| (16..=MAX_HEADER).contains(size)) else {
        let message = "the SPHERE header does not tell its length: the file is damaged";
        return Err(format_error("a header length in bytes 8 to 15", head.escape_ascii(), message));
    };
    let mut body = source.peek((size - 16) as usize).map_err(|e| io_error(&e))?;
    source.skip(size - 16).map_err(|e| io_error(&e))?;
    if (body.len() as u64) < size - 16 {
        let message = "the SPHERE file ends within its header: it is cut short";
        return Err(format_error(format!("a header of {size} bytes"), body.len() + 16, message));
    }
    body.iter_mut().filter(|b| !b.is_ascii()).for_each(|b| *b = b'?');
    let text = String::from_utf8_lossy(&body);
    let fields = fields(&text);
    let number = |name: &str| fields.get(name).and_then(|value| value.parse::<u64>().ok());
    let need = |name: &str| {
        number(name).ok_or_else(|| {
            let message = format!("the SPHERE header has no {name}: the file is damaged");
            format_error(format!("the field {name}"), "none", message)
        })
    };
    let coding = fields.get("sample_coding").copied().unwrap_or("pcm");
    let channels = need("channel_count")?;
    let rate = need("sample_rate")?;
    let bytes = number("sample_n_bytes");
    let encoding = match coding {
        "pcm" => bytes.and_then(Encoding::signed),
        "ulaw" | "mu-law" => Some(Encoding::MuLaw).filter(|_| bytes.is_none_or(|b| b == 1)),
        "alaw" => Some(Encoding::ALaw).filter(|_| bytes.is_none_or(|b| b == 1)),
        _ => None,
    };
    let Some(encoding) = encoding else {
        let advice = if coding.contains("shorten") { "decompress it with sph2pipe first" } else { "convert it first" };
        let width = bytes.map_or(String::new(), |b| format!(" of {b} bytes"));
        let message = format!("SPHERE samples coded as {coding}{width} are not supported; {advice}");
        return Err(format_error("pcm of 1 to 4 bytes, ulaw or alaw", format!("{coding}{width}"), message));
    };
    let order = fields.get("sample_byte_format").copied().unwrap_or("01");
    let big_endian = match (encoding.width(), order) {
        // libsndfile writes the orders of two bytes for wider samples too.
        (1, _) | (_, "01") => false,
        (_, "10") => true,
        (width, order) if order.len() == width && "0123".starts_with(order) => false,
        (width, order) if order.len() == width && "3210".ends_with(order) => true,
        _ => {
            let message = format!("the SPHERE byte order {order} does not fit samples of {} bytes", encoding.width());
            return Err(format_error("a sample_byte_format as 01 or 10", order, message));
        }
    };
    let layout = Layout { format: "sphere", encoding, big_endian, channels, rate };
    let count = number("sample_count").filter(|count| *count > 0);
    if channels > 1 && fields.get("channels_interleaved").is_some_and(|value| value.eq_ignore_ascii_case("FALSE")) {
        return Planar::open(source, &layout, count);
    }
    // Nothing follows the samples, so a count that is too small hides none.
    Run::open(source, &layout, Size::AtLeast(count.unwrap_or(0).saturating_mul(layout.frame())))
}

/// Lines `name -i 1` or `name -s4 text` up to `end_head`.
fn fields(text: &str) -> HashMap<&str, &str> {
    let mut fields = HashMap::new();
    for line in text.lines() {
        let line = line.trim();
        if line == "end_head" {
            break;
        }
        let mut words = line.splitn(3, ' ');
        if let (Some(name), Some(kind), Some(value)) = (words.next(), words.next(), words.next())
            && kind.starts_with('-')
        {
            fields.insert(name, value.trim());
        }
    }
    fields
}
