// One example through each bundler, @dsp/native left outside the bundle as docs/guide/bundlers.md says.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tool } from '../registry.mjs'

const ESBUILD = 'esbuild@0.25.12'
const VITE = 'vite@8.3.8'
const WEBPACK = 'webpack@5.113.0'

/** A folder with the packages that the bundled program imports, and the program. */
async function program(projects, label) {
  const { scope } = projects
  const folder = projects.empty(label, { type: 'module' })
  const [audio] = projects.examples(['mel-kaldi'])
  await projects.install(
    folder,
    ['mel-kaldi', 'audio', 'yin'].map((name) => projects.spec(`${scope}/${name}`)),
  )
  projects.furnish(folder, audio)
  const [yin] = projects.examples(['yin'])
  writeFileSync(join(folder, 'entry.mjs'), `${audio.code.replaceAll('console.log(frame)', 'frame.length')}\n`)
  writeFileSync(
    join(folder, 'yin.mjs'),
    `${yin.code}\nif (Math.abs(f0.data[20] - 220) > 1) throw new Error(\`220 Hz came out as \${f0.data[20]}\`)\n`,
  )
  writeFileSync(join(folder, 'main.mjs'), `import './entry.mjs'\nimport './yin.mjs'\nconsole.log('bundled and ran')\n`)
  return folder
}

/** Runs what a bundler wrote; the bundle must hold our code, or it would prove nothing. */
async function ran(session, folder, bundle) {
  const output = await session.run('node', [bundle], { cwd: folder })
  if (!output.includes('bundled and ran')) throw new Error(`${bundle} printed ${output}`)
}

async function esbuild({ projects, session, say }) {
  const home = await tool(session, ESBUILD)
  const folder = await program(projects, 'esbuild')
  const binary = join(home, `@esbuild/${process.platform}-${process.arch}/bin/esbuild`)
  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ]) {
    // CommonJS has no await at the top level, which the example of @dsp/mel-kaldi needs.
    const entry = format === 'esm' ? 'main.mjs' : 'yin.mjs'
    say(format)
    await session.run(
      binary,
      [
        entry,
        '--bundle',
        '--platform=node',
        `--format=${format}`,
        `--external:${projects.name('native')}`,
        `--outfile=out.${extension}`,
      ],
      { cwd: folder },
    )
    if (format === 'esm') await ran(session, folder, `out.${extension}`)
    else await session.run('node', [`out.${extension}`], { cwd: folder })
  }
  return 'as a module and as CommonJS'
}

/** The same package in a page: the core as WebAssembly instead of the binary, and nothing of Node's. */
async function browser({ projects, session }) {
  const home = await tool(session, ESBUILD)
  const folder = projects.empty('browser', { type: 'module' })
  const [yin] = projects.examples(['yin'])
  const names = ['yin', 'native-wasm32-wasi'].map((name) => projects.spec(projects.name(name)))
  await projects.install(folder, names)
  projects.furnish(folder, yin)
  const binary = join(home, `@esbuild/${process.platform}-${process.arch}/bin/esbuild`)
  const args = ['--bundle', '--platform=browser', '--format=esm', '--target=es2022', '--outfile=out.mjs']
  await session.run(binary, ['example.mjs', ...args], { cwd: folder })
  const bundle = readFileSync(join(folder, 'out.mjs'), 'utf8')
  if (!bundle.includes('dsp.wasm')) throw new Error('the bundle does not load dsp.wasm')
  const [needed] = /(?:from|import|require\()\s*["']node:\w+/.exec(bundle) ?? []
  if (needed !== undefined) throw new Error(`the bundle asks a browser for ${needed}`)
  return 'WebAssembly, nothing of Node.js'
}

async function vite({ projects, session }) {
  const home = await tool(session, VITE)
  const folder = await program(projects, 'vite')
  const native = projects.name('native')
  const build = { ssr: 'main.mjs', outDir: 'out', rollupOptions: { output: { entryFileNames: 'main.mjs' } } }
  // Left alone, Vite keeps every package outside an SSR bundle; `noExternal` is what a deployment without node_modules uses.
  for (const ssr of [{}, { noExternal: true, external: [native] }]) {
    const config = { build: { ...build, emptyOutDir: true }, ssr, logLevel: 'error' }
    writeFileSync(join(folder, 'vite.config.mjs'), `export default ${JSON.stringify(config)}\n`)
    await session.run('node', [join(home, 'vite/bin/vite.js'), 'build'], { cwd: folder })
    await ran(session, folder, 'out/main.mjs')
  }
  return 'SSR, packages outside and inside the bundle'
}

async function webpack({ projects, session }) {
  const home = await tool(session, WEBPACK)
  const folder = await program(projects, 'webpack')
  const native = projects.name('native')
  const url = pathToFileURL(join(home, 'webpack/lib/index.js')).href
  writeFileSync(
    join(folder, 'build.mjs'),
    `import webpack from '${url}'
const options = { mode: 'production', target: 'node20', entry: './main.mjs', context: process.cwd(),
  experiments: { outputModule: true }, output: { path: process.cwd() + '/out', filename: 'main.mjs', module: true, chunkFormat: 'module' },
  externals: { '${native}': 'node-commonjs ${native}' } }
webpack(options, (error, stats) => {
  if (error) throw error
  if (stats.hasErrors() || stats.hasWarnings()) { console.error(stats.toString()); process.exit(1) }
})
`,
  )
  await session.run('node', ['build.mjs'], { cwd: folder })
  await ran(session, folder, 'out/main.mjs')
  return 'a module for Node.js'
}

export default [
  { name: 'esbuild', inShort: true, run: esbuild },
  { name: 'esbuild-browser', run: browser },
  { name: 'vite-ssr', run: vite },
  { name: 'webpack', run: webpack },
]
