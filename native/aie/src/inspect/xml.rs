//! `EMBEDDED_METADATA`: the kernels and their arguments, which stand nowhere else, in XML.
//!
//! Only what xclbinutil writes is read: tags with attributes, a declaration and comments. Entities stay as they are written.

use dsp_core::Result;

use super::reader::Reader;

/// A kernel.
#[derive(Debug)]
pub struct Kernel<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub arguments: Vec<Argument<'a>>,
    /// How many instances there are.
    pub instances: u32,
}

/// An argument, in the words of the file.
#[derive(Debug)]
pub struct Argument<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub id: u32,
    pub size: u32,
    pub offset: u32,
    /// Whether it is a buffer and no number.
    pub is_buffer: bool,
}

/// A tag: its name, the text of its attributes, and whether it closes one (1), opens one (2) or both (3).
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    ends: bool,
    begins: bool,
}

/// How deep tags may be nested.
const MAX_DEPTH: usize = 64;

/// How many kernels there may be, and arguments of one: a tag is shorter than what is kept of it.
const MAX_ITEMS: usize = 1024;

pub fn kernels(bytes: &[u8]) -> Result<Vec<Kernel<'_>>> {
    let section = Reader::new(bytes, "EMBEDDED_METADATA");
    let broken = |expected: &str, actual: &str, what: &str| section.broken(expected, shown(actual), what);
    let text = std::str::from_utf8(bytes)
        .map_err(|error| section.broken("UTF-8", format!("byte {} that is not", error.valid_up_to()), "the XML"))?;
    let text = text.trim_end_matches('\0');
    let mut open: Vec<&str> = Vec::with_capacity(MAX_DEPTH);
    let mut kernels: Vec<Kernel<'_>> = Vec::new();
    let mut rest = text;
    while let Some((between, tag)) = next(&section, &mut rest)? {
        if !between.trim().is_empty() && open.is_empty() {
            return Err(broken("a tag", between.trim(), "the XML"));
        }
        if tag.begins {
            if open.len() == MAX_DEPTH {
                return Err(broken("at most 64 nested tags", tag.name, "the XML"));
            }
            let arguments = kernels.last().map_or(0, |kernel| kernel.arguments.len());
            if kernels.len() > MAX_ITEMS || arguments > MAX_ITEMS {
                return Err(broken("at most 1024 kernels of 1024 arguments each", "more", "the XML"));
            }
            match (tag.name, open.last().copied()) {
                ("kernel", _) => kernels.push(Kernel {
                    name: attribute(&section, &tag, "name")?,
                    kind: optional(&section, &tag, "type")?.unwrap_or(""),
                    arguments: Vec::new(),
                    instances: 0,
                }),
                ("arg", Some("kernel")) => {
                    let kernel = kernels.last_mut().expect("the kernel that is open");
                    // Doubling would take more memory than the text of many arguments does.
                    if kernel.arguments.len() == kernel.arguments.capacity() {
                        kernel.arguments.reserve_exact(1 + kernel.arguments.len() / 4);
                    }
                    kernel.arguments.push(argument(&section, &tag)?);
                }
                ("instance", Some("kernel")) => kernels.last_mut().expect("the kernel that is open").instances += 1,
                _ => {}
            }
            open.push(tag.name);
        }
        if tag.ends && open.pop() != Some(tag.name) {
            return Err(broken("the end of the tag that is open", tag.name, "the XML"));
        }
    }
    if let Some(name) = open.last() {
        return Err(broken(&format!("</{name}>"), "the end", "the XML"));
    }
    Ok(kernels)
}

fn argument<'a>(section: &Reader<'a>, tag: &Tag<'a>) -> Result<Argument<'a>> {
    let number = |name: &str| {
        let text = attribute(section, tag, name)?;
        let value = match text.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => text.parse(),
        };
        value.map_err(|_| section.broken("a number of 32 bits", shown(text), &format!("an argument's {name}")))
    };
    Ok(Argument {
        name: attribute(section, tag, "name")?,
        kind: attribute(section, tag, "type")?,
        id: number("id")?,
        size: number("size")?,
        offset: number("offset")?,
        is_buffer: number("addressQualifier")? == 1,
    })
}

/// The next tag, and the text before it.
fn next<'a>(section: &Reader<'_>, rest: &mut &'a str) -> Result<Option<(&'a str, Tag<'a>)>> {
    loop {
        let Some((between, after)) = rest.split_once('<') else {
            if rest.trim().is_empty() {
                return Ok(None);
            }
            return Err(section.broken("a tag", shown(rest.trim()), "the XML"));
        };
        let end = match after {
            _ if after.starts_with("!--") => "-->",
            _ if after.starts_with('?') => "?>",
            _ => ">",
        };
        let Some((tag, after)) = after.split_once(end) else {
            return Err(section.broken(end, "the end", "the XML"));
        };
        *rest = after;
        if end != ">" {
            continue;
        }
        let (tag, is_end) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
        if name.is_empty() || !name.chars().all(is_name) || (is_end && is_empty) {
            return Err(section.broken("a tag's name", shown(tag), "the XML"));
        }
        return Ok(Some((between, Tag { name, attributes, ends: is_end || is_empty, begins: !is_end })));
    }
}

fn attribute<'a>(section: &Reader<'_>, tag: &Tag<'a>, name: &str) -> Result<&'a str> {
    optional(section, tag, name)?.ok_or_else(|| {
        section.broken(name, shown(tag.attributes), &format!("the attributes of a tag {}", shown(tag.name)))
    })
}

fn optional<'a>(section: &Reader<'_>, tag: &Tag<'a>, name: &str) -> Result<Option<&'a str>> {
    let mut rest = tag.attributes.trim();
    while !rest.is_empty() {
        let parts = rest.split_once("=\"").and_then(|(key, after)| Some((key, after.split_once('"')?)));
        let Some((key, (value, after))) = parts else {
            return Err(section.broken("name=\"value\"", shown(rest), "an attribute"));
        };
        if key.trim() == name {
            return Ok(Some(value));
        }
        rest = after.trim_start();
    }
    Ok(None)
}

/// The beginning of a text, for errors: its length is the file's.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_debug).collect()
}
