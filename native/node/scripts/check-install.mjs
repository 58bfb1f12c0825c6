// Installs every published package in a fresh folder, as a user would, and uses them: each is imported, and the core computes the
// filter bank of a tone, with the binary of this platform and no other.
//
//   node native/node/scripts/check-install.mjs              the versions in this checkout, from the registry that npm is set to
//   node native/node/scripts/check-install.mjs FOLDER       the tarballs in a folder
//
// DSP_NODE is the Node.js that uses them, here this one; e.g. with npm_config_cpu=arm64 'qemu-aarch64 -L /usr/aarch64-linux-gnu node-arm64'.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { publicPackages } from './targets.mjs'

const shell = process.platform === 'win32' // where npm is a script
const packages = publicPackages()
const [from] = process.argv.slice(2)
const specs =
  from === undefined
    ? packages.map(({ name, version }) => `${name}@${version}`)
    : readdirSync(from).map((name) => resolve(from, name))

const [scope] = packages[0].name.split('/')
const script = `
import assert from 'node:assert/strict'
for (const name of ${JSON.stringify(packages.filter(({ bin }) => bin === undefined).map(({ name }) => name))}) {
  const names = Object.keys(await import(name))
  assert.ok(names.length > 0, name)
  console.log(name, names.length)
}
const { fbank } = await import('${scope}/mel-kaldi')
const tone = Float32Array.from({ length: 16000 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 1000 * i) / 16000))
const { shape, data } = fbank({ samples: tone, sampleRate: 16000 }, { numMelBins: 23, dither: 0 })
assert.deepEqual(shape, [98, 23])
const frame = [...data.slice(23, 46)]
const loudest = frame.indexOf(Math.max(...frame))
assert.equal(loudest, 7, \`1000 Hz are in band 7, got \${loudest}\`)
const [[, { kind, source }]] = globalThis[Symbol.for('@dsp/native')]
console.log(kind, source)
assert.equal(kind, 'native')
assert.match(source, /native-[a-z0-9-]+$/)
`

const work = mkdtempSync(join(tmpdir(), 'dsp-install-'))
try {
  writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(work, 'check.js'), script)
  const run = (command, args, options) =>
    execFileSync(command, args, { cwd: work, stdio: 'inherit', shell, ...options })
  const isPlatform = (spec) => /-native-(linux|darwin|win32)-[^/\\]*$/.test(spec)
  const install = ['install', '--no-audit', '--no-fund']
  run('npm', [...install, '--save-optional', ...specs.filter(isPlatform), ...specs.filter((spec) => !isPlatform(spec))])
  const [node, ...args] = process.env.DSP_NODE?.split(' ') ?? [process.execPath]
  run(node, [...args, 'check.js'], { shell: false })
  const cli = packages.find(({ bin }) => bin?.dsp !== undefined)
  const command = join('node_modules', cli.name, cli.bin.dsp)
  const version = run(node, [...args, command, '--version'], { shell: false, stdio: 'pipe', encoding: 'utf8' })
  assert.equal(version.trim(), cli.version)
} finally {
  rmSync(work, { recursive: true, force: true })
}
