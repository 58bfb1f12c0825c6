//! The nearest unit vectors by their inner product: exact, over millions of them.
//!
//! Every vector is kept twice: as given, and as 8-bit codes with the norm of their quantisation error. A search reads only
//! the codes, a quarter of the memory. By the Cauchy-Schwarz inequality the score from codes is off by no more than the norm
//! of the query times that of the error; whatever could still be among the best within that bound is scored again from the
//! vectors themselves. So the result is that of scoring everything.

mod dot;
mod search;
#[cfg(test)]
mod tests;

pub use search::Found;

use crate::{Error, Result, check_finite};

/// Longer vectors would overflow the sums of codes.
pub const MAX_DIMENSIONS: usize = 2048;
/// Vectors that are stored, and searched, together: their codes stay in the second cache while all queries pass.
const ROWS: usize = 1024;
/// The largest code of a stored vector.
const MAX_CODE: f64 = 127.0;
/// How far from 1 the length of a vector may be.
const MAX_DEVIATION: f64 = 1e-3;

/// Unit vectors, in an order that [`Nearest::remove`] changes.
pub struct Nearest {
    dimensions: usize,
    blocks: Vec<Block>,
    count: usize,
}

/// Up to [`ROWS`] vectors.
struct Block {
    /// `[rows, dimensions]`.
    values: Vec<f32>,
    /// `[rows, dot::padded(dimensions)]`, each row with its scale.
    codes: Vec<i8>,
    scales: Vec<f32>,
    /// Norm of the quantisation error of each row, rounded up.
    rests: Vec<f32>,
}

impl Block {
    fn new(dimensions: usize) -> Self {
        Self {
            values: Vec::with_capacity(ROWS * dimensions),
            codes: Vec::with_capacity(ROWS * dot::padded(dimensions)),
            scales: Vec::with_capacity(ROWS),
            rests: Vec::with_capacity(ROWS),
        }
    }

    fn rows(&self) -> usize {
        self.scales.len()
    }

    fn push(&mut self, row: &[f32]) {
        let scale = f64::from(row.iter().fold(0f32, |most, x| most.max(x.abs()))) / MAX_CODE;
        let scale = scale as f32;
        let mut rest = 0.0;
        let end = self.codes.len() + dot::padded(row.len());
        self.codes.extend(row.iter().map(|&x| {
            let code = (x / scale).round().clamp(-MAX_CODE as f32, MAX_CODE as f32);
            rest += (f64::from(x) - f64::from(code) * f64::from(scale)).powi(2);
            code as i8
        }));
        self.codes.resize(end, 0);
        self.values.extend_from_slice(row);
        self.scales.push(scale);
        self.rests.push((rest.sqrt() * (1.0 + 1e-6)) as f32);
    }

    /// The last row replaces row `at`, which goes. Both may be the same.
    fn pop_into(last: &mut Block, target: Option<(&mut Block, usize)>, dimensions: usize) {
        let (row, codes) = (last.rows() - 1, dot::padded(dimensions));
        if let Some((block, at)) = target {
            block.values[at * dimensions..][..dimensions].copy_from_slice(&last.values[row * dimensions..]);
            block.codes[at * codes..][..codes].copy_from_slice(&last.codes[row * codes..]);
            (block.scales[at], block.rests[at]) = (last.scales[row], last.rests[row]);
        }
        last.truncate(row, dimensions);
    }

    fn truncate(&mut self, rows: usize, dimensions: usize) {
        self.values.truncate(rows * dimensions);
        self.codes.truncate(rows * dot::padded(dimensions));
        self.scales.truncate(rows);
        self.rests.truncate(rows);
    }
}

impl Nearest {
    pub fn new(dimensions: usize) -> Result<Self> {
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(Error::argument("dimensions", format!("between 1 and {MAX_DIMENSIONS}"), dimensions));
        }
        Ok(Self { dimensions, blocks: Vec::new(), count: 0 })
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes that the vectors and their codes take.
    pub fn bytes(&self) -> usize {
        self.blocks.len() * ROWS * (self.dimensions * size_of::<f32>() + dot::padded(self.dimensions) + 8)
    }

    /// Adds vectors `[rows, dimensions]` at the end; all of them, or none where one is wrong.
    pub fn add(&mut self, rows: &[f32]) -> Result<()> {
        self.check("rows", rows)?;
        for row in rows.chunks_exact(self.dimensions) {
            if self.blocks.last().is_none_or(|block| block.rows() == ROWS) {
                self.blocks.push(Block::new(self.dimensions));
            }
            self.blocks.last_mut().expect("one was just made").push(row);
            self.count += 1;
        }
        Ok(())
    }

    /// Removes vector `at`, whose place the last one takes.
    pub fn remove(&mut self, at: usize) -> Result<()> {
        if at >= self.count {
            return Err(Error::argument("index", format!("below {}", self.count), at));
        }
        let (block, row) = (at / ROWS, at % ROWS);
        let (last, earlier) = self.blocks.split_last_mut().expect("there is a vector");
        if block < earlier.len() {
            Block::pop_into(last, Some((&mut earlier[block], row)), self.dimensions);
        } else {
            let (end, codes) = (last.rows() - 1, dot::padded(self.dimensions));
            last.values.copy_within(end * self.dimensions.., row * self.dimensions);
            last.codes.copy_within(end * codes.., row * codes);
            last.scales.swap(row, end);
            last.rests.swap(row, end);
            Block::pop_into(last, None, self.dimensions);
        }
        if last.rows() == 0 {
            self.blocks.pop();
        }
        self.count -= 1;
        Ok(())
    }

    /// Vectors `first .. first + count` as they came, `[count, dimensions]`.
    pub fn rows(&self, first: usize, count: usize) -> Result<Vec<f32>> {
        if first.checked_add(count).is_none_or(|end| end > self.count) {
            return Err(Error::argument("count", format!("such that first + count is at most {}", self.count), count));
        }
        Ok((first..first + count).flat_map(|at| self.row(at)).copied().collect())
    }

    fn row(&self, at: usize) -> &[f32] {
        &self.blocks[at / ROWS].values[at % ROWS * self.dimensions..][..self.dimensions]
    }

    /// Refuses what is not whole rows of unit vectors.
    fn check(&self, argument: &str, rows: &[f32]) -> Result<()> {
        if !rows.len().is_multiple_of(self.dimensions) {
            let expected = format!("rows of {} values", self.dimensions);
            return Err(Error::shape(argument, expected, format!("{} values", rows.len())));
        }
        check_finite(argument, rows, false)?;
        for (i, row) in rows.chunks_exact(self.dimensions).enumerate() {
            let length = row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
            if (length - 1.0).abs() > MAX_DEVIATION {
                let actual = format!("a length of {length} in row {i}");
                return Err(Error::argument(argument, "unit vectors", actual));
            }
        }
        Ok(())
    }
}
