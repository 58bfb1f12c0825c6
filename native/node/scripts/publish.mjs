// Publishes the packages staged in npm/, then runs a command with them named as optional dependencies of this one, of exactly this version:
//
//   node native/node/scripts/publish.mjs npx changeset publish
//
// In the repository they are not named: npm would ask the registry for them before they are there.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addLicences } from '../../../apps/release/src/licences.mjs'
import { folder, manifest, targets } from './targets.mjs'

const shell = process.platform === 'win32' // where npm is a script
const [command, ...args] = process.argv.slice(2)
if (command === undefined) fail('which command publishes this package? e.g. npx changeset publish')

const staged = existsSync(join(folder, 'npm')) ? readdirSync(join(folder, 'npm')) : []
const manifests = staged.map((name) => JSON.parse(readFileSync(join(folder, 'npm', name, 'package.json'), 'utf8')))
check()
addLicences(join(folder, '..', '..'))
for (const [i, name] of staged.entries()) publish(join(folder, 'npm', name), manifests[i])

const path = join(folder, 'package.json')
const before = readFileSync(path)
const optionalDependencies = Object.fromEntries(manifests.map(({ name, version }) => [name, version]))
process.on('SIGINT', () => {}) // the command is interrupted, what is written below is restored
try {
  writeFileSync(path, `${JSON.stringify({ ...manifest, optionalDependencies }, undefined, 2)}\n`)
  process.exitCode = spawnSync(command, args, { stdio: 'inherit', shell }).status ?? 1
} finally {
  writeFileSync(path, before)
}

function check() {
  const missing = targets.filter(({ name }) => !staged.includes(name)).map(({ triple }) => triple)
  if (missing.length > 0 && process.env.DSP_PLATFORMS !== 'staged') {
    fail(
      `not built: ${missing.join(', ')}; \`npm run platforms\` builds them, DSP_PLATFORMS=staged publishes without them`,
    )
  }
  const old = manifests
    .filter(({ version }) => version !== manifest.version)
    .map(({ name, version }) => `${name} ${version}`)
  if (old.length > 0)
    fail(`${manifest.version} is published, but npm/ holds ${old.join(', ')}: run \`npm run platforms\` again`)
}

function publish(cwd, { name, version }) {
  const { status, stdout } = spawnSync('npm', ['view', `${name}@${version}`, 'version'], {
    cwd,
    encoding: 'utf8',
    shell,
  })
  if (status === 0 && stdout.trim() === version) return console.error(`${name} ${version} is published already`)
  execFileSync('npm', ['publish'], { cwd, stdio: 'inherit', shell })
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
