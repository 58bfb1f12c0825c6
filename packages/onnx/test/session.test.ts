import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type DspError, tensor } from '@dsp/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOUBLE, FLOAT16, field, MIXED, model, node, POWER, value } from './model.js'

// the built package: a worker starts from a file that Node.js can run
const built: string = '../dist/index.js'
const { integers, OnnxSession } = (await import(built)) as typeof import('../src/index.js')

let path: string
beforeAll(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dsp-onnx-')), 'double.onnx')
  writeFileSync(path, DOUBLE)
})
afterAll(() => rmSync(join(path, '..'), { recursive: true, force: true }))

const x = () => tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3])
const mixed = () => ({
  lengths: tensor(BigInt64Array.of(5n, 7n)),
  mask: tensor(Uint8Array.of(1, 0), [2, 1]),
  ids: tensor(Int32Array.of(3, 4)),
})
const NUMBERS = ['same', 'inverse', 'half']

async function refusal(work: Promise<unknown>): Promise<DspError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason as DspError,
  )
  expect(error).toMatchObject({ name: 'DspError' })
  return error!
}

describe.each([{ worker: false }, { worker: true }])('a session with %o', (options) => {
  const open = (source: Parameters<typeof OnnxSession.open>[0]) => OnnxSession.open(source, options)

  it('says what the model is', async () => {
    const session = await open(path)
    expect(session).toMatchObject({
      name: 'double.onnx',
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
    })
    expect(session.metadata.get('sample_rate')).toBe('16000')
    await session.close()
  })

  it('runs a model from a path, a URL and bytes', async () => {
    for (const source of [path, pathToFileURL(path), DOUBLE, DOUBLE.slice().buffer]) {
      const session = await open(source)
      const { y } = await session.run({ x: x() })
      expect(y).toEqual(tensor(Float32Array.of(2, 4, 6, 8, 10, 12), [2, 3]))
      await session.close()
    }
  })

  it('takes views, leaves its inputs alone and runs again on its outputs', async () => {
    const session = await open(DOUBLE)
    const large = tensor(
      Float32Array.from({ length: 3000 }, (_, i) => i),
      [3, 1000],
    )
    const view = large.lo(0, 998).transpose(1, 0)
    const { y } = await session.run({ x: view })
    expect(y!.data).toEqual(Float32Array.of(1996, 3996, 5996, 1998, 3998, 5998))
    expect(large.get(2, 999)).toBe(2999)
    expect((await session.run({ x: y! })).y!.get(0, 0)).toBe(3992)
    expect((await session.run({ x: tensor(new Float32Array(0), [0, 3]) })).y!.shape).toEqual([0, 3])
    await session.close()
  })

  it('takes and gives every type that a tensor stores', async () => {
    const session = await open(MIXED)
    const { same, inverse, half, text } = await session.run(mixed(), { outputs: NUMBERS })
    expect(same).toEqual(mixed().lengths)
    expect(inverse).toEqual(tensor(Uint8Array.of(0, 1), [2, 1]))
    expect(half).toEqual(tensor(Float32Array.of(3, 4)))
    expect(text).toBeUndefined()
    const bytes = { ...mixed(), mask: { data: Buffer.from([1, 0]), shape: [2, 1] } }
    expect((await session.run(bytes, { outputs: ['inverse'] })).inverse).toEqual(inverse)
    const error = await refusal(session.run(mixed()))
    expect(error).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'text' })
    expect(error.message).toMatch(/output text of the model cannot be read.*option outputs/)
    await session.close()
  })

  it.each([
    ['no inputs', undefined, 'ERR_DSP_ARGUMENT', 'inputs', 'tensors by name'],
    [
      'a missing one',
      { ids: undefined },
      'ERR_DSP_ARGUMENT',
      'inputs.ids',
      'is missing: the model takes lengths, mask, ids',
    ],
    ['an unknown one', { z: x() }, 'ERR_DSP_ARGUMENT', 'inputs.z', 'the model takes lengths, mask, ids'],
    ['no tensor', { ids: [3, 4] }, 'ERR_DSP_TYPE', 'inputs.ids', 'must be a tensor'],
    ['another type', { ids: mixed().lengths }, 'ERR_DSP_TYPE', 'inputs.ids', 'must be int32 for the model, got int64'],
    ['numbers for booleans', { mask: tensor(new Int8Array(2), [2, 1]) }, 'ERR_DSP_TYPE', 'inputs.mask', 'must be bool'],
    ['another length', { ids: tensor(new Int32Array(3)) }, 'ERR_DSP_SHAPE', 'inputs.ids', '[2] for the model, got [3]'],
    ['more axes', { ids: tensor(new Int32Array(2), [1, 2]) }, 'ERR_DSP_SHAPE', 'inputs.ids', 'got [1, 2]'],
    ['fewer axes', { mask: tensor(new Uint8Array(2)) }, 'ERR_DSP_SHAPE', 'inputs.mask', 'the shape [N, ?]'],
    [
      'a view outside its data',
      { ids: { data: new Int32Array(1), shape: [2] } },
      'ERR_DSP_SHAPE',
      'inputs.ids',
      'inside',
    ],
  ])('refuses %s by name', async (_, change, code, argument, part) => {
    const session = await open(MIXED)
    const inputs = change && { ...mixed(), ...change }
    const error = await refusal(session.run(inputs as never, { outputs: NUMBERS }))
    expect(error).toMatchObject({ code, argument })
    expect(error.message).toContain(part)
    await session.close()
  })

  it('refuses outputs that do not exist', async () => {
    const session = await open(MIXED)
    for (const outputs of [['other'], [], 'same', [5]]) {
      const error = await refusal(session.run(mixed(), { outputs: outputs as string[] }))
      expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'outputs' })
    }
    expect(Object.keys(await session.run(mixed(), { outputs: ['half', 'same', 'half'] }))).toEqual(['half', 'same'])
    await session.close()
  })

  it('reports what the model itself fails on', async () => {
    const session = await OnnxSession.open(POWER, { ...options, logSeverityLevel: 4 })
    const error = await refusal(session.run({ x0: tensor(new Float32Array(6), [2, 3]) }))
    expect(error).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'the model' })
    expect(error.message).toMatch(/failed on the inputs x0 \[2, 3\]/)
    await session.close()
  })

  it('reports files that are not models', async () => {
    const missing = await refusal(open('no/such/model.onnx'))
    expect(missing).toMatchObject({ code: 'ERR_DSP_MODEL', argument: 'no/such/model.onnx' })
    expect(await refusal(open(DOUBLE.subarray(0, 40)))).toMatchObject({ code: 'ERR_DSP_MODEL' })
    const broken = await refusal(open(Uint8Array.from(field(7, field(1, node('Nonsense', [], []))))))
    expect(broken.message).toMatch(/ONNX Runtime cannot load the model.*opset.*download it again/)
    expect(broken.code).toBe('ERR_DSP_MODEL')
    const f16 = await open(
      model([node('Identity', ['h'], ['y'])], [value('h', FLOAT16, [1])], [value('y', FLOAT16, [1])]),
    )
    const error = await refusal(f16.run({ h: tensor(new Float32Array(1)) }))
    expect(error).toMatchObject({ code: 'ERR_DSP_TYPE', argument: 'inputs.h' })
    expect(error.message).toContain('export the model with a float32')
    await f16.close()
  })

  it('is aborted by a signal, before and during a run, and runs on', async () => {
    const session = await open(POWER)
    const x0 = tensor(new Float32Array(300 * 300), [300, 300])
    const aborted = { code: 'ERR_DSP_ABORTED' }
    await expect(session.run({ x0 }, { signal: AbortSignal.abort() })).rejects.toMatchObject(aborted)
    expect(await refusal(session.run({ x0 }, { signal: 5 as never }))).toMatchObject({ argument: 'signal' })
    const controller = new AbortController()
    const runs = Array.from({ length: 5 }, () => session.run({ x0 }, { signal: controller.signal }))
    const failed = Promise.all(runs.map((run) => expect(run).rejects.toMatchObject(aborted)))
    controller.abort()
    await failed
    expect((await session.run({ x0 })).x30!.shape).toEqual([300, 300])
    await session.close()
  })

  it('closes once the runs that have begun are done', async () => {
    const session = await open(DOUBLE)
    const runs = Promise.all([session.run({ x: x() }), session.run({ x: x() })])
    const closing = session.close()
    const error = await refusal(session.run({ x: x() }))
    expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument: 'session' })
    expect((await runs).map(({ y }) => y!.get(1, 2))).toEqual([12, 12])
    await Promise.all([closing, session.close()])
  })
})

