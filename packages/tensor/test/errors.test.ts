import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import * as source from '../src/index.js'

/** The two builds, as programs load them. */
const cjs = createRequire(import.meta.url)('@dsp/tensor') as typeof source
const esm = (await import(import.meta.resolve('@dsp/tensor'))) as typeof source

describe('DspError', () => {
  it('is an instance across builds', () => {
    const builds = [source, cjs, esm]
    expect(new Set(builds.map((build) => build.DspError)).size).toBe(3)
    for (const thrower of builds) {
      for (const catcher of builds) {
        const error = thrower.DspError.argument('n', 'at least 1', 0)
        expect(error instanceof catcher.DspError).toBe(true)
        // what another build threw is passed on as it is
        expect(catcher.fromNative(error)).toBe(error)
      }
    }
  })

  it('is no instance of anything else', () => {
    class Special extends source.DspError {}
    const error = source.DspError.argument('n', 'at least 1', 0)
    for (const other of [new Error('no'), null, undefined, 'DspError', { name: 'DspError', code: 'ERR_DSP_SHAPE' }]) {
      expect((other as object) instanceof source.DspError).toBe(false)
    }
    expect(error instanceof Special).toBe(false)
    const special = new Special('special', { code: 'ERR_DSP_SHAPE' })
    expect([special instanceof Special, special instanceof cjs.DspError]).toEqual([true, true])
    expect(Object.keys(error)).not.toContain('Symbol(@dsp/tensor/DspError)')
  })
})
