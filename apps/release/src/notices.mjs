// `npm run release:notices`: writes native/node/THIRD-PARTY.md and native/python/THIRD-PARTY.md, the licences of every
// crate that is compiled into the binaries, on any platform, with their texts from the crates' own sources.
// `--check` looks whether they are what native/Cargo.lock makes them.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OUTPUTS = [
  ['dsp-node', 'native/node/THIRD-PARTY.md'],
  ['dsp-python', 'native/python/THIRD-PARTY.md'],
]

/** Licences that allow what we do with them. Any other must be looked at by a person first. */
const ACCEPTED = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Zlib',
  'Unlicense',
  'Unicode-3.0',
  'MPL-2.0',
]

/** The licences of an SPDX expression that we take: of `A OR B` the first that is accepted, of `A AND B` both. */
export function taken(expression) {
  const parts = expression.replaceAll('/', ' OR ').split(/\s+AND\s+(?![^(]*\))/)
  return parts.map((part) => {
    const choices = part
      .replace(/[()]/g, '')
      .split(/\s+OR\s+/)
      .map((name) => name.trim())
    // The shortest text first, as ACCEPTED lists them.
    const best = ACCEPTED.find((name) => choices.includes(name))
    if (best === undefined)
      throw new Error(`"${expression}" has no licence that is accepted in apps/release/src/notices.mjs`)
    return best
  })
}

/** The crates that are compiled into `root`: its dependencies and theirs, without those that only run in the compiler. */
export function linked(metadata, root) {
  const packages = new Map(metadata.packages.map((entry) => [entry.id, entry]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const isMacro = (id) => packages.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))
  const found = new Set()
  const visit = (id) => {
    if (found.has(id) || isMacro(id)) return
    found.add(id)
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) if (kinds.some(({ kind }) => kind === null)) visit(pkg)
  }
  visit(metadata.packages.find(({ name, source }) => name === root && source === null).id)
  const named = [...found].map((id) => packages.get(id)).filter(({ source }) => source !== null)
  return named.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
}

const FILES = {
  MIT: /^licen[cs]e[-_.]?(mit)?(\.\w+)?$/i,
  'Apache-2.0': /^licen[cs]e[-_.]?apache/i,
  'Unicode-3.0': /^licen[cs]e[-_.]?unicode/i,
}

/** The text of a crate's licence as its source holds it, or the licence's own text where the source forgot it. */
function text(crate, licence) {
  const folder = dirname(crate.manifest_path)
  const files = readdirSync(folder).sort((a, b) => b.length - a.length)
  const file = files.find((name) => (FILES[licence] ?? /^(licen[cs]e|copying)/i).test(name))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()
  if (licence !== 'MIT') throw new Error(`${crate.name} ${crate.version} comes without the text of ${licence}`)
  const holders = crate.authors.map((author) => author.replace(/\s*<.*>/, '')).join(', ') || `The ${crate.name} authors`
  return readFileSync('LICENSE-MIT', 'utf8')
    .trim()
    .replace(/^Copyright .*$/m, `Copyright (c) ${holders}`)
}

/** The file of notices: which crates, then every text once with the crates that it is for. */
export function notices(crates, textOf = text) {
  const texts = new Map()
  const rows = crates.map((crate) => {
    const licences = taken(crate.license)
    for (const licence of licences) {
      const body = textOf(crate, licence)
      const key = body.replace(/\s+/g, ' ')
      const known = texts.get(key) ?? { licence, body, names: [] }
      known.names.push(crate.name)
      texts.set(key, known)
    }
    const source = crate.repository ?? `https://crates.io/crates/${crate.name}`
    return `| [${crate.name}](${source.replace(/\.git$/, '')}) | ${crate.version} | ${licences.join(' and ')} |`
  })
  const ordered = [...texts.values()].sort((a, b) => (a.licence + a.names[0] < b.licence + b.names[0] ? -1 : 1))
  const sections = ordered.map(
    ({ licence, body, names }) => `## ${licence}: ${names.join(', ')}\n\n\`\`\`\n${body}\n\`\`\`\n`,
  )
  return `# Third-party code in the binary

The compiled binary links these libraries from crates.io, unmodified, each under the licence named here; which of them
depends on the platform. The source of those under MPL-2.0 is where their link leads, and on crates.io in the same version. The Rust
standard library, which is linked as well, is under MIT or Apache-2.0. Written by \`npm run release:notices\`.

| library | version | licence |
|---|---|---|
${rows.join('\n')}

${sections.join('\n')}`
}

function main() {
  const args = ['metadata', '--manifest-path', 'native/Cargo.toml', '--format-version', '1', '--locked']
  const metadata = JSON.parse(
    execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  for (const [crate, path] of OUTPUTS) {
    const crates = linked(metadata, crate)
    const wanted = notices(crates)
    if (!process.argv.includes('--check')) writeFileSync(path, wanted)
    else if (readFileSync(path, 'utf8') !== wanted) {
      console.error(`${path} does not tell what native/Cargo.lock holds; run npm run release:notices`)
      process.exitCode = 1
      continue
    }
    console.log(`${path}: ${crates.length} libraries`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
