//! Float32 arithmetic for the tables. Kaldi, kaldi-native-fbank and torchaudio (even when it is fed float64 samples)
//! compute filter banks and the cosine transform in float32; a triangle that holds one bin near its foot shows it.
//! So these tables are computed here in float32 as well, with correctly rounded functions.

pub fn sin(x: f32) -> f32 {
    f64::from(x).sin() as f32
}

pub fn cos(x: f32) -> f32 {
    f64::from(x).cos() as f32
}
