//! Exact search among unit vectors.

use crate::closable::Closable;
use crate::options::count;
use crate::task::caught;
use crate::values::Values;
use dsp_core::nearest::{Found, Nearest};
use napi::Env;
use napi::bindgen_prelude::ObjectFinalize;
use napi_derive::napi;

/// Unit vectors and their codes. V8's collector is told of their memory.
#[napi(custom_finalize)]
pub struct NearestIndex {
    vectors: Closable<Nearest>,
    bytes: i64,
}

impl ObjectFinalize for NearestIndex {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-self.bytes).map(|_| ())
    }
}

#[napi]
impl NearestIndex {
    #[napi(constructor, catch_unwind)]
    pub fn new(dimensions: f64) -> napi::Result<Self> {
        caught(|| Nearest::new(count(dimensions))).map(|vectors| Self { vectors: Closable::new(vectors), bytes: 0 })
    }

    /// Number of vectors.
    #[napi(getter, catch_unwind)]
    pub fn size(&self) -> napi::Result<f64> {
        caught(|| self.vectors.with(|vectors| Ok(vectors.len() as f64)))
    }

    /// Bytes of memory.
    #[napi(getter, catch_unwind)]
    pub fn bytes(&self) -> f64 {
        self.bytes as f64
    }

    /// Adds unit vectors `[rows, dimensions]` at the end.
    #[napi(catch_unwind)]
    pub fn add(&mut self, env: Env, rows: &[f32]) -> napi::Result<()> {
        caught(|| self.vectors.with(|vectors| vectors.add(rows)))?;
        self.account(env)
    }

    /// Removes one, whose place the last one takes.
    #[napi(catch_unwind)]
    pub fn remove(&mut self, env: Env, index: f64) -> napi::Result<()> {
        caught(|| self.vectors.with(|vectors| vectors.remove(count(index))))?;
        self.account(env)
    }

    /// Vectors as they were added, `[rows, dimensions]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array")]
    pub fn rows(&self, first: f64, rows: f64) -> napi::Result<Values> {
        caught(|| self.vectors.with(|vectors| vectors.rows(count(first), count(rows)).map(Values::F32)))
    }

    /// The `k` nearest of each query: indices and scores of one, one after the other.
    #[napi(catch_unwind, ts_return_type = "Array<Float64Array>")]
    pub fn search(&self, queries: &[f32], k: f64) -> napi::Result<Vec<Values>> {
        caught(|| {
            let found = self.vectors.with(|vectors| vectors.search(queries, count(k)))?;
            let arrays = |Found { indices, scores }: Found| {
                let indices: Vec<f64> = indices.into_iter().map(|index| index as f64).collect();
                [Values::F64(indices), Values::F64(scores)]
            };
            Ok(found.into_iter().flat_map(arrays).collect())
        })
    }

    /// Frees the memory.
    #[napi(catch_unwind)]
    pub fn close(&mut self, env: Env) -> napi::Result<()> {
        self.vectors.close();
        self.account(env)
    }
}

impl NearestIndex {
    fn account(&mut self, env: Env) -> napi::Result<()> {
        let bytes = self.vectors.with(|vectors| Ok(vectors.bytes() as i64)).unwrap_or(0);
        let change = bytes - self.bytes;
        self.bytes = bytes;
        if change == 0 { Ok(()) } else { env.adjust_external_memory(change).map(|_| ()) }
    }
}
