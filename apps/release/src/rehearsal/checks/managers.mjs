// The other package managers: each installs two packages, one of which reads a file, and runs their examples.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from '../registry.mjs'

const PNPM = 'pnpm@12.21.0'
const YARN = '@yarnpkg/cli-dist@4.18.1'
const NAMES = ['mel-kaldi', 'yin']

/** A folder that asks for the two packages, nothing installed. */
function wanted(projects, label) {
  const names = [...NAMES, 'audio'].map((name) => projects.name(name))
  const dependencies = Object.fromEntries(names.map((name) => [name, projects.version(name)]))
  return projects.empty(label, { dependencies })
}

/** Runs the examples of the two packages, one after the other, with what the manager runs Node.js by. */
async function runBoth({ projects, session }, folder, command, args, env) {
  for (const item of projects.examples(NAMES)) {
    projects.furnish(folder, item)
    for (const extension of ['mjs', 'cjs'])
      await session.run(command, [...args, `example.${extension}`], { cwd: folder, env })
  }
  return `${NAMES.length} packages`
}

async function pnpm(context) {
  const home = await tool(context.session, PNPM)
  const folder = wanted(context.projects, 'pnpm')
  // A version must be a day old before pnpm takes it, and ours are seconds old.
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    `minimumReleaseAge: 0\nstoreDir: ${context.session.path('pnpm-store')}\n`,
  )
  const program = join(home, 'pnpm/bin/pnpm.mjs')
  await context.session.run('node', [program, 'install'], { cwd: folder, env: context.projects.env })
  return runBoth(context, folder, 'node', [])
}

async function yarn(context, nodeLinker) {
  const { session, projects } = context
  const home = await tool(session, YARN)
  const folder = wanted(projects, `yarn-${nodeLinker}`)
  const settings = {
    nodeLinker,
    npmRegistryServer: projects.registry,
    unsafeHttpWhitelist: ['127.0.0.1'],
    globalFolder: session.path('yarn'),
    enableTelemetry: false,
    enableImmutableInstalls: false,
    npmMinimalAgeGate: 0,
  }
  writeFileSync(join(folder, '.yarnrc.yml'), JSON.stringify(settings))
  writeFileSync(join(folder, 'yarn.lock'), '')
  const program = join(home, '@yarnpkg/cli-dist/bin/yarn.js')
  await session.run('node', [program, 'install'], { cwd: folder })
  return runBoth(context, folder, 'node', [program, 'node'])
}

export default [
  { name: 'pnpm', run: pnpm },
  { name: 'yarn', run: (context) => yarn(context, 'node-modules') },
  { name: 'yarn-pnp', run: (context) => yarn(context, 'pnp') },
]
