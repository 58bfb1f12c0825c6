//! Carries `dsp_core::Error` across the border: the JavaScript error's message is JSON, which `guard` of
//! `@dsp/tensor` turns into a `DspError`.

use napi::{Error, Status};

/// Converts a core error into a napi error whose reason is `{"code","argument","expected","actual","message"}`.
pub fn to_js(error: dsp_core::Error) -> Error {
    let message = error.message();
    let dsp_core::Error { code, argument, expected, actual, .. } = error;
    let field = |name: &str, value: &str| format!("\"{name}\":\"{}\"", escape(value));
    let reason = [
        field("code", code),
        field("argument", &argument),
        field("expected", &expected),
        field("actual", &actual),
        field("message", &message),
    ]
    .join(",");
    Error::new(Status::InvalidArg, format!("{{{reason}}}"))
}

/// Escapes a string for a JSON literal.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out
}
