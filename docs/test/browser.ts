import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { hasWasm } from '../.vitepress/wasm.js'

const PATHS = [process.env.DSP_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Chromium, where it is. */
export const executable = PATHS.find((path): path is string => path !== undefined && existsSync(path))

/** Why pages cannot be tested here; null if they can. */
export function obstacle(): string | null {
  if (executable === undefined) return `no Chromium: not one of ${PATHS.filter(Boolean).join(', ')} exists`
  return hasWasm() ? null : '@dsp/native is not built for WebAssembly'
}

/** Says loudly that tests are skipped. */
export function skip(what: string, why: string): void {
  console.warn(`!!! SKIPPED: ${what}: ${why}`)
}

/**
 * Builds the page of the playground alone.
 * @param env - What differs from this process' environment.
 * @returns The folder of the site, and what the build printed.
 */
export async function build(env: Readonly<Record<string, string>> = {}): Promise<{ folder: string; printed: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'dsp-playground-'))
  const vitepress = fileURLToPath(new URL('../../node_modules/vitepress/bin/vitepress.js', import.meta.url))
  const docs = fileURLToPath(new URL('..', import.meta.url))
  const { NODE_ENV: _, VITEST: __, ...own } = process.env
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [vitepress, 'build', docs, '--outDir', folder],
    { env: { ...own, DSP_DOCS_ONLY: 'playground.md', ...env }, cwd: docs },
  )
  return { folder, printed: stdout + stderr }
}

export const remove = (folder: string) => rm(folder, { recursive: true, force: true })

/**
 * Starts Chromium, which finds no host but this one.
 * @param microphone - A WAV file that the microphone gives; null for one that is refused.
 */
export function launch(microphone: string | null): Promise<Browser> {
  return chromium.launch({
    executablePath: executable!,
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      ...(microphone === null
        ? ['--deny-permission-prompts']
        : ['--use-fake-ui-for-media-stream', `--use-file-for-fake-audio-capture=${microphone}`]),
    ],
  })
}

/** The playground on a page, with the words that a test needs. */
export class Playground {
  /** Errors that nobody caught, and errors of the console. */
  readonly errors: string[] = []
  /** Everything that the page asked for. */
  readonly requests: string[] = []

  constructor(readonly page: Page) {
    // The tests of other packages may keep the machine busy.
    page.setDefaultTimeout(90_000)
    page.on('pageerror', ({ message }) => this.errors.push(message))
    page.on('console', (entry) => {
      if (entry.type() === 'error' && !entry.location().url.endsWith('/favicon.ico')) this.errors.push(entry.text())
    })
    page.on('request', (request) => this.requests.push(request.url()))
  }

  get root() {
    return this.page.locator('.playground')
  }

  /** Opens the page, and waits until it can compute, or cannot. */
  async goto(url: string): Promise<string> {
    await this.page.goto(`${url}/playground`)
    await this.page.waitForSelector('.playground:not([data-phase=loading])')
    return (await this.root.getAttribute('data-phase'))!
  }

  async open(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.setInputFiles('.playground input[type=file]', file)
  }

  /** Waits until all columns of a sound have come, and counts them. */
  async done(): Promise<number[]> {
    await this.page.waitForFunction(() => {
      const { dataset } = document.querySelector<HTMLElement>('.playground')!
      return dataset.state === 'idle' && dataset.columns !== '' && !/^0(,0)*$/.test(dataset.columns!)
    })
    return this.columns()
  }

  async columns(): Promise<number[]> {
    return ((await this.root.getAttribute('data-columns')) ?? '').split(',').map(Number)
  }

  /** Chooses a feature, and waits until it is drawn. */
  async choose(kind: string): Promise<number[]> {
    await this.page.selectOption('#playground-kind', kind)
    // The change is taken up a moment later.
    await this.page.waitForFunction(
      (word) => document.querySelector('.playground pre')?.textContent?.includes(word),
      {
        whisper: 'whisperLogMel',
        'chroma-stft': 'chromaStft',
        'hpss-harmonic': 'hpss',
        mel: 'melspectrogram',
      }[kind] ?? kind,
    )
    return this.done()
  }

  /** What is wrong, in the page's words. */
  async problem(): Promise<string> {
    const alert = this.page.locator('.playground [role=alert]')
    await alert.waitFor()
    return (await alert.textContent())!.trim()
  }
}
