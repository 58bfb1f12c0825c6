// npm leaves optional packages of other platforms out of package-lock.json when it cannot see them (npm/cli#4828), and
// `npm ci` then refuses the file. This adds an entry for each: its version from the package that names it, its
// platform from its name. Run it after `npm install` has changed the lock file; `--check` only looks.
import { readFileSync, writeFileSync } from 'node:fs'

const SYSTEMS = {
  windows: 'win32',
  win32: 'win32',
  darwin: 'darwin',
  linux: 'linux',
  linuxmusl: 'linux',
  android: 'android',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  openharmony: 'openharmony',
  wasm32: 'wasi',
}
const PROCESSORS = {
  64: 'x64',
  x64: 'x64',
  arm64: 'arm64',
  arm: 'arm',
  armv7: 'arm',
  ia32: 'ia32',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  s390x: 's390x',
  loong64: 'loong64',
  wasm32: 'wasm32',
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const added = []
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (path === '' || isLocked(path, name)) continue
    added.push(`${name}@${version}`)
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    }
  }
}

if (added.length === 0) {
  console.log('package-lock.json names every optional package')
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${added.join(', ')}; run node .ci/complete-lock.mjs`)
  process.exit(1)
} else {
  const byPath = ([a], [b]) => (a < b ? -1 : 1)
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPath))
  writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`added ${added.length} optional packages`)
}

/** Whether Node, looking upwards from a package, would find another one in the lock file. */
function isLocked(from, name) {
  for (let at = from; ; at = at.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    if (lock.packages[`${at}${at === '' ? '' : '/'}node_modules/${name}`]) return true
    if (at === '' || !at.includes('node_modules')) return lock.packages[`node_modules/${name}`] !== undefined
  }
}

/** The fields by which npm decides whether a package fits a machine, from its name: `…-linux-x64-musl`. */
function platform(name) {
  const parts = name.replace(/^@[^/]+\//, '').split('-')
  const os = parts.map((part) => SYSTEMS[part]).find(Boolean)
  const cpu = parts.map((part) => PROCESSORS[part]).find(Boolean) ?? (/arm(eabi)?/.test(name) ? 'arm' : undefined)
  const libc = parts.some((part) => /musl/.test(part))
    ? 'musl'
    : parts.includes('gnu') && os === 'linux'
      ? 'glibc'
      : undefined
  return {
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(libc ? { libc: [libc] } : {}),
    ...(os ? { os: [os === 'wasi' ? 'none' : os] } : {}),
  }
}
