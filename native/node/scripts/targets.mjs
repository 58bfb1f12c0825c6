// What the manifests say: the platforms that have a package (`napi.targets`), and the packages of the repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const folder = fileURLToPath(new URL('..', import.meta.url))
export const manifest = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'))

const SYSTEMS = { linux: 'linux', darwin: 'darwin', windows: 'win32' }
const CPUS = { x86_64: 'x64', aarch64: 'arm64' }

/** Each target with the name, os, cpu and libc of its package, as napi-rs names them. */
export const targets = manifest.napi.targets.map((triple) => {
  const [cpu, , system, abi] = triple.split('-')
  const os = SYSTEMS[system]
  const name = [os, CPUS[cpu], abi].filter((part) => part !== undefined).join('-')
  const libc = os === 'linux' ? { libc: [abi === 'gnu' ? 'glibc' : abi] } : {}
  return { triple, name, package: `${manifest.name}-${name}`, os: [os], cpu: [CPUS[cpu]], ...libc }
})

/** The manifests of all packages that are published, @dsp/native's first. */
export function publicPackages() {
  const root = join(folder, '..', '..')
  const within = (parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name))
  return [folder, ...['native', 'packages', 'apps'].flatMap(within).filter((dir) => !folder.startsWith(dir))]
    .map((dir) => join(dir, 'package.json'))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')))
    .filter((candidate) => candidate.private !== true)
}
