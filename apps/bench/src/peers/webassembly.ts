import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { repositoryRoot } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { Absent, type Ready } from '../contestant.ts'
import { version } from '../version.ts'
import type { Context } from '../works/context.ts'
import { inProcess } from './in-process.ts'
import type * as work from './webassembly-work.ts'

const require = createRequire(import.meta.url)
const SOURCES = join(repositoryRoot(import.meta.dirname), 'apps/bench/src/peers')

/** Where the WebAssembly build is. */
export const DIST = resolve(require.resolve('@dsp/native-wasm32-wasi/package.json'), '../dist')

/** Name of one of the functions that are timed with the native binding, too. */
export type Name = keyof typeof work.FUNCTIONS

/** What is bundled is source, wherever this file itself runs. */
export const source = (name: string): string => join(SOURCES, name)

/** Throws {@link Absent} where there is no WebAssembly build, or none with threads. */
export function checkBuilt({ threads = false } = {}): void {
  const file = threads ? 'dsp-threads.wasm' : 'dsp.wasm'
  if (existsSync(join(DIST, file))) return
  throw new Absent(`there is no ${file}: npm run build:wasm -w native/wasm${threads ? ' -- --threads' : ''}`)
}

/** The WebAssembly build in this process. */
export async function inNode(context: Context, name: Name, samples: Float32Array): Promise<Ready> {
  checkBuilt()
  const binding = join(DIST, 'index.cjs')
  const outfile = join(context.folder, 'webassembly-node.cjs')
  const alias = { '@dsp/native': binding }
  await build({
    entryPoints: [source('webassembly-work.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias,
    external: [binding],
  })
  const { FUNCTIONS } = require(outfile) as typeof work
  const version_ = version('native-wasm32-wasi')
  return inProcess(
    version_,
    () => FUNCTIONS[name](samples),
    ({ data, shape }) => ({ data, shape }),
  )
}
