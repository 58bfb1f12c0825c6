// The types of each package as a strict stranger sees them: `skipLibCheck` off, and with no types of Node.js.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { tool } from '../registry.mjs'

const OLD = 'typescript@5.4.5'
const NODE_TYPES = '@types/node@20.19.0'
const MODES = {
  node16: { module: 'node16', moduleResolution: 'node16' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

/** Types every package alone, then every example with Node's types, in two runs of the compiler. */
async function types({ projects, session, say, short }, tsc, label, mode) {
  const items = projects
    .examples(short ? ['tensor', 'signal', 'audio', 'yin', 'mel-kaldi'] : undefined)
    .filter(({ commonJs }) => !commonJs)
  const alone = []
  const examples = []
  for (const item of items) {
    const folder = await projects.project(item)
    // As a module and, where the package can tell, as CommonJS: the two have declarations of their own.
    for (const extension of mode === 'bundler' ? ['mts'] : ['mts', 'cts']) {
      writeFileSync(
        join(folder, `alone.${extension}`),
        `import * as all from '${item.name}'\nexport const names: string[] = Object.keys(all)\n`,
      )
      alone.push(join(folder, `alone.${extension}`))
    }
    writeFileSync(join(folder, 'example.mts'), `${item.code}\nexport {}\n`)
    examples.push(join(folder, 'example.mts'))
  }
  const home = join(await tool(session, NODE_TYPES), '@types')
  const options = { target: 'es2022', strict: true, skipLibCheck: false, noEmit: true, ...MODES[mode] }
  const programs = [
    ['alone', alone, { types: [], lib: ['es2022', 'dom'] }],
    ['examples', examples, { typeRoots: [home], types: ['node'] }],
  ]
  for (const [name, files, more] of programs) {
    say(`${name}: ${files.length} files`)
    const config = session.path(`tsconfig.${label}-${mode}-${name}.json`)
    const paths = files.map((file) => relative(dirname(config), file))
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...options, ...more }, files: paths }))
    await session.run(process.execPath, [tsc, '-p', config, '--pretty', 'false'])
  }
  return `${items.length} packages`
}

const check = (label, mode, compiler, inShort) => ({
  name: `${label}-${mode}`,
  inShort,
  run: async (context) => types(context, await compiler(context.session), label, mode),
})
const ours = () => createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const old = async (session) => join(await tool(session, OLD), 'typescript/lib/tsc.js')

export default Object.keys(MODES).flatMap((mode) => [
  check('ts6', mode, ours, mode === 'nodenext'),
  check('ts5.4', mode, old, false),
])
