import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tensor } from '@dsp/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OnnxGraph, OnnxSession } from '../src/index.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dsp-onnx-graph-'))
  // weights at an odd offset: what precedes them belongs to another format
  writeFileSync(join(folder, 'weights.bin'), Uint8Array.of(9, 9, 9, ...floats(1, 2, 3, 4, 5, 6)))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const x = () => tensor(Float32Array.of(1, 10), [1, 2])

function product(length = 24): Uint8Array {
  const graph = new OnnxGraph('product')
  graph.input('x', 'float32', ['N', 2])
  const weights = graph.external('w', 'float32', [3, 2], { file: 'weights.bin', offset: 3, length })
  const y = graph.add('MatMul', ['x', graph.add('Transpose', [weights], { perm: [1, 0] })])
  graph.output(y, 'y', 'float32', ['N', 3])
  return graph.bytes()
}

describe('a graph that is written in memory', () => {
  it('takes its weights from a file of another format', async () => {
    const session = await OnnxSession.open(product(), { externalDataFolder: folder })
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['N', 2] }])
    const { y } = await session.run({ x: x() })
    expect(y).toEqual(tensor(Float32Array.of(21, 43, 65), [1, 3]))
    await session.close()
  })

  it('is an error where the file is missing, or too short for a weight', async () => {
    const expected = { name: 'DspError', code: 'ERR_DSP_MODEL' }
    await expect(OnnxSession.open(product(), { externalDataFolder: tmpdir() })).rejects.toMatchObject(expected)
    writeFileSync(join(folder, 'short.bin'), floats(1, 2))
    await expect(OnnxSession.open(product(28), { externalDataFolder: folder })).rejects.toMatchObject(expected)
  })

  it('has integer, float and list attributes, negative numbers included', async () => {
    const graph = new OnnxGraph('attributes')
    graph.input('x', 'float32', [1, 2])
    const [a, b] = graph.addMany('Split', ['x', graph.constant(BigInt64Array.of(1n, 1n))], 2, { axis: -1 })
    const leaky = graph.add('LeakyRelu', [graph.add('Sub', [a!, b!])], { alpha: { float: 0.5 } })
    graph.output(graph.add('Concat', [leaky, b!], { axis: -1 }), 'y', 'float32', [1, 2])
    const session = await OnnxSession.open(graph.bytes())
    expect((await session.run({ x: x() })).y!.data).toEqual(Float32Array.of(-4.5, 10))
    await session.close()
  })

  it('refuses places that are none', () => {
    const graph = new OnnxGraph('bad')
    const place = { file: 'w.bin', offset: 0, length: 4 }
    const add = (change: object) => () => graph.external('w', 'float32', [1], { ...place, ...change })
    expect(add({ file: '../w.bin' })).toThrow(expect.objectContaining({ argument: 'data.file' }))
    expect(add({ offset: -1 })).toThrow(expect.objectContaining({ argument: 'data.offset' }))
    expect(add({ length: Number.NaN })).toThrow(expect.objectContaining({ argument: 'data.length' }))
  })
})
