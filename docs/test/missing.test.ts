import { expect, test } from 'vitest'
import { build, executable, launch, Playground, remove, skip } from './browser.js'
import { serve } from './server.js'

if (executable === undefined) skip('the playground without the WebAssembly core', 'no Chromium')

test.skipIf(executable === undefined)(
  'without the WebAssembly core, the build and the page say so',
  async () => {
    const { folder, printed } = await build({ DSP_DOCS_WASM: 'off' })
    const site = await serve(folder)
    const browser = await launch(null)
    try {
      expect(printed).toContain('!!! The WebAssembly core is not built')
      const playground = new Playground(await browser.newPage())
      expect(await playground.goto(site.url)).toBe('failed')
      expect(await playground.problem()).toMatch(/built without the WebAssembly core/)
      expect(await playground.page.getByRole('button', { name: 'Use the microphone' }).isDisabled()).toBe(true)
      expect(playground.errors).toEqual([])
    } finally {
      await browser.close()
      await site.close()
      await remove(folder)
    }
  },
  300_000,
)
