/* Mel features of 16-bit audio in fixed point: the NPU's kernel, in portable C11.
 *
 * One frame: 400 samples -> Hann window -> real DFT of 400 or 512 points, in block floating point -> magnitude or power ->
 * triangular filters -> a linear or logarithmic code for each filter. No heap, no floating point, no division.
 * README.md beside this folder gives the number format and the error bound of every stage.
 */
#ifndef MEL_Q15_H
#define MEL_Q15_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Samples per frame. */
#define MEL_Q15_FRAME 400
/* A bank has at most so many filters. */
#define MEL_Q15_MAX_FILTERS 256

/* What the filters weigh. */
#define MEL_Q15_MAGNITUDE 0
#define MEL_Q15_POWER 1

/* Output formats. LINEAR_INT8 is for compatibility with the first kernel only: quiet frames are all zeros in it.
 * log2 is that of the magnitude (for power: of its square root) in units of the sum of the int16 samples' DFT. */
#define MEL_Q15_LINEAR_INT8 0 /* int8: round(magnitude * linear_gain / 2^24), 0 to 127 */
#define MEL_Q15_LOG2_INT8 1   /* int8: round(6 * log2 - lowest / 2^16), 0 to 127 */
#define MEL_Q15_LOG2_INT16 2  /* int16: round(256 * log2); -32768 for no energy at all */

/* lowest is at most so far from 0: 64 octaves. */
#define MEL_Q15_MAX_LOWEST (64 * 6 * 65536)

/* The linear gain of the first kernel: 127 for full scale after nine halvings. */
#define MEL_Q15_FIRST_GAIN 127

/* What mel_q15_run answers. */
#define MEL_Q15_OK 0
#define MEL_Q15_BAD_CONFIG (-1)    /* see mel_q15_check */
#define MEL_Q15_BAD_ALIGNMENT (-2) /* an int16 buffer at an odd address, or no buffer */
#define MEL_Q15_BAD_COUNT (-3)     /* a negative number of frames */

/* The tables of a transform, one of the two below. Each has an object of its own: a program carries what it names. */
struct mel_q15_transform;
extern const struct mel_q15_transform mel_q15_transform_400;
extern const struct mel_q15_transform mel_q15_transform_512;

/* The filter weighs bins start_bin to end_bin - 1; bin start_bin + i by coefficients[offset + i] / 2^(15 + shift). */
struct mel_q15_filter {
  uint16_t start_bin;
  uint16_t peak_bin;
  uint16_t end_bin;
  uint16_t left_width;  /* peak_bin - start_bin */
  uint16_t right_width; /* end_bin - peak_bin */
  uint16_t offset;
};

struct mel_q15_config {
  const struct mel_q15_transform *transform;
  const struct mel_q15_filter *filters;
  const int16_t *coefficients;
  const uint8_t *shifts; /* one for each filter, at most 31 */
  uint16_t filter_count;
  uint16_t coefficient_count;
  uint16_t linear_gain; /* only LINEAR_INT8 reads it */
  uint8_t spectrum;     /* MEL_Q15_MAGNITUDE or MEL_Q15_POWER */
  uint8_t output;       /* MEL_Q15_LINEAR_INT8, MEL_Q15_LOG2_INT8 or MEL_Q15_LOG2_INT16 */
  int32_t lowest;       /* only LOG2_INT8 reads it: code 0 in steps of a sixth of an octave, with 16 fractional bits */
};

/* MEL_Q15_OK, or MEL_Q15_BAD_CONFIG where a pointer is null, a number out of range, a filter's bins or coefficients lie
 * outside the spectrum or the pool, or a coefficient is negative. mel_q15_run does not check them again. */
int mel_q15_check(const struct mel_q15_config *config);

/* Computes count frames. frames: count x 400 int16, one after the other, as the DMA lays them out (frames that overlap in
 * the audio are copied). out: count x filter_count codes, int8 or int16 as the output format says. */
int mel_q15_run(const struct mel_q15_config *config, const int16_t *frames, void *out, int32_t count);

/* The AIE2's vector form gives the same codes by matrix products. Its filters are packed once, 16 side by side: returns the number
 * of int16 that they take, or 0 where they are more than capacity (4608 is enough for the generator's banks). */
int32_t mel_q15_pack(const struct mel_q15_config *config, int16_t *packed, int32_t capacity);
int mel_q15_run_aie2(const struct mel_q15_config *config, const int16_t *packed, const int16_t *frames, void *out,
                     int32_t count);

#ifdef __cplusplus
}
#endif
#endif
