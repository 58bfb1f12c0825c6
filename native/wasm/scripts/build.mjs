// Builds the core for wasm32-wasip1, and its loaders for Node.js and browsers, into `dist`. Needs the Rust target:
// rustup target add wasm32-wasip1
import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const TARGET = 'wasm32-wasip1'
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const require = createRequire(import.meta.url)
const rust = join(root, '..')
const cargoTarget = process.env.CARGO_TARGET_DIR ?? join(rust, 'target')

const cargo = spawnSync('cargo', ['build', '--release', '--package', 'dsp-node', '--target', TARGET], {
  cwd: rust,
  stdio: 'inherit',
  env: {
    ...process.env,
    EMNAPI_LINK_DIR: join(dirname(require.resolve('emnapi/package.json')), 'lib', TARGET),
    // Relaxed SIMD stays off: its results depend on the processor.
    RUSTFLAGS: '-C target-feature=+simd128',
  },
})
if (cargo.status !== 0) {
  console.error(
    `the core was not built for ${TARGET}; where its standard library is missing: rustup target add ${TARGET}`,
  )
  process.exit(1)
}

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
copyFileSync(join(cargoTarget, TARGET, 'release', 'dsp_node.wasm'), join(dist, 'dsp.wasm'))

const common = { bundle: true, minify: true, legalComments: 'none', target: 'es2022', logLevel: 'warning' }
await build({
  ...common,
  entryPoints: [join(root, 'loader/node.cjs')],
  outfile: join(dist, 'index.cjs'),
  format: 'cjs',
  platform: 'node',
})
const names = Object.keys(require(join(dist, 'index.cjs'))).filter((name) => name !== 'default')
// Node.js finds the names that a module may import in the text of CommonJS.
appendFileSync(join(dist, 'index.cjs'), `0 && (module.exports = { ${names.join(', ')} })\n`)
await build({
  ...common,
  stdin: { contents: entry(names), resolveDir: join(root, 'loader') },
  outfile: join(dist, 'browser.js'),
  format: 'esm',
  platform: 'browser',
})
// Which binding was loaded is known to napi-rs's own loader only.
const types = readFileSync(join(rust, 'node/index.d.ts'), 'utf8').replace(
  /export declare const __napiBindingTarget.*\n/,
  '',
)
for (const name of ['index.d.ts', 'index.d.cts']) writeFileSync(join(dist, name), types)

/** An ECMAScript module names its exports in its text. */
function entry(names) {
  return `import binding from './browser.js'\nexport const { ${names.join(', ')} } = binding\n`
}
