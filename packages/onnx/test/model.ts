/**
 * ONNX models written by hand, field by field of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), so
 * that the tests need neither Python nor files.
 */

/** Numbers of TensorProto.DataType. */
export const FLOAT = 1
export const INT32 = 6
export const INT64 = 7
export const STRING = 8
export const BOOL = 9
export const FLOAT16 = 10

const utf8 = new TextEncoder()

function varint(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}

/** A field: a number is a varint, anything else is text or a message. */
export function field(number: number, content: number | string | readonly number[]): number[] {
  if (typeof content === 'number') return [...varint(number << 3), ...varint(content)]
  const bytes = typeof content === 'string' ? [...utf8.encode(content)] : content
  return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes]
}

/** An input or output: name, element type, and lengths or names of its axes. */
export function value(name: string, type: number, shape: readonly (number | string)[]): number[] {
  const axes = shape.flatMap((axis) =>
    field(1, axis === '' ? [] : typeof axis === 'number' ? field(1, axis) : field(2, axis)),
  )
  return [...field(1, name), ...field(2, field(1, [...field(1, type), ...field(2, axes)]))]
}

/** An operator with its inputs and outputs, and its integer attributes. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number>> = {},
): number[] {
  const INT = 2
  return [
    ...inputs.flatMap((name) => field(1, name)),
    ...outputs.flatMap((name) => field(2, name)),
    ...field(4, operator),
    ...Object.entries(attributes).flatMap(([key, i]) =>
      field(5, [...field(1, key), ...field(3, i), ...field(20, INT)]),
    ),
  ]
}

/** One entry of the metadata. */
export function metadataEntry(key: string, text: string): number[] {
  return field(14, [...field(1, key), ...field(2, text)])
}

/** A whole model. */
export function model(
  nodes: readonly number[][],
  inputs: readonly number[][],
  outputs: readonly number[][],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = [
    ...nodes.flatMap((content) => field(1, content)),
    ...field(2, 'test'),
    ...inputs.flatMap((content) => field(11, content)),
    ...outputs.flatMap((content) => field(12, content)),
  ]
  return Uint8Array.from([
    ...field(1, 8),
    ...field(7, graph),
    ...field(8, [...field(1, ''), ...field(2, 13)]),
    ...Object.entries(metadata).flatMap(([key, text]) => metadataEntry(key, text)),
  ])
}

/** y = x + x, float32 [N, 3]. */
export const DOUBLE = model(
  [node('Add', ['x', 'x'], ['y'])],
  [value('x', FLOAT, ['N', 3])],
  [value('y', FLOAT, ['N', 3])],
  { sample_rate: '16000', comment: 'größer' },
)

/** Inputs and outputs of several types. */
export const MIXED = model(
  [
    node('Identity', ['lengths'], ['same']),
    node('Not', ['mask'], ['inverse']),
    node('Cast', ['ids'], ['half'], { to: FLOAT16 }),
    node('Cast', ['lengths'], ['text'], { to: STRING }),
  ],
  [value('lengths', INT64, ['N']), value('mask', BOOL, ['N', '']), value('ids', INT32, [2])],
  [
    value('same', INT64, ['N']),
    value('inverse', BOOL, ['N', '']),
    value('half', FLOAT16, [2]),
    value('text', STRING, ['N']),
  ],
)

/** y = x^(2^30) by 30 products of a square matrix: some work. */
export const POWER = model(
  Array.from({ length: 30 }, (_, i) => node('MatMul', [`x${i}`, `x${i}`], [`x${i + 1}`])),
  [value('x0', FLOAT, ['N', 'N'])],
  [value('x30', FLOAT, ['N', 'N'])],
)
