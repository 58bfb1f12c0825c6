/** The part of the protocol buffers encoding that writing an ONNX model takes (https://protobuf.dev/programming-guides/encoding/). */

const utf8 = new TextEncoder()

/** A field: a number is a varint, text and messages are preceded by their length. */
export function field(number: number, content: number | string | Uint8Array): Uint8Array {
  if (typeof content === 'number') return Uint8Array.from([...varint(number << 3), ...varint(content)])
  const bytes = typeof content === 'string' ? utf8.encode(content) : content
  return message(Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes)
}

/** A field of 32 bits: a float. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(4))
  bytes.setFloat32(0, value, true)
  return message(Uint8Array.from(varint((number << 3) | 5)), new Uint8Array(bytes.buffer))
}

/** Fields one after the other. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const bytes of fields) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}

/** A negative number is written in ten bytes, as the 64-bit number that it is modulo 2^64. */
function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)]
    bytes.push(Number(rest & 127n) | 128)
  }
}
