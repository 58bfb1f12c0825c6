import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { golden, here } from './golden.js'

// the built package: a worker starts from a file that Node.js can run
const built: string = '../dist/index.js'
const { Recognizer } = (await import(built)) as typeof import('../src/index.js')

const clips = golden.clips.map((clip) => here(`../demo/${clip}`))
const load = (model = 'icefall-transducer') => Recognizer.load(here(`golden/${model}`), { worker: true })

describe('the networks in a worker thread', () => {
  it('give the same answers', async () => {
    const here_ = await Recognizer.load(here('golden/icefall-transducer'))
    const there = await load()
    const [expected, actual] = [await here_.transcribeBatch(clips), await there.transcribeBatch(clips)]
    expect(actual.map((t) => t.tokens)).toEqual(expected.map((t) => t.tokens))
    expect(there.model).toEqual(here_.model)
    const together = await Promise.all(clips.map((clip) => there.transcribe(clip)))
    expect(together.map((t) => t.text)).toEqual(expected.map((t) => t.text))
    await there.release()
  })

  it('report a broken model and audio as the same errors', async () => {
    await expect(load('missing')).rejects.toMatchObject({ name: 'DspError', code: 'ERR_DSP_MODEL' })
    const recognizer = await load()
    const silent = { samples: new Float32Array(3), sampleRate: 16000 }
    await expect(recognizer.transcribe(silent)).rejects.toMatchObject({ code: 'ERR_DSP_ARGUMENT' })
    await recognizer.release()
    await expect(recognizer.transcribe(clips[0]!)).rejects.toMatchObject({ name: 'DspError' })
  })

  it('can be aborted', async () => {
    const recognizer = await load('nemo-rnnt')
    const controller = new AbortController()
    const work = recognizer.transcribeBatch([...clips, ...clips], { signal: controller.signal })
    const failed = expect(work).rejects.toMatchObject({ code: 'ERR_DSP_ABORTED' })
    await wait(5)
    controller.abort()
    await failed
    expect((await recognizer.transcribe(clips[2]!)).tokens.length).toBeGreaterThan(0)
    await recognizer.release()
  })
})
