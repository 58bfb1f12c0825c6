// `npm run release:version`: the next versions by the changesets, and everything else that carries them: npm's lock
// file, the Rust crates and their lock file, and the Python module.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the version of @dsp/native is written down besides its package.json: a file, and what stands before it. */
export const PLACES = [
  ['native/Cargo.toml', /(\[workspace\.package\]\nversion = ")[^"]+/],
  ['native/python/pyproject.toml', /(\[project\]\nname = "[^"]+"\nversion = ")[^"]+/],
  ['native/python/python/auralis_dsp/__init__.py', /(^__version__ = ")[^"]+/m],
]

/** `text` with the version that follows `before` replaced; an error where there is none, so that no place is missed. */
export function withVersion(text, before, version, path) {
  if (!before.test(text)) throw new Error(`${path} does not say its version where it used to`)
  return text.replace(before, `$1${version}`)
}

/** Cargo's lock file with another version of the crates that are ours, which have no source. No cargo is needed for it. */
export const withCrates = (lock, version) =>
  lock.replaceAll(/(\[\[package\]\]\nname = "[^"]+"\nversion = ")[^"]+("\n(?!source))/g, `$1${version}$2`)

function main() {
  const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit' })
  const edit = (path, change) => writeFileSync(path, change(readFileSync(path, 'utf8')))
  run('npx', '--no-install', 'changeset', 'version')
  const { version } = JSON.parse(readFileSync('native/node/package.json', 'utf8'))
  for (const [path, before] of PLACES) edit(path, (text) => withVersion(text, before, version, path))
  edit('native/Cargo.lock', (lock) => withCrates(lock, version))
  run('npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
  run('node', '.ci/complete-lock.mjs')
  // The binding says its version, and its loader compares the two.
  if (!process.argv.includes('--no-build')) run('npm', 'run', 'build', '--workspace', 'native/node')
  console.log(`@dsp/native, the crates and auralis-dsp are at ${version}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
