// Packs every public package and checks the tarball as its users will see it: publint (exports, files, fields) and
// are-the-types-wrong (ESM and CJS resolution), and that a README and both licences' names are there.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const temporary = mkdtempSync(join(tmpdir(), 'dsp-pack-'))
let problems = 0
const say = (name, text) => {
  problems++
  console.log(`${name}: ${text}`)
}

try {
  for (const parent of ['packages', 'apps', 'native']) {
    for (const entry of readdirSync(parent)) {
      const dir = resolve(parent, entry)
      if (!existsSync(join(dir, 'package.json'))) continue
      const manifest = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
      if (manifest.private === true) continue
      // Its build needs a target of Rust that is not everywhere.
      if (entry === 'wasm' && !existsSync(join(dir, 'dist'))) {
        console.log(`!!! SKIPPED: ${manifest.name} is not built`)
        continue
      }
      checkPackage(dir, manifest)
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
console.log(problems === 0 ? 'all packages are well packed' : `${problems} problems`)
process.exit(problems === 0 ? 0 : 1)

function checkPackage(dir, manifest) {
  const { name } = manifest
  if (manifest.license !== 'MIT OR Apache-2.0') say(name, 'license must be "MIT OR Apache-2.0"')
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', temporary], {
    cwd: dir,
    encoding: 'utf8',
  })
  const packed = JSON.parse(output)
  const { filename, files, size } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0]
  const paths = files.map((file) => file.path)
  for (const wanted of ['package.json', 'README.md'])
    if (!paths.includes(wanted)) say(name, `the tarball lacks ${wanted}`)
  const stray = paths.filter((path) => /(^|\/)(test|bench|src|reports|node_modules)\//.test(path))
  if (stray.length > 0) say(name, `the tarball holds ${stray.slice(0, 3).join(', ')}`)
  for (const { path, size: bytes } of files) {
    if (path.endsWith('.node') && bytes > 7.55e6) say(name, `${path} has ${bytes} bytes, more than 7.55 MB`)
  }
  const tarball = join(temporary, filename)
  run(name, 'publint', ['--strict', tarball])
  // The binding is CommonJS only, as napi-rs writes it; everything else must resolve in all modes that Node has.
  const profile = ['--profile', 'node16', '--no-emoji', '--no-color', '--quiet']
  if (manifest.bin === undefined || manifest.exports !== undefined) run(name, 'attw', [tarball, ...profile])
  console.log(`${name}: ${files.length} files, ${(size / 1024).toFixed(0)} KiB`)
}

function run(name, tool, args) {
  try {
    execFileSync(join('node_modules', '.bin', tool), args, { encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    say(name, `${tool}\n${error.stdout}${error.stderr}`)
  }
}
