import { describe, expect, it } from 'vitest'
import { inspect } from '../src/index.js'

const stream = Uint8Array.from(
  new Uint8Array(Uint32Array.of(0x06030100, 0x0101, 2, 44, 0, 0, 0x0223_2000, 0, 0xffff_ffff, 24, 5).buffer),
)

describe('inspect', () => {
  it('gives typed results', () => {
    expect(inspect(stream)).toEqual({
      kind: 'txn',
      version: '0.1',
      generation: 3,
      rows: 6,
      columns: 1,
      memoryRows: 1,
      operations: [
        { operation: 'WRITE', column: 1, row: 2, offset: '0x32000', value: '0xffffffff' },
        { operation: 'NOOP' },
      ],
    })
  })

  it('refuses a file that is cut, and what is no file', () => {
    for (let length = 0; length < stream.length; length += 1) {
      expect(() => inspect(stream.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'ERR_DSP_FORMAT', argument: 'bytes' }),
      )
    }
    expect(() => inspect('x' as unknown as Uint8Array)).toThrowError(expect.objectContaining({ code: 'ERR_DSP_TYPE' }))
  })
})
