import { readFileSync, writeFileSync } from 'node:fs'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'
import { pictureOf } from './png.js'

const work = scratch()
writeFileSync(work.in('tone.wav'), wav([tone(2, 16000, 2000)]))
writeFileSync(work.in('silence.wav'), wav([new Float32Array(16000)]))

const kinds = ['fbank', 'mfcc', 'spectrogram', 'stft', 'resample'] as const

describe('dsp plot', () => {
  it.each(kinds)('draws %s', async (kind) => {
    const set = kind === 'resample' ? ['--set', 'targetRate=8000'] : []
    const args = [
      'plot',
      'tone.wav',
      '--kind',
      kind,
      ...set,
      '--out',
      `${kind}.png`,
      '--width',
      '1000',
      '--height',
      '600',
    ]
    const { code, stderr, stdout } = await dsp(work.path, [...args, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { shape, ...rest } = JSON.parse(stdout)
    expect(rest).toEqual({ file: 'tone.wav', kind, out: `${kind}.png`, width: 1000, height: 600 })
    expect(shape.length).toBe(kind === 'resample' ? 1 : 2)
    const picture = await pictureOf(readFileSync(work.in(`${kind}.png`)))
    expect([picture.width, picture.height]).toEqual([1000, 600])
    expect(picture.colours).toBeGreaterThan(kind === 'resample' ? 20 : 100)
  })

  it('puts a tone of 2 kHz at a quarter of the height of 8 kHz', async () => {
    const { code } = await dsp(work.path, ['plot', 'tone.wav', '--kind', 'stft', '--out', 'at.png'])
    expect(code).toBe(0)
    const { at, height } = await pictureOf(readFileSync(work.in('at.png')))
    const column = Array.from({ length: height }, (_, y) => at(800, y))
    // The heat panel is the only dark part of the column; the loudest row is the lightest one in it.
    const light = column.map(([r, g, b]) => r + g + b)
    const bottom = light.findLastIndex((sum) => sum < 200)
    const top = light.findIndex((sum) => sum < 200)
    const loudest = light.reduce((best, sum, y) => (y > top && y < bottom && sum > light[best]! ? y : best), top)
    expect((bottom - loudest) / (bottom - top)).toBeCloseTo(0.25, 1)
  })

  it.each(kinds.filter((kind) => kind !== 'resample'))('draws %s of a file that dsp features wrote', async (kind) => {
    await dsp(work.path, ['features', 'tone.wav', '--kind', kind, '--out', `${kind}.npz`])
    const { code, stderr } = await dsp(work.path, ['plot', `${kind}.npz`, '--kind', kind, '--out', 'file.png'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await pictureOf(readFileSync(work.in('file.png')))).colours).toBeGreaterThan(60)
  })

  it('draws silence and real speech', async (context) => {
    expect((await dsp(work.path, ['plot', 'silence.wav', '--kind', 'fbank', '--out', 'silence.png'])).code).toBe(0)
    const speech = sharedDataOrSkip(context, 'speech/jfk.flac')
    const args = ['plot', speech, '--kind', 'fbank', '--set', 'preset=sherpa-onnx', '--out', 'jfk.png']
    expect((await dsp(work.path, args)).code).toBe(0)
    expect((await pictureOf(readFileSync(work.in('jfk.png')))).colours).toBeGreaterThan(200)
  })

  it('rejects arrays that do not fit the kind', async () => {
    await dsp(work.path, ['features', 'tone.wav', '--kind', 'resample', '--set', 'targetRate=8000', '--out', 'v.npy'])
    const { code, stderr } = await dsp(work.path, ['plot', 'v.npy', '--kind', 'fbank', '--out', 'no.png'])
    expect(code).toBe(1)
    expect(stderr).toContain('[frames, bins]')
    expect(work.list()).not.toContain('no.png')
  })
})
