/**
 * The buffer of a memory that reaches as far as `end`. Where threads share it, another one may have made it longer, which an engine
 * may tell this one later: growing by nothing asks.
 */
export function bufferOf(memory, end = 0) {
  if (end > memory.buffer.byteLength) memory.grow(0)
  return memory.buffer
}
