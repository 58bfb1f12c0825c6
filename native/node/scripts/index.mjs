// Writes index.js: what ./load.js must know, and the exports. The requires are literal for the sake of bundlers, and inside `try`,
// so that they may be missing. ES modules have an entry of their own, which requires the other: Node.js 20 ends the process
// when CommonJS that is imported throws, even if the import is caught.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { folder, manifest, targets } from './targets.mjs'

const { load } = createRequire(import.meta.url)('../load.js')
const attempt = (name) => `() => {
  try {
    checkLength(require.resolve('${name}'))
    return { binding: require('${name}') }
  } catch (error) {
    return { error }
  }
}`
const missing = () => ({ error: new Error('not built') })
const platforms = Object.fromEntries(targets.map(({ name }) => [name, missing]))
const names = Object.keys(load({ version: manifest.version, platforms, wasi: missing })).sort()

writeFileSync(
  `${folder}index.js`,
  `// Written by scripts/index.mjs.
const { checkLength, load } = require('./load.js')

const platforms = {}
${targets.map((target) => `platforms['${target.name}'] = ${attempt(target.package)}\n`).join('')}
const wasi = ${attempt(`${manifest.name}-wasm32-wasi`)}

const binding = load({ version: '${manifest.version}', platforms, wasi })
${names.map((name) => `module.exports.${name} = binding.${name}\n`).join('')}`,
)
writeFileSync(
  `${folder}index.mjs`,
  `// Written by scripts/index.mjs.
import { createRequire } from 'node:module'

const binding = createRequire(import.meta.url)('./index.js')
${names.map((name) => `export const ${name} = binding.${name}\n`).join('')}`,
)
writeFileSync(`${folder}index.d.mts`, "export * from './index.js'\n")
