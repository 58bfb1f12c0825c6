// `npm run rename-scope NEW`: gives every package another scope, in manifests, lock files, sources, tests and docs.
// The scope is also what the project calls itself, so the name alone ("the @dsp packages") changes with it.
import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from './packages.mjs'
import { runProgram } from './program.mjs'

/** The scope of the packages in a checkout: the one place that is asked is the manifest of the native core. */
export const scopeOf = (root) => readJson(join(root, 'native/node/package.json')).name.split('/')[0]

/** A scope as npm takes it, with its @; an error where npm would refuse it. */
export function asScope(text) {
  const scope = text?.startsWith('@') ? text : `@${text ?? ''}`
  if (!/^@[a-z0-9~-][a-z0-9._~-]*$/.test(scope) || scope.length > 200)
    throw new Error(
      `"${text ?? ''}" is not a scope: lower-case letters, digits, - and _, as in npm run rename-scope my-dsp`,
    )
  return scope
}

/** `text` with another scope; names that only begin with the old one are others'. */
export function renamed(text, from, to) {
  const escaped = from.replace(/[.~]/g, '\\$&')
  return text.replaceAll(new RegExp(`(?<![\\w.])${escaped}(?![\\w~-]|\\.\\w)`, 'g'), () => to)
}

/** Renames everything that git tracks in `root` and returns the files that changed. */
export function renameScope(root, to) {
  const from = scopeOf(root)
  if (from === to) throw new Error(`the scope is ${to} already`)
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (git('status', '--porcelain', '--untracked-files=no').trim() !== '')
    throw new Error('there are changes that are not committed; commit or stash them, so that this one can be undone')
  return git('ls-files', '-z')
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)) && lstatSync(join(root, path)).isFile())
    .filter((path) => {
      const bytes = readFileSync(join(root, path))
      if (!bytes.includes(from) || bytes.includes(0)) return false
      const text = bytes.toString('utf8')
      const next = renamed(text, from, to)
      if (next !== text) writeFileSync(join(root, path), next)
      return next !== text
    })
}

/** Brings what is sorted by name into its order again: npm's lock file, and imports. */
export function sortAgain(root, files) {
  const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  run('npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error')
  run('node', '.ci/complete-lock.mjs')
  const sources = files.filter((path) => /\.(m?[jt]s|json)$/.test(path) && path !== 'package-lock.json')
  run('npx', '--no-install', 'biome', 'check', '--write', '--no-errors-on-unmatched', ...sources)
}

function main() {
  const to = asScope(process.argv[2])
  const files = renameScope('.', to)
  sortAgain('.', files)
  console.log(`${files.length} files say ${to}. Now: npm install && npm run build && npm test`)
}

runProgram(import.meta.url, main)
