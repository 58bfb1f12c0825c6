//! What kernels are written against: floats, vectors of them, and the kernels themselves.

use std::ops::{Add, Div, Mul, Sub};

/// A float that the kernels work on: `f32` or `f64`.
pub trait Real:
    realfft::FftNum + Default + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + PartialOrd
{
    /// Elements in a row of lanes: 64 bytes' worth, 16 for `f32` and 8 for `f64`, on every machine.
    const LANES: usize;
    /// The smallest positive normal value.
    const MIN_POSITIVE: f64;
    /// The largest value.
    const MAX: f64;
    /// The vector of the portable form.
    type Portable: Simd<Elem = Self>;
    /// The vector of AVX2.
    #[cfg(target_arch = "x86_64")]
    type Avx2: Simd<Elem = Self>;
    /// The vector of AVX-512.
    #[cfg(target_arch = "x86_64")]
    type Avx512: Simd<Elem = Self>;

    /// Rounds a double to this type.
    fn of(value: f64) -> Self;
    /// This value as a double.
    fn to_f64(self) -> f64;
    /// Whether the value is neither infinite nor NaN.
    fn finite(self) -> bool;
}

/// A vector of floats of one instruction set.
///
/// The constructors are unsafe because a vector may only be made on a machine that has its instruction set; whoever
/// holds one has that proof, so arithmetic is safe.
pub trait Simd: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    /// The float.
    type Elem: Real;
    /// Elements in the vector. Divides `Elem::LANES`.
    const WIDTH: usize;

    /// Reads `WIDTH` elements.
    ///
    /// # Safety
    /// The processor has the instruction set; `from` is readable for `WIDTH` elements (any alignment).
    unsafe fn load(from: *const Self::Elem) -> Self;
    /// Repeats one value.
    ///
    /// # Safety
    /// The processor has the instruction set.
    unsafe fn splat(value: Self::Elem) -> Self;
    /// Writes `WIDTH` elements.
    ///
    /// # Safety
    /// `to` is writable for `WIDTH` elements (any alignment).
    unsafe fn store(self, to: *mut Self::Elem);
    /// `self * b + c`, rounded once where the instruction set has it; `f32::mul_add` would call a library function elsewhere.
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        self * b + c
    }
    /// `self * b - c`, rounded once where the instruction set has it.
    #[inline(always)]
    fn mul_sub(self, b: Self, c: Self) -> Self {
        self * b - c
    }
    /// `c - self * b`, rounded once where the instruction set has it.
    #[inline(always)]
    fn neg_mul_add(self, b: Self, c: Self) -> Self {
        c - self * b
    }
    /// `self * b - product`, exactly, where `product` is `self * b` rounded.
    fn product_error(self, b: Self, product: Self) -> Self;
    /// The lesser value of each lane, `b` where they are equal.
    #[inline(always)]
    fn lesser(self, b: Self) -> Self {
        self.select_less(b, self, b)
    }
    /// The greater value of each lane, `b` where they are equal.
    #[inline(always)]
    fn greater(self, b: Self) -> Self {
        b.select_less(self, self, b)
    }
    /// `yes` in the lanes where `self < b`, else `no`.
    fn select_less(self, b: Self, yes: Self, no: Self) -> Self;
    /// The square root of each lane.
    fn sqrt(self) -> Self;
    /// `(k, m)` with `x = 2^k m` and `m` in `[sqrt 1/2, sqrt 2)`, for positive normal numbers.
    fn split_exponent(self) -> (Self, Self);
    /// Transposes a `WIDTH x WIDTH` block from memory to memory; the strides are elements between rows.
    ///
    /// # Safety
    /// The processor has the instruction set; every row is readable and writable for `WIDTH` elements and the blocks do
    /// not overlap.
    unsafe fn transpose(src: *const Self::Elem, src_stride: usize, dst: *mut Self::Elem, dst_stride: usize);
}

/// A computation written once for every vector width.
pub trait Kernel<T: Real> {
    /// What it returns.
    type Output;

    /// The computation. Mark it, and everything vector-valued that it calls, `#[inline(always)]`: only code inlined into
    /// the caller is compiled for the caller's instruction set.
    ///
    /// # Safety
    /// The processor has the instruction set of `V`, and whatever the kernel itself asks for holds.
    unsafe fn run<V: Simd<Elem = T>>(self) -> Self::Output;
}
