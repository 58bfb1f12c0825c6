// Fresh folders with packages from the registry in them, as a user would have them.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { scopeOf } from '../rename-scope.mjs'
import { example, toCommonJs, toEsm } from './examples.mjs'

export class Projects {
  #made = new Map()
  #count = 0

  constructor({ session, registry, root, published }) {
    Object.assign(this, { session, registry, root })
    this.versions = new Map(published.map(({ manifest }) => [manifest.name, manifest.version]))
    this.folders = new Map(published.map(({ folder, manifest }) => [manifest.name, join(root, folder)]))
    this.peers = Object.assign({}, ...published.map(({ manifest }) => manifest.peerDependencies))
    this.scope = scopeOf(root)
    this.env = { npm_config_registry: registry, NPM_CONFIG_REGISTRY: registry }
  }

  /** The full name of a package of ours. */
  name(short) {
    return `${this.scope}/${short}`
  }

  /** An empty folder that is nobody's workspace, with the settings that lead to the registry. */
  empty(label, manifest = {}) {
    const folder = this.session.path('projects', `${++this.#count}-${label}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: label, version: '1.0.0', private: true, ...manifest }),
    )
    writeFileSync(join(folder, '.npmrc'), `registry=${this.registry}\n`)
    return folder
  }

  /** What to ask for: of ours the new version, of another what ours name as their peer. */
  version(name) {
    return this.versions.get(name) ?? this.peers[name] ?? 'latest'
  }

  spec(name) {
    return `${name}@${this.version(name)}`
  }

  async install(folder, specs) {
    await this.session.run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...specs], {
      cwd: folder,
      env: this.env,
    })
  }

  /** All packages of ours that have an example to run, the short names of `only` alone where it is given. */
  examples(only) {
    const all = [...this.folders].map(([name, folder]) => example(folder, name, this.scope)).filter(Boolean)
    return only === undefined ? all : all.filter(({ name }) => only.includes(name.slice(this.scope.length + 1)))
  }

  /** A fresh folder with one package and its example in it: made once, as installing is what takes time. */
  project(item) {
    const { name } = item
    if (!this.#made.has(name)) this.#made.set(name, this.#make(item))
    return this.#made.get(name)
  }

  async #make(item) {
    const folder = this.empty(basename(item.name))
    await this.install(
      folder,
      [item.name, ...item.packages].map((name) => this.spec(name)),
    )
    this.furnish(folder, item)
    if (item.before) await this.session.run('node', ['before.mjs'], { cwd: folder })
    return folder
  }

  /** Writes an example and the files that it reads. */
  furnish(folder, item) {
    const recording = join(this.root, 'apps/asr/demo/enter-six-two-four.wav')
    for (const file of item.files ?? []) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      if (item.rate === undefined) cpSync(recording, join(folder, file))
      else writeFileSync(join(folder, file), wav(item.rate))
    }
    for (const path of item.folders ?? [])
      cpSync(join(folder, 'node_modules', item.name, path), join(folder, path), { recursive: true })
    if (item.before) writeFileSync(join(folder, 'before.mjs'), toEsm(item.before))
    if (item.commonJs) {
      writeFileSync(join(folder, 'example.cjs'), item.code)
      return
    }
    writeFileSync(join(folder, 'example.ts'), `${item.code}\nexport {}\n`)
    writeFileSync(join(folder, 'example.mjs'), toEsm(item.code))
    writeFileSync(join(folder, 'example.cjs'), toCommonJs(item.code))
  }
}

/** A second of noise as a WAV file of 16 bits. */
function wav(rate) {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + 2 * rate, 4)
  header.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, 2 * rate],
  ])
    header.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ])
    header.writeUInt16LE(value, at)
  header.write('data', 36)
  const samples = Int16Array.from({ length: rate }, (_, i) => 8000 * Math.sin(i * i))
  return Buffer.concat([header, Buffer.from(samples.buffer)])
}
