// The release itself, on a copy of HEAD: versions by the changesets, then every package to the registry.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { address, write as writeMetadata } from '../metadata.mjs'
import { publicPackages, readJson } from '../packages.mjs'
import { TOOLS, upstream } from './registry.mjs'

const git = (root, ...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })

/** What is built and not in git, of which a package's tarball is made. */
const BUILT = /^(packages|apps|native)\/[^/]+\/dist\/|^native\/node\/[^/]+\.(node|js|mjs|cjs|ts|mts|wasm)$/

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
  // npm packs a package without its `dist` and says nothing. (That of native/wasm is built later, or not at all.)
  const unbuilt = publicPackages(copy, ['packages', 'apps']).filter(
    ({ folder, manifest }) => manifest.files?.includes('dist') && !existsSync(join(copy, folder, 'dist')),
  )
  if (unbuilt.length > 0)
    throw new Error(`${unbuilt.map(({ manifest }) => manifest.name).join(', ')}: not built; first: npm run build`)
  return copy
}

/**
 * Makes the next versions in the copy (unless `asIs`) and publishes everything. Returns the packages as published.
 * `platforms`: 'here' for the binary of this machine, 'all' for every one that can be built on it.
 */
export async function publish(session, copy, registry, { asIs, platforms, say }) {
  const npmrc = `//${new URL(registry).host}/:_authToken=rehearsal\nregistry=${registry}\n`
  writeFileSync(session.path('npmrc'), npmrc)
  if (address(readJson(join(copy, 'package.json')).repository) === undefined) {
    say('package.json names no repository yet: an example stands for it')
    writeMetadata(copy, 'https://example.com/rehearsal/repository')
  }
  const tools = { cwd: copy, env: building(), timeout: 60 * 60_000 }
  mkdirSync(tools.env.CARGO_TARGET_DIR, { recursive: true })
  symlinkSync(tools.env.CARGO_TARGET_DIR, join(copy, 'native/target'))
  if (!asIs) {
    await session.run('node', ['apps/release/src/version.mjs', '--no-build'], tools)
    say('the binding is built again, natively and as WebAssembly: its version is in it')
    await session.run('npm', ['run', 'build', '--workspace', 'native/node'], tools)
    await session.run('npm', ['run', 'build:wasm', '--workspace', 'native/wasm'], tools)
  }
  await session.run('node', ['native/node/scripts/platforms.mjs', ...(platforms === 'all' ? [] : ['--here'])], tools)
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost']
  await session.run('git', [...author, 'commit', '--quiet', '--all', '--allow-empty', '--message', 'version'], {
    cwd: copy,
  })
  const env = {
    npm_config_registry: registry,
    npm_config_provenance: 'false',
    DSP_PLATFORMS: 'staged',
    DSP_REHEARSAL: '1',
    PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}`,
  }
  const command = ['native/node/scripts/publish.mjs', 'changeset', 'publish', '--no-git-tag']
  await session.run('node', command, { cwd: copy, env, timeout: 30 * 60_000 })
  const all = publicPackages(copy, ['packages', 'apps', 'native', 'native/node/npm'])
  for (const { manifest } of all) {
    const answer = await fetch(`${registry}${manifest.name.replace('/', '%2f')}/${manifest.version}`)
    if (!answer.ok) throw new Error(`${manifest.name}@${manifest.version} was not published: ${answer.status}`)
  }
  say(`${all.length} packages are published: ${summary(all.map(({ manifest }) => manifest))}`)
  return all
}

/** The versions of packages, each with how many have it. */
export function summary(manifests) {
  const counts = new Map()
  for (const { version } of manifests) counts.set(version, (counts.get(version) ?? 0) + 1)
  return [...counts].map(([version, count]) => `${count} at ${version}`).join(', ')
}

/** Cargo's and npm's own settings, which the session hides, and a folder for what is compiled, kept for the next time. */
const building = () => ({
  CARGO_HOME: process.env.CARGO_HOME ?? join(process.env.HOME, '.cargo'),
  RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(process.env.HOME, '.rustup'),
  CARGO_TARGET_DIR: join(TOOLS, 'target'),
  npm_config_registry: upstream(),
})
