// The release itself, on a copy of HEAD: versions by the changesets, then every package to the registry.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const git = (root, ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })

/** What is built and not in git, of which a package's tarball is made. */
const BUILT = /^(packages|apps|native)\/[^/]+\/(dist|npm)\/|^native\/node\/[^/]+\.(node|js|mjs|cjs|ts|mts|wasm)$/

/** Copies HEAD, with what was built from it, and returns the copy's folder. */
export function copyHead(session, root, say) {
  const changed = git(root, 'status', '--porcelain', '--untracked-files=no').trim()
  if (changed !== '')
    say(`the working tree has changes that are not committed; this is HEAD with dist/ as it was built`)
  const copy = session.path('repository')
  git(root, 'clone', '--quiet', '--no-tags', '--depth=1', `file://${root}`, copy)
  const ignored = git(
    root,
    'ls-files',
    '--others',
    '--ignored',
    '--exclude-standard',
    '-z',
    'packages',
    'apps',
    'native',
  )
  for (const path of ignored.split('\0').filter((path) => BUILT.test(path) && !path.includes('node_modules/'))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** The public packages of a checkout: those of the workspaces, and the platforms' folders in native/node/npm. */
export function publicPackages(copy) {
  const folders = ['packages', 'apps', 'native', 'native/node/npm']
  const found = folders.flatMap((parent) =>
    existsSync(join(copy, parent)) ? readdirSync(join(copy, parent)).map((name) => join(copy, parent, name)) : [],
  )
  return found
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
}

/** Makes the next versions in the copy and publishes everything. Returns the packages as they were published. */
export async function publish(session, copy, registry, say) {
  const env = { npm_config_registry: registry, PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}` }
  writeFileSync(session.path('npmrc'), `//${new URL(registry).host}/:_authToken=rehearsal\nregistry=${registry}\n`)
  // npm's lock file is made with the registry the user has; ours has nothing yet.
  const before = JSON.parse(readFileSync(join(copy, 'native/node/package.json'), 'utf8')).version
  await session.run('node', ['apps/release/src/version.mjs', '--no-build'], { cwd: copy, env: cargo() })
  const { version } = JSON.parse(readFileSync(join(copy, 'native/node/package.json'), 'utf8'))
  say(`@dsp/native goes from ${before} to ${version}`)
  await session.run(
    'git',
    [...'-c user.name=rehearsal -c user.email=rehearsal@localhost commit -qam version'.split(' ')],
    {
      cwd: copy,
    },
  )
  loader(copy, before, version)
  const platforms = publicPackages(copy).filter(({ folder }) => folder.includes('native/node/npm'))
  for (const { folder, manifest } of platforms) {
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`)
    await session.run('npm', ['publish', '--access', 'public', '--provenance=false'], { cwd: folder, env })
  }
  await session.run('changeset', ['publish', '--no-git-tag'], { cwd: copy, env })
  const all = publicPackages(copy)
  for (const { manifest } of all) {
    const answer = await fetch(`${registry}${manifest.name.replace('/', '%2f')}/${manifest.version}`)
    if (!answer.ok) throw new Error(`${manifest.name}@${manifest.version} was not published: ${answer.status}`)
  }
  say(`${all.length} packages are published, ${platforms.length} of them for platforms`)
  return all.map(({ manifest }) => manifest)
}

/** Cargo's own folders are in the user's home, which the session hides. */
function cargo() {
  const home = process.env.HOME
  return {
    CARGO_HOME: process.env.CARGO_HOME ?? join(home, '.cargo'),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(home, '.rustup'),
    npm_config_registry: execFileSync('npm', ['config', 'get', 'registry', '--workspaces=false'], {
      encoding: 'utf8',
      cwd: '/',
    }).trim(),
  }
}

/** The binding's loader, which the build writes, says its version; it is put in here instead of building for minutes. */
function loader(copy, before, version) {
  const path = join(copy, 'native/node/index.js')
  if (!existsSync(path)) throw new Error('native/node is not built; run npm run build')
  const text = readFileSync(path, 'utf8').replaceAll(`expected ${before} but`, `expected ${version} but`)
  writeFileSync(
    path,
    text.replaceAll(`bindingPackageVersion !== '${before}'`, `bindingPackageVersion !== '${version}'`),
  )
}
