import { createRequire } from 'node:module'
import ts from 'typescript'
import { expect, it } from 'vitest'

const require = createRequire(import.meta.url)

// Programs that check the declarations of what they install (skipLibCheck: false) check those of the core as well.
it('the declarations of the core stand alone', () => {
  const file = require.resolve('@dsp/native').replace(/js$/, 'd.ts')
  const program = ts.createProgram([file], {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: false,
  })
  const found = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  expect(found).toEqual([])
}, 60_000)
