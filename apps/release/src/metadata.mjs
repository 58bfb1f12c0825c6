// Where the packages' source is, by the one place that says so, `repository` in the root's package.json:
//   npm run release:metadata -- --repository https://github.com/OWNER/NAME   sets it there and in every public package
//   npm run release:metadata                                                 writes every public package by it again
//   npm run release:metadata -- --check                                      looks whether they agree, and that it is set
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { publicPackages, readJson, writeJson } from './packages.mjs'
import { runProgram } from './program.mjs'

/** The address of a web page from any form of `repository` that npm knows; undefined where there is none. */
export function address(repository) {
  const text = (typeof repository === 'string' ? repository : repository?.url)?.trim()
  if (!text) return undefined
  const [, host, path] = /^(?:git\+)?(?:https:\/\/|ssh:\/\/git@|git@)([^/:]+)[/:](.+?)(?:\.git)?\/?$/.exec(text) ?? []
  if (host === undefined) throw new Error(`"${text}" is not the https or ssh address of a repository`)
  return `https://${host}/${path}`
}

/** The fields of a package that lies in `folder` of the repository. */
export const fields = (url, folder) => ({
  repository: { type: 'git', url: `git+${url}.git`, directory: folder },
  homepage: `${url}/tree/HEAD/${folder}#readme`,
  bugs: { url: `${url}/issues` },
})

/** A manifest with these fields where they belong, before its licence. */
export function withFields(manifest, added) {
  const { repository: _r, homepage: _h, bugs: _b, ...rest } = manifest
  const entries = Object.entries(rest)
  const at = entries.findIndex(([key]) => key === 'license')
  return Object.fromEntries(entries.toSpliced(at, 0, ...Object.entries(added)))
}

/** What is wrong with the fields of the public packages, in words; without an address in the root there is nothing. */
export function problems(root) {
  const url = address(readJson(join(root, 'package.json')).repository)
  if (url === undefined) return []
  return publicPackages(root).flatMap(({ folder, manifest }) =>
    Object.entries(fields(url, folder))
      .filter(([key, value]) => JSON.stringify(manifest[key]) !== JSON.stringify(value))
      .map(
        ([key]) => `${manifest.name}: ${key} is not what the root's package.json says; run npm run release:metadata`,
      ),
  )
}

export function write(root, repository) {
  const path = join(root, 'package.json')
  if (repository !== undefined) {
    const url = `git+${address(repository)}.git`
    writeJson(path, withFields(readJson(path), { repository: { type: 'git', url } }))
  }
  const url = address(readJson(path).repository)
  if (url === undefined) throw new Error('package.json names no repository: give its address with --repository URL')
  for (const { folder, manifest } of publicPackages(root))
    writeJson(join(root, folder, 'package.json'), withFields(manifest, fields(url, folder)))
  return url
}

function main() {
  const { values } = parseArgs({ options: { repository: { type: 'string' }, check: { type: 'boolean' } } })
  if (!values.check) return console.log(`the packages' source is at ${write('.', values.repository)}`)
  const found = problems('.')
  if (readJson('package.json').repository === undefined)
    found.push('package.json names no repository: npm run release:metadata -- --repository URL sets it')
  for (const problem of found) console.error(problem)
  process.exitCode = found.length > 0 ? 1 : 0
}

runProgram(import.meta.url, main)
