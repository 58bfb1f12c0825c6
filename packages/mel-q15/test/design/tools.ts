import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot, type SkipContext } from '@dsp/tensor/testing'
import { afterAll } from 'vitest'

/** The folder of check.py and run.py. */
export const checks = join(repositoryRoot(), 'native/aie/design')

/** A folder for one test file, removed at its end. */
export function scratch(): (name: string) => string {
  const path = mkdtempSync(join(tmpdir(), 'dsp-design-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return (name) => join(path, name)
}

const answers = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** A Python that has xDSL; the test is skipped, with a message, where there is none. */
export function pythonOrSkip({ skip }: SkipContext): string {
  const local = join(checks, '.venv/bin/python')
  const found = [local, 'python3'].find((python) => answers(python, '-c', 'import xdsl'))
  return found ?? skip('no Python here has xDSL: native/aie/design/install.sh installs it')
}

/** The same, where MLIR's tools and a C compiler are needed as well. */
export function toolsOrSkip(context: SkipContext): string {
  for (const name of ['mlir-opt', 'mlir-translate', 'llc'])
    if (!answers(`${name}-22`, '--version') && !answers(name, '--version'))
      context.skip(`${name} is not installed: apt-get install mlir-22-tools llvm-22`)
  if (!answers('cc', '--version')) context.skip('there is no C compiler')
  return pythonOrSkip(context)
}

/** Runs a script of that folder. */
export function script(python: string, name: string, args: readonly string[]) {
  if (!existsSync(join(checks, name))) throw new Error(`${checks} has no ${name}`)
  const { status, stdout, stderr } = spawnSync(python, [join(checks, name), ...args], { encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

/** Runs a design's text with a kernel, which is a C source or object file. */
export function runDesign(
  python: string,
  text: string,
  path: string,
  {
    kernel,
    flags = [],
    args,
  }: { readonly kernel: readonly string[]; readonly flags?: readonly string[]; readonly args: readonly string[] },
) {
  writeFileSync(path, text)
  const files = kernel.flatMap((file) => ['--kernel', file])
  return script(python, 'run.py', [path, ...files, ...flags.map((flag) => `--flag=${flag}`), ...args])
}
