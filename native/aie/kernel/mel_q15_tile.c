/* The entry of a core tile: FRAMES_PER_CALL frames of one fifo element, with the bank of the generated header. */
#include "mel_q15.h"

#include "mel_filterbank_coeffs.h"

#ifndef FRAMES_PER_CALL
#define FRAMES_PER_CALL 8
#endif
#ifndef MEL_OUTPUT
#define MEL_OUTPUT MEL_Q15_LOG2_INT8
#endif

static const struct mel_q15_config config = MEL_FILTERBANK_CONFIG(MEL_OUTPUT);

/* out holds int16 where MEL_OUTPUT does. */
void mel_q15_tile(const int16_t *frames, int8_t *out);

void mel_q15_tile(const int16_t *frames, int8_t *out) {
  (void)mel_q15_run(&config, frames, out, FRAMES_PER_CALL);
}
