import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeAudioSync, writeWav } from '@dsp/audio'
import { extract, type FeatureKind, type FeatureOptions } from '@dsp/features'
import { hpss } from '@dsp/hpss'
import { tensor } from '@dsp/tensor'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { choices } from '../.vitepress/playground/choices.js'
import { build, launch, obstacle, Playground, remove, skip } from './browser.js'
import { type Site, serve } from './server.js'

const why = obstacle()
if (why !== null) skip('the playground in a browser', why)

/** What the page may weigh before a sound is opened. */
const MAX_TRANSFER = 2e6
/** WebAssembly and native code round differently in the last bits. */
const TOLERANCE = 1e-4

const speech = fileURLToPath(new URL('../../apps/asr/demo/pittsburgh.wav', import.meta.url))
const TONE = 440

describe.skipIf(why !== null)('the playground', () => {
  let site: Site
  let browser: Browser
  let folder = ''
  let playground: Playground

  beforeAll(async () => {
    folder = (await build()).folder
    site = await serve(folder)
    const samples = Float32Array.from({ length: 48000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * TONE * i) / 48000))
    writeFileSync(
      join(folder, 'tone.wav'),
      writeWav({ samples: tensor(samples), sampleRate: 48000 }, { encoding: 'int16' }),
    )
    browser = await launch(join(folder, 'tone.wav'))
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    await remove(folder)
  })
  beforeEach(async () => {
    site.sent.length = 0
    playground = new Playground(await browser.newPage({ viewport: { width: 1280, height: 900 } }))
  })
  afterEach(async () => {
    await playground.page.close()
  })

  test('loads less than 2 MB, from its own host, without isolation and generated code', async () => {
    expect(await playground.goto(site.url)).toBe('ready')
    const bytes = site.sent.reduce((sum, file) => sum + file.bytes, 0)
    console.log(`the playground transfers ${bytes} bytes`)
    expect(bytes).toBeGreaterThan(500_000)
    expect(bytes).toBeLessThan(MAX_TRANSFER)
    expect(await playground.page.evaluate(() => crossOriginIsolated)).toBe(false)
    await playground.open(speech)
    await playground.done()
    expect(playground.requests.filter((url) => !url.startsWith(site.url) && !url.startsWith('blob:'))).toEqual([])
    expect(playground.errors).toEqual([])
  })

  test('draws every feature with as many columns as the packages give, and the code for it', async () => {
    await playground.goto(site.url)
    await playground.open(speech)
    const audio = decodeAudioSync(speech, { mono: true })
    for (const { kind, rates, start, oneShot } of choices) {
      const columns = await playground.choose(kind)
      expect(await playground.page.locator('pre').textContent()).toContain(`${oneShot}(audio`)
      if (kind === 'hpss-harmonic') {
        expect(columns).toHaveLength(2)
        continue
      }
      const sound = decodeAudioSync(speech, { mono: true, sampleRate: rates[0]! })
      const options = Object.fromEntries(Object.entries(start).map(([name, text]) => [name, JSON.parse(text)]))
      const { values, orientation } = extract(kind as FeatureKind, sound, options as FeatureOptions)
      expect(columns).toEqual([values.shape[orientation.indexOf('frames' as never)]])
    }
    expect(audio.sampleRate).toBe(16000)
    expect(playground.errors).toEqual([])
  })

  test('takes options from the mouse and the keyboard, and explains those that are wrong', async () => {
    await playground.goto(site.url)
    await playground.open(speech)
    await playground.done()
    await playground.choose('fbank')
    const code = playground.page.locator('pre')
    await playground.page.getByLabel('preset').selectOption('lhotse')
    await playground.page.waitForFunction(() => document.querySelector('pre')?.textContent?.includes("'lhotse'"))
    const slider = playground.page.getByRole('slider', { name: 'frameShift' })
    await slider.focus()
    await playground.page.keyboard.press('End')
    await playground.page.waitForFunction(() => document.querySelector('pre')?.textContent?.includes('frameShift: 40'))
    const [columns] = await playground.done()
    expect(columns).toBeLessThan(150)
    await playground.page.getByLabel('numMelBins', { exact: true }).fill('many')
    await playground.page.keyboard.press('Tab')
    expect(await playground.problem()).toMatch(/numMelBins.*whole number/)
    expect(await playground.page.locator('.option.wrong label').textContent()).toBe('numMelBins')
    await playground.page.getByRole('button', { name: 'Reset numMelBins' }).click()
    await playground.page.waitForFunction(() => !document.querySelector('[role=alert]'))
    expect(await code.textContent()).not.toContain('numMelBins')
    await playground.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await playground.page.getByRole('button', { name: 'Copy' }).click()
    await playground.page.getByText('Copied').waitFor()
    expect(await playground.page.evaluate(() => navigator.clipboard.readText())).toBe(await code.textContent())
  })

  test('plays the parts that HPSS gives, and times it', async () => {
    await playground.page.addInitScript(() => {
      const played: Float32Array[] = []
      Object.assign(globalThis, { played })
      const { start } = AudioBufferSourceNode.prototype
      AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, ...when: number[]) {
        played.push(this.buffer!.getChannelData(0).slice())
        start.apply(this, when as [number])
      }
    })
    await playground.goto(site.url)
    await playground.open(speech)
    await playground.choose('hpss-harmonic')
    const expected = hpss(decodeAudioSync(speech, { mono: true, sampleRate: 22050 }))
    for (const [i, part] of (['harmonic', 'percussive'] as const).entries()) {
      await playground.page.getByRole('button', { name: `Play the ${part} part` }).click()
      await playground.page.waitForFunction(
        (at) => (globalThis as never as { played: unknown[] }).played.length > at,
        i,
      )
      await playground.page.getByRole('button', { name: 'Stop', exact: true }).waitFor()
      const heard = await playground.page.evaluate(
        (at) => Array.from((globalThis as never as { played: Float32Array[] }).played[at]!),
        i,
      )
      const { data } = expected[part]
      expect(heard.length).toBe(data.length)
      let furthest = 0
      for (let s = 0; s < heard.length; s++) furthest = Math.max(furthest, Math.abs(heard[s]! - data[s]!))
      expect(furthest).toBeLessThan(TOLERANCE)
    }
    await playground.page.getByRole('button', { name: 'Time it' }).click()
    expect(await playground.page.locator('.timed').textContent()).toMatch(
      /hpss of 5\.4 s: [\d.,]+ ms per second of sound/,
    )
  })

  test('draws what the microphone hears as it comes', async () => {
    await playground.goto(site.url)
    await playground.page.selectOption('#playground-kind', 'yin')
    await playground.page.getByRole('button', { name: 'Use the microphone' }).click()
    const more = (than: number) =>
      playground.page.waitForFunction(
        (count) => Number(document.querySelector<HTMLElement>('.playground')!.dataset.columns) > count,
        than,
      )
    await more(10)
    await more(40)
    await playground.page.getByRole('button', { name: 'Stop recording' }).click()
    const [columns] = await playground.done()
    expect(columns).toBeGreaterThan(40)
    // The cursor reads the pitch in the middle.
    await playground.page.locator('.overlay').focus()
    for (let i = 0; i < 30; i++) await playground.page.keyboard.press('ArrowRight')
    const read = (await playground.page.locator('figcaption').textContent())!
    expect(Math.abs(Number(/([\d.]+) Hz/.exec(read)![1]) - TONE)).toBeLessThan(3)
    // What was recorded is computed again by another feature.
    expect((await playground.choose('chroma-stft'))[0]).toBeGreaterThan(40)
    expect(playground.errors).toEqual([])
  })

  test('says that the microphone was refused', async () => {
    const strict = await launch(null)
    try {
      const refused = new Playground(await strict.newPage())
      await refused.goto(site.url)
      await refused.page.getByRole('button', { name: 'Use the microphone' }).click()
      expect(await refused.problem()).toMatch(/^The microphone was refused\. Allow it/)
      await refused.open(speech)
      expect((await refused.done())[0]).toBeGreaterThan(100)
      expect(refused.errors).toEqual([])
    } finally {
      await strict.close()
    }
  })

  test('refuses a file of 2 GB that is dropped, by its size alone', async () => {
    const huge = join(folder, 'huge.wav')
    writeFileSync(huge, '')
    truncateSync(huge, 2e9)
    await playground.goto(site.url)
    await playground.page.evaluate(() => {
      const read = () => {
        throw new Error('the file was read')
      }
      Object.assign(Blob.prototype, { arrayBuffer: read, stream: read, slice: read })
      const input = document.createElement('input')
      input.type = 'file'
      input.id = 'outside'
      document.body.append(input)
    })
    await playground.page.setInputFiles('#outside', huge)
    await playground.page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add((document.querySelector('#outside') as HTMLInputElement).files![0]!)
      const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      document.querySelector('.playground')!.dispatchEvent(event)
    })
    expect(await playground.problem()).toMatch(/^huge\.wav has 2\.0 GB: files up to 200 MB/)
    expect(playground.errors).toEqual([])
  })

  test('says that a file is no sound, or empty', async () => {
    await playground.goto(site.url)
    await playground.open({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no sound at all '.repeat(99)),
    })
    expect(await playground.problem()).toMatch(/^notes\.txt is not sound that can be decoded/)
    await playground.open({ name: 'empty.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0) })
    await playground.page.waitForFunction(() =>
      /empty\.wav is empty/.test(document.querySelector('[role=alert]')?.textContent ?? ''),
    )
    await playground.open(speech)
    expect((await playground.done())[0]).toBeGreaterThan(100)
    expect(playground.errors).toEqual([])
  })

  test('has the browser decode what @dsp/audio does not, and says so', async () => {
    await playground.goto(site.url)
    const webm = await playground.page.evaluate(async () => {
      const context = new AudioContext()
      const tone = new OscillatorNode(context)
      const target = context.createMediaStreamDestination()
      tone.connect(target)
      tone.start()
      const recorder = new MediaRecorder(target.stream, { mimeType: 'audio/webm;codecs=opus' })
      const pieces: Blob[] = []
      recorder.ondataavailable = ({ data }) => pieces.push(data)
      recorder.start()
      await new Promise((resolve) => setTimeout(resolve, 600))
      await new Promise((resolve) => {
        recorder.onstop = resolve
        recorder.stop()
      })
      return Array.from(new Uint8Array(await new Blob(pieces).arrayBuffer()))
    })
    await playground.open({ name: 'tone.webm', mimeType: 'audio/webm', buffer: Buffer.from(webm) })
    expect((await playground.done())[0]).toBeGreaterThan(20)
    const note = await playground.page.locator('.message').first().textContent()
    expect(note).toMatch(/tone\.webm was decoded by the browser \(AudioContext\.decodeAudioData\)/)
  })

  test('tells what a file lacks that was cut short', async () => {
    await playground.goto(site.url)
    await playground.open({ name: 'cut.wav', mimeType: 'audio/wav', buffer: readFileSync(speech).subarray(0, 100_044) })
    expect((await playground.done())[0]).toBeGreaterThan(300)
    expect(await playground.page.locator('.message').textContent()).toMatch(/is cut short: it lacks \d+ of the samples/)
  })

  test('can be cancelled', async () => {
    const long = join(folder, 'long.wav')
    const samples = Float32Array.from({ length: 180 * 16000 }, (_, i) => Math.sin(i * i * 1e-7))
    writeFileSync(long, writeWav({ samples: tensor(samples), sampleRate: 16000 }, { encoding: 'int16' }))
    await playground.goto(site.url)
    await playground.page.selectOption('#playground-kind', 'hpss-harmonic')
    const cancel = async () => {
      await playground.page.getByRole('button', { name: 'Cancel' }).click()
      // The word may still be there from the time before.
      await playground.page.waitForFunction(() => {
        const { state } = document.querySelector<HTMLElement>('.playground')!.dataset
        return state === 'idle' && /cancelled/.test(document.querySelector('.status')?.textContent ?? '')
      })
    }
    await playground.open(long)
    // At once, and in the middle.
    await cancel()
    await playground.page.getByLabel('nFft', { exact: true }).fill('1024')
    await playground.page.keyboard.press('Tab')
    await playground.page.waitForFunction(() => {
      const { columns } = document.querySelector<HTMLElement>('.playground')!.dataset
      return Number(columns!.split(',')[0]) > 100
    })
    await cancel()
    expect((await playground.columns())[0]).toBeLessThan((180 * 22050) / 512)
    // It goes on with something else.
    expect((await playground.choose('mel'))[0]).toBe(1 + Math.floor((180 * 22050) / 512))
  })

  test.each([
    ['mel', 'nMels', '1000000000'],
    ['mel', 'nFft', '1000000000'],
    ['fbank', 'frameShift', '1e-9'],
    ['hpss-harmonic', 'kernelSize', '1000000000'],
    ['whisper', 'chunkLength', '100000'],
  ])('survives %s with %s of %s', async (kind, name, value) => {
    await playground.goto(site.url)
    await playground.open(speech)
    await playground.choose(kind)
    const field = playground.page.getByLabel(name, { exact: true })
    await field.fill(value)
    await playground.page.keyboard.press('Tab')
    await playground.page.waitForFunction(() => {
      const { state } = document.querySelector<HTMLElement>('.playground')!.dataset
      return state === 'idle' && document.querySelector('[role=alert]') !== null
    })
    expect(await playground.problem()).not.toMatch(/reload|unreachable|allocation/)
    await playground.page.getByRole('button', { name: `Reset ${name}` }).click()
    await playground.page.waitForFunction(() => !document.querySelector('[role=alert]'))
    expect((await playground.done())[0]).toBeGreaterThan(100)
    expect(playground.errors).toEqual([])
  })

  test('says that the core cannot be loaded', async () => {
    await playground.page.route('**/*.wasm', (route) =>
      route.fulfill({ status: 200, contentType: 'application/wasm', body: 'no' }),
    )
    expect(await playground.goto(site.url)).toBe('failed')
    expect(await playground.problem()).toMatch(/^The WebAssembly core cannot be used: /)
  })

  test.each([390, 1280])('fits a screen of %i pixels, in light and in dark', async (width) => {
    await playground.page.setViewportSize({ width, height: 844 })
    await playground.goto(site.url)
    await playground.open(speech)
    await playground.choose('fbank')
    for (const colorScheme of ['light', 'dark'] as const) {
      await playground.page.emulateMedia({ colorScheme })
      await playground.page.waitForFunction(
        (isDark) => document.documentElement.classList.contains('dark') === isDark,
        colorScheme === 'dark',
      )
      const overflow = await playground.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      const shots = process.env.DSP_SHOTS
      if (shots !== undefined)
        await playground.page.screenshot({ path: `${shots}/${width}-${colorScheme}.png`, fullPage: true })
    }
  })

  test('names everything that can be used', async () => {
    await playground.goto(site.url)
    await playground.open(speech)
    await playground.choose('mfcc')
    await playground.page.locator('summary').click()
    const nameless = await playground.page.evaluate(() => {
      const named = (element: Element) =>
        (element as HTMLInputElement).labels?.length ||
        element.getAttribute('aria-label') ||
        element.textContent?.trim()
      return [...document.querySelectorAll('.playground :is(button, input, select, [tabindex])')]
        .filter((element) => !named(element))
        .map((element) => element.outerHTML)
    })
    expect(nameless).toEqual([])
  })
})
