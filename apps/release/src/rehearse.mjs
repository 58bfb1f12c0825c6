// `npm run release:rehearse`: publishes everything to a registry on this machine and uses it as strangers would.
//   --only NAME,NAME  some checks; --list  their names
//   --as-is           the versions of HEAD and the binding as it is built, instead of the next versions and a new build
//   --short           what CI runs: few checks, as is
//   --platforms       the binaries of all platforms that can be built here, not this machine's alone
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CHECKS } from './rehearsal/checks/index.mjs'
import { Projects } from './rehearsal/projects.mjs'
import { copyHead, publish } from './rehearsal/publish.mjs'
import { startRegistry } from './rehearsal/registry.mjs'
import { Session, Unavailable } from './rehearsal/session.mjs'
import { table } from './rehearsal/table.mjs'
import { scopeOf } from './rename-scope.mjs'

/** The checks that the command line asks for; an error that lists the names where it asks for another. */
export function chosen(checks, { only, short }) {
  const names = only?.split(',').map((name) => name.trim())
  const unknown = names?.filter((name) => !checks.some((check) => check.name === name)) ?? []
  if (unknown.length > 0)
    throw new Error(`no check is named ${unknown.join(', ')}; there are ${checks.map(({ name }) => name).join(', ')}`)
  return checks.filter((check) => (names ? names.includes(check.name) : !short || check.inShort))
}

async function rehearse(session, checks, { short = false, 'as-is': asIs = short, platforms = false }, log) {
  const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)))
  const say = (text) => log(`   ${text}`)
  log('1. a registry')
  const scope = scopeOf(root)
  const registry = await startRegistry(session, scope)
  say(registry)
  log(`2. a copy of HEAD, ${asIs ? 'its versions as they are' : 'its next versions'}, and publishing`)
  const copy = copyHead(session, root, say)
  const published = await publish(session, copy, registry, { asIs, platforms: platforms ? 'all' : 'here', say })
  const projects = new Projects({ session, registry, root: copy, published })
  log(`3. ${checks.length} checks`)
  const results = []
  for (const check of checks) {
    const start = Date.now()
    const seconds = () => (Date.now() - start) / 1000
    log(`   ${results.length + 1}/${checks.length} ${check.name}`)
    try {
      const note = await check.run({ session, projects, short, say: (text) => log(`       ${text}`) })
      results.push({ name: check.name, state: 'passed', seconds: seconds(), note })
    } catch (error) {
      if (session.closed) throw error
      const state = error instanceof Unavailable ? 'skipped' : 'FAILED'
      log(`!!! ${check.name} ${state}: ${error.message}`)
      results.push({ name: check.name, state, seconds: seconds(), note: error.message.split('\n')[0] })
    }
  }
  return results
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      short: { type: 'boolean' },
      list: { type: 'boolean' },
      'as-is': { type: 'boolean' },
      platforms: { type: 'boolean' },
    },
  })
  const checks = chosen(CHECKS, values)
  if (values.list) return console.log(checks.map(({ name }) => name).join('\n'))
  const session = new Session()
  const stop = (signal, status) => {
    console.log(`\nstopped by ${signal}`)
    session.close()
    process.exit(status)
  }
  process.once('SIGINT', () => stop('SIGINT', 130))
  process.once('SIGTERM', () => stop('SIGTERM', 143))
  // A caller that must know that something was skipped says by which exit status.
  const skipStatus = Number(process.env.SKIP_STATUS ?? 0)
  const start = Date.now()
  const log = (text) => console.log(`${String(Math.round((Date.now() - start) / 1000)).padStart(4)} s  ${text}`)
  try {
    const results = await rehearse(session, checks, values, log)
    console.log(`\n${table(results)}`)
    const has = (state) => results.some((result) => result.state === state)
    process.exitCode = has('FAILED') ? 1 : has('skipped') ? skipStatus : 0
  } catch (error) {
    if (error instanceof Unavailable) console.log(`!!! SKIPPED: the release was not rehearsed: ${error.message}`)
    else console.error(`the rehearsal failed before its checks: ${error.stack}`)
    process.exitCode = error instanceof Unavailable ? skipStatus : 1
  } finally {
    session.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
