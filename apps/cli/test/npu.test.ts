import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'

const work = scratch()
// Two operations: a register is written, and nothing is done.
const words = Uint32Array.of(0x06030100, 0x0101, 2, 44, 0, 0, 0x1d000, 0, 5, 24, 5)
writeFileSync(work.in('insts.bin'), new Uint8Array(words.buffer))
writeFileSync(work.in('cut.bin'), new Uint8Array(words.buffer, 0, 40))

describe('dsp npu', () => {
  it('reads an instruction stream', async () => {
    const { stdout } = await dsp(work.path, ['npu', 'inspect', 'insts.bin'])
    expect(stdout).toContain('2 operations')
    const json = await dsp(work.path, ['npu', 'inspect', 'insts.bin', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'txn',
      operations: [{ value: '0x5' }, { operation: 'NOOP' }],
    })
  })

  it.each([
    ['cut.bin', 'expected 44 bytes, as the header says, got 40'],
    ['nowhere.bin', 'nowhere.bin cannot be read'],
  ])('refuses %s', async (path, message) => {
    const { code, stderr } = await dsp(work.path, ['npu', 'inspect', path])
    expect(code).toBe(1)
    expect(stderr).toContain(message)
  })
})
