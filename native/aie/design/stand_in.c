/* A stand-in for the mel kernel, to test designs alone: every output depends on all samples of its frame and on nothing else.
 * Compile with FRAMES_PER_CALL, FILTERS and OUTPUT (int8_t or int16_t) defined. */
#include <stdint.h>

void mel_q15_tile(const int16_t *frames, int8_t *out);

void mel_q15_tile(const int16_t *frames, int8_t *out) {
  OUTPUT *values = (OUTPUT *)(void *)out;
  for (int i = 0; i < FRAMES_PER_CALL; i++) {
    uint32_t sum = 0;
    for (int j = 0; j < 400; j++) sum = sum * 31u + (uint16_t)frames[i * 400 + j];
    for (uint32_t j = 0; j < FILTERS; j++) values[i * FILTERS + (int)j] = (OUTPUT)((sum + j) * 2654435761u >> 16);
  }
}