describe('a session in a worker', () => {
  it('leaves the calling thread free, and drops waiting runs that are aborted', async () => {
    const session = await OnnxSession.open(POWER, { worker: true, intraOpNumThreads: 1 })
    const x0 = tensor(new Float32Array(500 * 500), [500, 500])
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const begun = performance.now()
    await session.run({ x0 })
    const one = performance.now() - begun
    clearInterval(timer)
    expect(turns).toBeGreaterThan(3)
    const controllers = Array.from({ length: 40 }, () => new AbortController())
    const runs = Promise.allSettled(controllers.map(({ signal }) => session.run({ x0 }, { signal })))
    await wait(one / 2)
    for (const controller of controllers) controller.abort()
    expect((await runs).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(30)
    const after = performance.now()
    await session.run({ x0 })
    // the run that had begun and this one, not the others that waited
    expect(performance.now() - after).toBeLessThan(20 * one)
    await session.close()
  })
})

describe('options', () => {
  it('are ONNX Runtime’s', async () => {
    const session = await OnnxSession.open(DOUBLE, {
      intraOpNumThreads: 1,
      interOpNumThreads: 2,
      executionMode: 'parallel',
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    })
    expect((await session.run({ x: x() })).y!.get(0, 0)).toBe(2)
    await session.close()
  })

  it('are checked', async () => {
    const open = (options: object) => refusal(OnnxSession.open(DOUBLE, options))
    expect(await open({ threads: 2 })).toMatchObject({ code: 'ERR_DSP_OPTION', argument: 'threads' })
    expect(await open({ intraOpNumThreads: -1 })).toMatchObject({ argument: 'intraOpNumThreads' })
    expect(await open({ graphOptimizationLevel: 'most' })).toMatchObject({ argument: 'graphOptimizationLevel' })
    expect(await refusal(OnnxSession.open(5 as never))).toMatchObject({ argument: 'model' })
  })
})

describe('integers', () => {
  const info = (type: string) => ({ name: 'n', type, shape: [] })

  it('have the type of the input', () => {
    expect(integers([1, -2], [2], info('int32'))).toEqual(tensor(Int32Array.of(1, -2)))
    expect(integers([1, -2], [1, 2], info('int64'))).toEqual(tensor(BigInt64Array.of(1n, -2n), [1, 2]))
  })

  it('must be whole and fit', () => {
    for (const [wrong, type] of [
      [1.5, 'int64'],
      [Number.NaN, 'int32'],
      [2 ** 31, 'int32'],
      [2 ** 60, 'int64'],
    ] as const) {
      expect(() => integers([wrong], [1], info(type))).toThrow(/values must be whole numbers/)
    }
    expect(() => integers([1], [2], info('int64'))).toThrow(/shape/)
  })
})
