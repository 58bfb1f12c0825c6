// Builds the core for wasm32-wasip1, and its loaders for Node.js and browsers, into `dist`; with `--threads`, also the core with threads.
// Needs the Rust targets: rustup target add wasm32-wasip1 wasm32-wasip1-threads
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { replaceWaits } from './waits.mjs'

const root = join(import.meta.dirname, '..')
const loader = join(root, 'loader')
const dist = join(root, 'dist')
const require = createRequire(import.meta.url)
const rust = join(root, '..')
const cargoTarget = process.env.CARGO_TARGET_DIR ?? join(rust, 'target')

/** Builds the core and returns its bytes. */
function core(target, ...options) {
  const cargo = spawnSync('cargo', ['build', '--release', '--package', 'dsp-node', '--target', target, ...options], {
    cwd: rust,
    stdio: 'inherit',
    env: {
      ...process.env,
      EMNAPI_LINK_DIR: join(dirname(require.resolve('emnapi/package.json')), 'lib', target),
      // Relaxed SIMD stays off: its results depend on the processor.
      RUSTFLAGS: '-C target-feature=+simd128',
    },
  })
  if (cargo.status !== 0) {
    console.error(
      `the core was not built for ${target}; where its standard library is missing: rustup target add ${target}`,
    )
    process.exit(1)
  }
  return readFileSync(join(cargoTarget, target, 'release', 'dsp_node.wasm'))
}

const single = core('wasm32-wasip1')
rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
writeFileSync(join(dist, 'dsp.wasm'), single)

const common = { bundle: true, minify: true, legalComments: 'none', target: 'es2022', logLevel: 'warning' }
const node = { ...common, format: 'cjs', platform: 'node' }
const browser = { ...common, format: 'esm', platform: 'browser' }
await build({ ...node, entryPoints: [join(loader, 'node.cjs')], outfile: join(dist, 'index.cjs') })
const names = Object.keys(require(join(dist, 'index.cjs'))).filter((name) => name !== 'default')
name('index.cjs', names)
await build({ ...browser, stdin: entry('./browser.js'), outfile: join(dist, 'browser.js') })
// Which binding was loaded is known to napi-rs's own loader only.
const types = readFileSync(join(rust, 'node/index.d.ts'), 'utf8').replace(
  /export declare const __napiBindingTarget.*\n/,
  '',
)
for (const name of ['index.d.ts', 'index.d.cts']) writeFileSync(join(dist, name), types)

await build({ ...browser, stdin: entry('./threads.js', 'threads'), outfile: join(dist, 'threads.js') })
await build({ ...browser, entryPoints: [join(loader, 'threads-worker.js')], outfile: join(dist, 'threads-worker.js') })
await build({ ...node, entryPoints: [join(loader, 'threads.cjs')], outfile: join(dist, 'threads.cjs') })
name('threads.cjs', [...names, 'threads'])
const own = '/** How many threads compute. */\nexport declare const threads: number\n'
writeFileSync(join(dist, 'threads.d.ts'), `export * from './index.js'\n${own}`)
writeFileSync(join(dist, 'threads.d.cts'), `export * from './index.cjs'\n${own}`)
if (process.argv.includes('--threads')) {
  const threaded = core('wasm32-wasip1-threads', '--features', 'threads')
  if (replaceWaits(threaded) === 0) throw new Error('the core with threads never waits')
  writeFileSync(join(dist, 'dsp-threads.wasm'), threaded)
}

/** Adds the names that a module may import, which Node.js finds in the text of CommonJS. */
function name(file, names) {
  appendFileSync(join(dist, file), `0 && (module.exports = { ${names.join(', ')} })\n`)
}

/** An ECMAScript module names its exports in its text: those of the core, and `own` ones of the loader. */
function entry(path, ...own) {
  const again = own.length > 0 ? `export { ${own.join(', ')} } from '${path}'\n` : ''
  const contents = `import binding from '${path}'\nexport const { ${names.join(', ')} } = binding\n${again}`
  return { contents, resolveDir: loader }
}
