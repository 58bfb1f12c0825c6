import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedDataOrSkip } from '@dsp/tensor/testing'
import { fetchModel } from '@dsp/whisper-npu'
import { describe, expect, it } from 'vitest'
import { dsp, scratch } from './helpers.js'

const work = scratch()
const model = await fetchModel('tiny.en').catch((error: Error) => {
  console.warn(`SKIPPED: dsp whisper with a model: ${error.message}`)
  return undefined
})
const whisper = (...args: string[]) => dsp(work.path, ['whisper', ...args])

describe('dsp whisper', () => {
  it.skipIf(model === undefined)('prints JSON of the documented fields and writes subtitles', async (context) => {
    const file = sharedDataOrSkip(context, 'speech/jfk.flac')
    const { code, stdout, stderr } = await whisper(file, '--json', '--srt', 'a.srt', '--vtt', 'a.vtt', '--threads', '1')
    expect(code).toBe(0)
    const object = JSON.parse(stdout)
    const fields = ['file', 'text', 'words', 'seconds', 'rtf', 'language', 'device', 'segments', 'skipped']
    expect(Object.keys(object)).toEqual(fields)
    expect(object).toMatchObject({ file, seconds: 11, language: 'en', skipped: [] })
    expect(object.device.features).toContain('emulator (the C kernel on this processor')
    expect(object.text).toContain('my fellow Americans')
    expect(stderr).toContain('real-time factor')
    expect(stderr).toContain(
      'features: emulator (the C kernel on this processor (no NPU), whisper, log2-int8; the C kernel on 4 threads',
    )
    expect(readFileSync(join(work.path, 'a.srt'), 'utf8')).toMatch(/^1\n00:00:00,\d{3} --> /)
    expect(readFileSync(join(work.path, 'a.vtt'), 'utf8')).toMatch(/^WEBVTT\n\n00:00:00\.\d{3} --> /)
  })

  it.skipIf(model === undefined)('says what it left out, and keeps it if asked', async (context) => {
    const file = sharedDataOrSkip(context, 'music/solo-trumpet.ogg')
    const { stdout, stderr } = await whisper(file, '--json', '--threads', '1')
    const { text, skipped, seconds } = JSON.parse(stdout)
    expect(text).toBe('')
    expect(skipped).toMatchObject([
      { start: 0, end: expect.closeTo(seconds, 2), reason: 'no-speech', text: expect.stringMatching(/./) },
    ])
    expect(stderr).toContain('; 5.3 s without speech left out')
    const kept = await whisper(file, '--keep-no-speech', '--threads', '1')
    expect(kept.stdout.trim()).toBe(skipped[0].text)
    expect(kept.stderr).not.toContain('left out')
  })

  it.skipIf(model === undefined)('says which language and task the model lacks', async () => {
    expect(await whisper('x.wav', '--language', 'de')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('tiny.en does not know the language de; it knows en'),
    })
    expect(await whisper('x.wav', '--task', 'translate')).toMatchObject({ code: 2 })
    expect(await whisper('none.wav')).toMatchObject({ code: 1, stderr: expect.stringContaining('none.wav') })
  })

  it('refuses wrong usage before it loads a model', async () => {
    const wrong = { code: 2 }
    expect(await whisper('a.wav', 'b.wav', '--srt', 'c.srt')).toMatchObject(wrong)
    expect(await whisper('a.wav', '--frontend', 'mel')).toMatchObject(wrong)
    expect(await whisper('a.wav', '--threads', '0')).toMatchObject(wrong)
    expect(await whisper()).toMatchObject(wrong)
    expect(existsSync(join(work.path, 'c.srt'))).toBe(false)
  })

  it('wants the files of an NPU with the NPU, and nowhere else', async () => {
    for (const [args, message] of [
      [['--device', 'xrt'], '--xclbin'],
      [['--device', 'xrt', '--xclbin', 'a.xclbin'], '--instructions'],
      [['--xclbin', 'a.xclbin'], '--device xrt'],
      [['--instructions', 'insts.bin'], '--device xrt'],
      [['--device', 'xrt', '--xclbin', 'a', '--instructions', 'b', '--frontend', 'float'], '--frontend q15'],
      [['--device', 'npu'], 'npu'],
    ] as const) {
      expect(await whisper('a.wav', ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) })
    }
  })

  it.skipIf(model === undefined || existsSync('/dev/accel'))(
    'says what an NPU lacks, and falls back to nothing',
    async () => {
      const { code, stdout, stderr } = await whisper('a.wav', '--device', 'xrt', '--xclbin', 'a', '--instructions', 'b')
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/there is no NPU to run on:\n- /)
    },
  )

  it('says what is wrong with a directory', async () => {
    const { code, stderr } = await whisper('a.wav', '--model', work.path)
    expect(code).toBe(1)
    expect(stderr).toContain('holds no Whisper model')
  })
})
