// The command line, as it is installed where onnxruntime-node's install script cannot reach its host.
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'

async function cli({ projects, session }) {
  const folder = projects.empty('cli')
  await projects.install(folder, [projects.spec(projects.name('cli'))])
  cpSync(join(projects.root, 'apps/asr/demo/help.wav'), join(folder, 'help.wav'))
  const program = join(folder, 'node_modules/.bin/dsp')
  const version = (await session.run(program, ['--version'], { cwd: folder })).trim()
  if (version !== projects.version(projects.name('cli'))) throw new Error(`dsp --version says ${version}`)
  await session.run(program, ['features', 'help.wav', '--kind', 'fbank', '--out', 'help.npy'], { cwd: folder })
  if (!existsSync(join(folder, 'help.npy'))) throw new Error('dsp features wrote nothing')
  return `dsp ${version}`
}

export default [{ name: 'cli', run: cli }]
