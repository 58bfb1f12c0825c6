// Bun and Deno, from their packages in npm, and worker threads of Node.js.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tool } from '../registry.mjs'

const BUN = 'bun@1.4.5'
const DENO = 'deno@2.9.6'
const NAMES = ['mel-kaldi', 'yin', 'audio', 'chroma']

async function bun({ projects, session, say }) {
  const home = await tool(session, BUN)
  const processor = process.arch === 'arm64' ? 'aarch64' : process.arch
  const program = join(home, `@oven/bun-${process.platform}-${processor}/bin/bun`)
  for (const item of projects.examples(NAMES)) {
    say(item.name)
    const names = [item.name, ...item.packages]
    const folder = projects.empty('bun', {
      dependencies: Object.fromEntries(names.map((name) => [name, projects.version(name)])),
    })
    await session.run(program, ['install'], { cwd: folder, env: projects.env })
    projects.furnish(folder, item)
    await session.run(program, ['run', 'example.ts'], { cwd: folder })
  }
  return `${NAMES.length} packages`
}

async function deno({ projects, session, say }) {
  const home = await tool(session, DENO)
  const libc = process.platform === 'linux' ? '-glibc' : ''
  const program = join(home, `@deno/${process.platform}-${process.arch}${libc}/deno`)
  const env = { ...projects.env, DENO_DIR: session.path('deno'), DENO_NO_UPDATE_CHECK: '1' }
  for (const item of projects.examples(NAMES)) {
    say(item.name)
    const names = [item.name, ...item.packages]
    const folder = projects.empty('deno', {
      dependencies: Object.fromEntries(names.map((name) => [name, projects.version(name)])),
    })
    // Deno takes no version that is younger than a day, and ours are seconds old.
    await session.run(program, ['install', '--minimum-dependency-age=0'], { cwd: folder, env })
    projects.furnish(folder, item)
    // What the examples need: to read the files here, and to load the binding.
    await session.run(program, ['run', '--allow-read', '--allow-ffi', '--allow-env', '--allow-sys', 'example.ts'], {
      cwd: folder,
      env,
    })
  }
  return `${NAMES.length} packages`
}

async function worker({ projects, session }) {
  for (const item of projects.examples(['yin', 'mel-kaldi'])) {
    const folder = await projects.project(item)
    writeFileSync(
      join(folder, 'workers.mjs'),
      `import { Worker } from 'node:worker_threads'
await import('./example.mjs')
for (let round = 0; round < 2; round++) {
  const workers = ['mjs', 'cjs', 'mjs'].map((end) => new Worker(new URL('./example.' + end, import.meta.url), { stdout: true }))
  await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve) && worker.stdout.resume())))
}
`,
    )
    await session.run('node', ['workers.mjs'], { cwd: folder })
  }
  return 'three at once, again after they ended'
}

export default [
  { name: 'bun', run: bun },
  { name: 'deno', run: deno },
  { name: 'worker', run: worker },
]
