//! `kernel/mel_q15.h`.

use std::ffi::c_void;

#[repr(C)]
pub struct Transform {
    _opaque: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Debug)]
pub struct Filter {
    pub start_bin: u16,
    pub peak_bin: u16,
    pub end_bin: u16,
    pub left_width: u16,
    pub right_width: u16,
    pub offset: u16,
}

#[repr(C)]
pub struct Config {
    pub transform: *const Transform,
    pub filters: *const Filter,
    pub coefficients: *const i16,
    pub shifts: *const u8,
    pub filter_count: u16,
    pub coefficient_count: u16,
    pub linear_gain: u16,
    pub spectrum: u8,
    pub output: u8,
    pub lowest: i32,
}

pub const OK: i32 = 0;
pub const BAD_ALIGNMENT: i32 = -2;

unsafe extern "C" {
    pub static mel_q15_transform_400: Transform;
    pub static mel_q15_transform_512: Transform;
    pub fn mel_q15_check(config: *const Config) -> i32;
    pub fn mel_q15_pack(config: *const Config, packed: *mut i16, capacity: i32) -> i32;
    pub fn mel_q15_run_aie2(
        config: *const Config,
        packed: *const i16,
        frames: *const i16,
        out: *mut c_void,
        count: i32,
    ) -> i32;
    pub fn mel_q15_run(config: *const Config, frames: *const i16, out: *mut c_void, count: i32) -> i32;
}
