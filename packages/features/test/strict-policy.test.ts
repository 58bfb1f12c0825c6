import { existsSync } from 'node:fs'
import { PAGE_SCRIPT, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const hasChromium = existsSync(CHROMIUM)
if (!hasChromium)
  console.warn(`SKIPPED: there is no Chromium at ${CHROMIUM}: apt install chromium, or set DSP_CHROMIUM`)

// The page's own script, since what a debugger evaluates is exempt from the policy.
const script = `
  import { readNpy, tensor, writeNpy } from '@dsp/tensor'
  const violations = []
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => violations.push(blockedURI))
  const square = tensor(Float32Array.of(1, 2, 3, 4), [2, 2])
  const deep = tensor(new Float64Array(24).fill(5), [2, 3, 4])
  const read = readNpy(writeNpy(square.transpose(1, 0)))
  const seen = [square.get(1, 0), deep.pick(1, null, 2).shape, [...read.data]]
  // Violations are reported in a later task.
  setTimeout(() => {
    const result = document.createElement('pre')
    result.textContent = JSON.stringify({ seen, violations })
    document.body.append(result)
  }, 100)
`

describe.skipIf(!hasChromium)('in a page whose policy forbids generated code, tensors work', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())

  it.each<[string, Record<string, string>, string[]]>([
    ['with one violation', {}, ['eval']],
    ['without one where ndarray has the alias', { ndarray: '@dsp/tensor/ndarray' }, []],
  ])('%s', async (_, alias, violations) => {
    const { outputFiles, metafile } = await build({
      ...PAGE_SCRIPT,
      stdin: { contents: script, resolveDir: import.meta.dirname },
      metafile: true,
      alias,
    })
    const inputs = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules/ndarray/'))
    expect(inputs).toHaveLength(violations.length)
    const html = '<!doctype html><title>test</title><script type="module" src="page.js"></script>'
    const files = { '/page.js': outputFiles[0]!.contents, '/page.html': new TextEncoder().encode(html) }
    const server = await serve(files, { policy: "script-src 'self'" })
    const page = await browser.newPage()
    try {
      await page.goto(`${server.url}page.html`)
      const result = await page.locator('pre').textContent()
      expect(JSON.parse(result!)).toEqual({ seen: [3, [3], [1, 3, 2, 4]], violations })
    } finally {
      await page.close()
      server.close()
    }
  })
})
