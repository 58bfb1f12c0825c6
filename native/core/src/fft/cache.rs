//! The plans that each thread used last, so that one-shot calls of the same lengths plan once.

use super::{Fft, Rfft};
use crate::Result;
use crate::simd::Real;
use std::any::{Any, TypeId};
use std::cell::RefCell;

/// Plans that each thread keeps.
const MAX_PLANS: usize = 16;
/// Longer plans are not kept: planning is a small part of their work, and their scratch is large.
const MAX_LENGTH: usize = 1 << 20;

/// A plan under its type and length, the last used at the end.
type Entry = (TypeId, usize, Box<dyn Any>);

thread_local! {
    static PLANS: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// Calls with this thread's real plan for `n`.
pub fn with_rfft<T: Real, R>(n: usize, call: impl FnOnce(&mut Rfft<T>) -> Result<R>) -> Result<R> {
    with(n, Rfft::new, call)
}

/// Calls with this thread's complex plan for `n`.
pub fn with_fft<T: Real, R>(n: usize, call: impl FnOnce(&mut Fft<T>) -> Result<R>) -> Result<R> {
    with(n, Fft::new, call)
}

fn with<P: 'static, R>(
    n: usize,
    plan: impl FnOnce(usize) -> Result<P>,
    call: impl FnOnce(&mut P) -> Result<R>,
) -> Result<R> {
    let kind = TypeId::of::<P>();
    // Taken out while in use: `call` may need its own plan, and a panic loses one plan only.
    let found = PLANS.with_borrow_mut(|plans| {
        plans.iter().position(|(k, length, _)| (*k, *length) == (kind, n)).map(|at| plans.remove(at).2)
    });
    let mut plan = match found.map(Box::<dyn Any>::downcast::<P>) {
        Some(Ok(plan)) => plan,
        _ => Box::new(plan(n)?),
    };
    let result = call(&mut plan);
    if n <= MAX_LENGTH {
        PLANS.with_borrow_mut(|plans| {
            if plans.len() == MAX_PLANS {
                plans.remove(0);
            }
            plans.push((kind, n, plan));
        });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_few_plans_and_survives_nesting() {
        for n in 1..100 {
            let inside = with_rfft::<f32, _>(n, |a| with_rfft::<f32, _>(n, |b| Ok((a.n(), b.n()))));
            assert_eq!(inside, Ok((n, n)));
            assert_eq!(with_fft::<f64, _>(n, |plan| Ok(plan.n())), Ok(n));
        }
        PLANS.with_borrow(|plans| assert_eq!(plans.len(), MAX_PLANS));
        assert!(with_rfft::<f32, ()>(0, |_| unreachable!()).is_err());
    }
}
