/** How close the results stand to their references: what the tests demand and the README states. */
export const AUDIO_TOLERANCES = {
  /** Largest difference of a decoded Vorbis or MP3 sample from libsndfile's; other formats are exact. */
  lossyDecoding: 4e-6,
  /** Largest difference of float64 resampling from torchaudio in float64: Hann, and Kaiser at torchaudio's own beta. */
  resampleFloat64: 1e-9,
  /**
   * The same for Kaiser with another beta, where torchaudio divides by a Bessel function in float32; relative to the
   * largest sample.
   */
  resampleFloat64OtherBeta: 6e-7,
  /** Largest difference of float32 resampling from torchaudio in float64, for samples in [-1, 1]. */
  resampleFloat32: 1e-6,
} as const
