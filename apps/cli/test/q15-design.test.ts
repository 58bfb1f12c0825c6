import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { aieDesign } from '@dsp/mel-q15'
import { repositoryRoot } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'

const work = scratch()
const run = (...args: string[]) => dsp(work.path, ['q15', 'design', ...args])

describe('dsp q15 design', () => {
  it('writes the design and prints its budget', async () => {
    const { code, stdout, stderr } = await run('--frames', '3000', '--out', 'design.mlir')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readFileSync(work.in('design.mlir'), 'utf8')).toBe(aieDesign().text)
    expect(stdout).toMatch(/^npu1: 3000 frames \(3008 with padding\) to int8, 4 x 4 cores, 8 frames a call\n/)
    expect(stdout).toMatch(/^shim {4}descriptors {2,}2 of 16$/m)
    expect(stdout).toMatch(/\ndesign\.mlir written\n$/)
  })

  it('prints what the guide shows', async () => {
    const { stdout } = await run()
    expect(readFileSync(join(repositoryRoot(), 'docs/guide/npu-design.md'), 'utf8')).toContain(
      `\`\`\`\n${stdout}\`\`\``,
    )
  })

  it('takes every option of the function', async () => {
    const { code, stdout } = await run(
      ...['--device', 'npu2', '--columns', '8', '--cores', '2', '--frames', '900', '--frames-per-call', '4'],
      ...[
        '--filters',
        '40',
        '--hop',
        '200',
        '--output',
        'int16',
        '--stack',
        '4096',
        '--constants',
        '4000',
        '--allocation',
        'bank-aware',
      ],
      ...['--kernel', 'mel', '--object', 'mel.o', '--mlir-aie', '2026-early', '--json'],
    )
    expect(code).toBe(0)
    const { options, plan, budget, coreMemory } = aieDesign({
      ...{ device: 'npu2', columns: 8, coresPerColumn: 2, frames: 900, framesPerCall: 4, filters: 40, hopLength: 200 },
      ...{
        output: 'int16',
        stackSize: 4096,
        constantBytes: 4000,
        allocation: 'bank-aware',
        kernel: 'mel',
        object: 'mel.o',
        mlirAie: '2026-early',
      },
    })
    expect(JSON.parse(stdout)).toEqual({ file: null, options, plan, budget, coreMemory })
  })

  it('prints nothing but the design where it goes to standard output', async () => {
    const { code, stdout, stderr } = await run('--columns', '1', '--cores', '1', '--out', '-')
    expect(code).toBe(0)
    expect(stdout).toBe(aieDesign({ columns: 1, coresPerColumn: 1 }).text)
    expect(stderr).toContain('1 x 1 cores')
  })

  it.each([
    [['--columns', '5'], 'dsp: --columns must be at most 4 on npu1, got 5\n'],
    [['--stack', '65536'], /^dsp: --stack \(65536\) is out of budget: core tile, /],
    [['--frames-per-call', '21'], /^dsp: --frames-per-call \(21\) is out of budget: core tile, data memory/],
    [['--frames', '100000'], /^dsp: --frames \(100000\) is out of budget: shim tile, descriptors: \d+ of 16\n$/],
    [['--device', 'npu3'], /Allowed choices are npu1, npu2/],
  ])('refuses %o', async (args, message) => {
    const { code, stderr } = await run(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })

  it('says where it cannot write', async () => {
    const { code, stderr } = await run('--out', 'nowhere/design.mlir')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no such folder') })
  })
})
