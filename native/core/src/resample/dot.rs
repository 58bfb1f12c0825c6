//! The inner loop: one dot product per output, in the widest lanes that the processor has.

use crate::simd::Real;

/// One run of outputs whose windows all lie within `x`.
pub struct Job<'a, T> {
    pub(super) coefficients: &'a [T],
    pub(super) first: &'a [isize],
    pub(super) taps: usize,
    pub(super) orig: usize,
    pub(super) new: usize,
    pub(super) x: &'a [T],
    /// Index in `x` of the current block's input sample 0; may be negative.
    pub(super) block: isize,
    /// Phase of the first output.
    pub(super) phase: usize,
}

/// float32 or float64.
pub trait Sample: Real {
    /// Computes `out.len()` outputs.
    ///
    /// # Safety
    /// Every window of the job must lie within its `x`, every phase reached within its coefficients, and `taps` must be a
    /// multiple of 8.
    #[doc(hidden)]
    unsafe fn run(job: &Job<'_, Self>, out: &mut [Self]);
}

/// Walks the windows of a job: calls `one` for single outputs and `four` for runs of four.
macro_rules! walk {
    ($job:ident, $out:ident, $four:expr) => {{
        let job = $job;
        let taps = job.taps;
        let x = job.x.as_ptr();
        let (mut block, mut phase) = (job.block, job.phase);
        let mut next = || {
            // SAFETY: promised by the caller of `run`.
            let pair = unsafe {
                (x.offset(block + *job.first.get_unchecked(phase)), job.coefficients.as_ptr().add(phase * taps))
            };
            phase += 1;
            if phase == job.new {
                phase = 0;
                block += job.orig as isize;
            }
            pair
        };
        let mut fours = $out.chunks_exact_mut(4);
        for four in &mut fours {
            let windows = [next(), next(), next(), next()];
            $four(windows, taps).store(four);
        }
        let rest = fours.into_remainder();
        for one in rest {
            let window = next();
            // The same sum in the same order, three times too often: at most three outputs per call.
            let mut four = [Default::default(); 4];
            $four([window; 4], taps).store(&mut four);
            *one = four[0];
        }
    }};
}

/// Four results on their way to memory.
trait Store<T> {
    fn store(self, to: &mut [T]);
}

impl<T: Copy> Store<T> for [T; 4] {
    #[inline(always)]
    fn store(self, to: &mut [T]) {
        to.copy_from_slice(&self);
    }
}

type Windows<T> = [(*const T, *const T); 4];

macro_rules! portable {
    ($name:ident, $type:ty) => {
        unsafe fn $name(job: &Job<'_, $type>, out: &mut [$type]) {
            #[inline(always)]
            fn four(windows: Windows<$type>, taps: usize) -> [$type; 4] {
                windows.map(|(x, c)| {
                    let mut sums = [0.0 as $type; 8];
                    for i in (0..taps).step_by(8) {
                        for (lane, sum) in sums.iter_mut().enumerate() {
                            // SAFETY: i + lane < taps; the caller of `run` promises the windows.
                            *sum += unsafe { *x.add(i + lane) * *c.add(i + lane) };
                        }
                    }
                    let quarter = |i: usize| sums[i] + sums[i + 4];
                    (quarter(0) + quarter(1)) + (quarter(2) + quarter(3))
                })
            }
            walk!(job, out, four)
        }
    };
}
portable!(portable_f32, f32);
portable!(portable_f64, f64);

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Job, Store, Windows};
    use std::arch::x86_64::*;

    impl Store<f32> for __m128 {
        #[inline(always)]
        fn store(self, to: &mut [f32]) {
            debug_assert_eq!(to.len(), 4);
            // SAFETY: `to` has four elements; SSE is part of x86-64.
            unsafe { _mm_storeu_ps(to.as_mut_ptr(), self) }
        }
    }

    impl Store<f64> for [__m128d; 2] {
        #[inline(always)]
        fn store(self, to: &mut [f64]) {
            debug_assert_eq!(to.len(), 4);
            // SAFETY: as above.
            unsafe {
                _mm_storeu_pd(to.as_mut_ptr(), self[0]);
                _mm_storeu_pd(to.as_mut_ptr().add(2), self[1]);
            }
        }
    }

    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2_f32(job: &Job<'_, f32>, out: &mut [f32]) {
        #[inline]
        #[target_feature(enable = "avx2,fma")]
        fn four(w: Windows<f32>, taps: usize) -> __m128 {
            let mut s = [_mm256_setzero_ps(); 4];
            for i in (0..taps).step_by(8) {
                for (sum, (x, c)) in s.iter_mut().zip(w) {
                    // SAFETY: i + 8 <= taps; the caller of `run` promises the windows.
                    *sum = unsafe { _mm256_fmadd_ps(_mm256_loadu_ps(x.add(i)), _mm256_loadu_ps(c.add(i)), *sum) };
                }
            }
            let pairs = _mm256_hadd_ps(_mm256_hadd_ps(s[0], s[1]), _mm256_hadd_ps(s[2], s[3]));
            _mm_add_ps(_mm256_castps256_ps128(pairs), _mm256_extractf128_ps::<1>(pairs))
        }
        walk!(job, out, |w, taps| four(w, taps))
    }

    #[target_feature(enable = "avx2,fma")]
    pub unsafe fn avx2_f64(job: &Job<'_, f64>, out: &mut [f64]) {
        #[inline]
        #[target_feature(enable = "avx2,fma")]
        fn four(w: Windows<f64>, taps: usize) -> [__m128d; 2] {
            let mut s = [_mm256_setzero_pd(); 4];
            for i in (0..taps).step_by(4) {
                for (sum, (x, c)) in s.iter_mut().zip(w) {
                    // SAFETY: i + 4 <= taps; the caller of `run` promises the windows.
                    *sum = unsafe { _mm256_fmadd_pd(_mm256_loadu_pd(x.add(i)), _mm256_loadu_pd(c.add(i)), *sum) };
                }
            }
            let fold = |v: __m256d| _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd::<1>(v));
            [fold(_mm256_hadd_pd(s[0], s[1])), fold(_mm256_hadd_pd(s[2], s[3]))]
        }
        walk!(job, out, |w, taps| four(w, taps))
    }
}

macro_rules! sample {
    ($type:ty, $portable:ident, $avx2:ident) => {
        impl Sample for $type {
            unsafe fn run(job: &Job<'_, Self>, out: &mut [Self]) {
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the features were just found; the rest is the caller's promise.
                    return unsafe { x86::$avx2(job, out) };
                }
                // SAFETY: the caller's promise.
                unsafe { $portable(job, out) }
            }
        }
    };
}
sample!(f32, portable_f32, avx2_f32);
sample!(f64, portable_f64, avx2_f64);
