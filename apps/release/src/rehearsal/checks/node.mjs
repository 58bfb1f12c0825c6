// Each package alone in a fresh folder, and its README's example run by Node.js as a module and as CommonJS.
import { join } from 'node:path'
import { tool } from '../registry.mjs'

/** Node.js of a major version, from npm. */
async function node(session, spec) {
  const [, version] = spec.split('@')
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  return join(await tool(session, `${name}@${version}`), name, 'bin/node')
}

async function runAll({ projects, session, say, short }, program, extension) {
  const items = projects.examples(short ? SHORT : undefined).filter(({ only }) => only !== 'types')
  const ran = items.filter(({ commonJs }) => !commonJs || extension === 'cjs')
  for (const item of ran) {
    say(item.name)
    const folder = await projects.project(item)
    await session.run(program, [`example.${extension}`], { cwd: folder })
  }
  return `${ran.length} packages`
}

/** The core as WebAssembly, whose loader refuses another version than its own. */
async function wasm({ projects, session }) {
  const folder = projects.empty('wasm')
  const names = ['native', 'native-wasm32-wasi'].map((short) => projects.name(short))
  await projects.install(
    folder,
    names.map((name) => projects.spec(name)),
  )
  projects.furnish(folder, projects.examples(['native'])[0])
  await session.run(process.execPath, ['example.cjs'], { cwd: folder, env: { DSP_NATIVE: 'wasi' } })
}

/** Those that a short rehearsal tries: all that differ in how they are packed. */
const SHORT = ['native', 'tensor', 'audio', 'yin', 'mel-kaldi']
const OTHER = 'node@22.23.3'

export default [
  { name: 'node-esm', inShort: true, run: (context) => runAll(context, process.execPath, 'mjs') },
  { name: 'node-cjs', inShort: true, run: (context) => runAll(context, process.execPath, 'cjs') },
  { name: 'node22-esm', run: async (context) => runAll(context, await node(context.session, OTHER), 'mjs') },
  { name: 'node22-cjs', run: async (context) => runAll(context, await node(context.session, OTHER), 'cjs') },
  { name: 'node-wasm', run: wasm },
]
