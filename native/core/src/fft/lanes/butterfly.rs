//! Small discrete Fourier transforms in registers, one transform per lane.

use crate::simd::{Real, Simd};

/// A complex number per lane.
#[derive(Clone, Copy)]
pub struct Cx<V> {
    pub re: V,
    pub im: V,
}

impl<V: Simd> Cx<V> {
    #[inline(always)]
    pub fn add(self, b: Self) -> Self {
        Self { re: self.re + b.re, im: self.im + b.im }
    }

    #[inline(always)]
    pub fn sub(self, b: Self) -> Self {
        Self { re: self.re - b.re, im: self.im - b.im }
    }

    /// `self - i * b`.
    #[inline(always)]
    pub fn sub_i(self, b: Self) -> Self {
        Self { re: self.re + b.im, im: self.im - b.re }
    }

    /// `self + i * b`.
    #[inline(always)]
    pub fn add_i(self, b: Self) -> Self {
        Self { re: self.re - b.im, im: self.im + b.re }
    }

    /// `self * (re + i * im)` where the factor is the same in every lane.
    #[inline(always)]
    pub fn twiddle(self, re: V, im: V) -> Self {
        Self { re: self.re.mul_sub(re, self.im * im), im: self.re.mul_add(im, self.im * re) }
    }

    /// `self * factor + c` for a real factor.
    #[inline(always)]
    fn scale_add(self, factor: V, c: Self) -> Self {
        Self { re: self.re.mul_add(factor, c.re), im: self.im.mul_add(factor, c.im) }
    }

    /// `c - self * factor` for a real factor.
    #[inline(always)]
    fn neg_scale_add(self, factor: V, c: Self) -> Self {
        Self { re: self.re.neg_mul_add(factor, c.re), im: self.im.neg_mul_add(factor, c.im) }
    }

    /// `self * factor` for a real factor.
    #[inline(always)]
    fn scale(self, factor: V) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }
}

/// The forward transform of `R` points, `y[k] = sum x[j] exp(-2 pi i jk / R)`.
pub trait Dft<const R: usize> {
    /// # Safety
    /// The processor has the instruction set of `V`.
    unsafe fn dft<V: Simd>(x: [Cx<V>; R]) -> [Cx<V>; R];
}

/// Names the radix in a type.
pub struct Radix;

impl Dft<1> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>(x: [Cx<V>; 1]) -> [Cx<V>; 1] {
        x
    }
}

impl Dft<2> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>([a, b]: [Cx<V>; 2]) -> [Cx<V>; 2] {
        [a.add(b), a.sub(b)]
    }
}

impl Dft<3> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>([a, b, c]: [Cx<V>; 3]) -> [Cx<V>; 3] {
        // SAFETY: the caller's promise.
        let (half, sin) = unsafe { (constant::<V>(0.5), constant::<V>(SIN_60)) };
        let sum = b.add(c);
        let middle = sum.neg_scale_add(half, a);
        let turned = b.sub(c).scale(sin);
        [a.add(sum), middle.sub_i(turned), middle.add_i(turned)]
    }
}

impl Dft<4> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>([a, b, c, d]: [Cx<V>; 4]) -> [Cx<V>; 4] {
        let (ac, bd) = (a.add(c), b.add(d));
        let (ac_, bd_) = (a.sub(c), b.sub(d));
        [ac.add(bd), ac_.sub_i(bd_), ac.sub(bd), ac_.add_i(bd_)]
    }
}

impl Dft<5> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>([a, b, c, d, e]: [Cx<V>; 5]) -> [Cx<V>; 5] {
        // SAFETY: the caller's promise.
        let (c1, c2, s1, s2) =
            unsafe { (constant::<V>(COS_72), constant::<V>(COS_144), constant::<V>(SIN_72), constant::<V>(SIN_144)) };
        let (be, be_) = (b.add(e), b.sub(e));
        let (cd, cd_) = (c.add(d), c.sub(d));
        let even_1 = cd.scale_add(c2, be.scale_add(c1, a));
        let even_2 = cd.scale_add(c1, be.scale_add(c2, a));
        let odd_1 = cd_.scale_add(s2, be_.scale(s1));
        let odd_2 = cd_.neg_scale_add(s1, be_.scale(s2));
        [a.add(be).add(cd), even_1.sub_i(odd_1), even_2.sub_i(odd_2), even_2.add_i(odd_2), even_1.add_i(odd_1)]
    }
}

impl Dft<8> for Radix {
    #[inline(always)]
    unsafe fn dft<V: Simd>([a, b, c, d, e, f, g, h]: [Cx<V>; 8]) -> [Cx<V>; 8] {
        // SAFETY: the caller's promise.
        let (even, odd, diagonal) = unsafe {
            (
                <Self as Dft<4>>::dft([a, c, e, g]),
                <Self as Dft<4>>::dft([b, d, f, h]),
                constant::<V>(std::f64::consts::FRAC_1_SQRT_2),
            )
        };
        // odd[1] times (1 - i), and the conjugate of odd[3] times (-1 - i); both still to be divided by sqrt 2.
        let turned_1 = Cx { re: odd[1].re + odd[1].im, im: odd[1].im - odd[1].re };
        let turned_3 = Cx { re: odd[3].im - odd[3].re, im: odd[3].re + odd[3].im };
        [
            even[0].add(odd[0]),
            turned_1.scale_add(diagonal, even[1]),
            even[2].sub_i(odd[2]),
            Cx { re: turned_3.re.mul_add(diagonal, even[3].re), im: turned_3.im.neg_mul_add(diagonal, even[3].im) },
            even[0].sub(odd[0]),
            turned_1.neg_scale_add(diagonal, even[1]),
            even[2].add_i(odd[2]),
            Cx { re: turned_3.re.neg_mul_add(diagonal, even[3].re), im: turned_3.im.mul_add(diagonal, even[3].im) },
        ]
    }
}

const SIN_60: f64 = 0.866_025_403_784_438_6;
const COS_72: f64 = 0.309_016_994_374_947_45;
const SIN_72: f64 = 0.951_056_516_295_153_5;
const COS_144: f64 = -0.809_016_994_374_947_5;
const SIN_144: f64 = 0.587_785_252_292_473_1;

/// The same number in every lane.
#[inline(always)]
unsafe fn constant<V: Simd>(value: f64) -> V {
    // SAFETY: the caller's promise.
    unsafe { V::splat(V::Elem::of(value)) }
}
