// A registry on this machine: ours are published to it, all others come through it from the registry npm is set to.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Unavailable } from './session.mjs'

// verdaccio is 58 MB with all that it needs: too much to install with everything else. Its node-fetch 2.6.7 has a
// known hole (CVE-2022-0235).
const VERDACCIO = { spec: 'verdaccio@6.8.0', overrides: { 'node-fetch': '2.7.0' } }

/** What is kept for the next rehearsal: tools, and what is compiled. */
export const TOOLS = join(tmpdir(), 'dsp-release-tools')

/** The registry that npm is set to, where third-party packages come from. */
export const upstream = () =>
  execFileSync('npm', ['config', 'get', 'registry', '--workspaces=false'], { encoding: 'utf8', cwd: tmpdir() }).trim()

/**
 * The folder of a package at an exact version, installed once for all rehearsals in the system's temporary folder.
 * @throws Unavailable where the registry does not give it
 */
export async function tool(session, spec, overrides = {}) {
  const folder = join(TOOLS, spec.replaceAll('/', '+'))
  if (!existsSync(folder)) {
    const fresh = join(TOOLS, `.${process.pid}-${Date.now()}`)
    mkdirSync(fresh, { recursive: true })
    const [, name, version] = /^(@?[^@]+)@(.+)$/.exec(spec)
    writeFileSync(
      join(fresh, 'package.json'),
      JSON.stringify({ private: true, dependencies: { [name]: version }, overrides }),
    )
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--registry', upstream()]
    try {
      await session.run('npm', install, { cwd: fresh })
      renameSync(fresh, folder)
    } catch (error) {
      if (!existsSync(folder))
        throw new Unavailable(`${spec} cannot be had from ${new URL(upstream()).host}\n${error.message}`)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  return join(folder, 'node_modules')
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** verdaccio's settings: anybody on this machine may publish under our scope, and only there. */
export const settings = ({ folder, scope, uplink }) =>
  JSON.stringify({
    storage: join(folder, 'storage'),
    uplinks: { upstream: { url: uplink, timeout: '60s', max_fails: 20, fail_timeout: '1s' } },
    packages: {
      [`${scope}/*`]: { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    max_body_size: '200mb',
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'error' },
  })

/** Starts the registry and returns its address. A port that is taken between looking and listening costs a second try. */
export async function startRegistry(session, scope) {
  const home = await tool(session, VERDACCIO.spec, VERDACCIO.overrides)
  const folder = session.path('registry')
  mkdirSync(folder)
  writeFileSync(join(folder, 'config.yaml'), settings({ folder, scope, uplink: upstream() }))
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const args = ['--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`]
    const child = session.start(process.execPath, [join(home, 'verdaccio/bin/verdaccio'), ...args])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    for (let wait = 0; wait < 300 && child.exitCode === null; wait++) {
      const answer = await fetch(`${url}-/ping`).catch(() => undefined)
      if (answer?.ok) return url
      await sleep(100)
    }
    if (attempt === 3) throw new Error(`the registry does not start: ${output}`)
  }
}
