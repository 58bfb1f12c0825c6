import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One code block of a doc comment's `@example`. */
export interface Example {
  /** Source file, line and documented name: `tensor.ts:96 tensor`. */
  readonly name: string
  /** The code, as written. */
  readonly code: string
  /** The folder of the package that the source belongs to. */
  readonly packageDir: string
}

/** How {@link runExample} runs. */
export interface RunExampleOptions {
  /**
   * Files that the example reads by these names, as paths or bytes. The example then runs in a temporary folder that holds
   * them. Default: none, and the example runs in the package's folder.
   */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Milliseconds after which the example counts as hung. Default 30,000. */
  readonly timeout?: number
}

/**
 * Collects the TypeScript code blocks of every `@example` in the doc comments below a folder.
 * @param srcDir - The folder, as a path or URL: usually a package's `src`.
 */
export function extractExamples(srcDir: string | URL): Example[] {
  const root = typeof srcDir === 'string' ? srcDir : fileURLToPath(srcDir)
  const packageDir = dirname(root.replace(/[\\/]$/, ''))
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.sort().flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((comment) => {
      const after = source.slice(comment.index + comment[0].length)
      const owner =
        /^\s*(?:export\s+)?(?:default\s+|declare\s+|abstract\s+|async\s+|static\s+|readonly\s+|get\s+)*(?:function\*?|class|interface|const|type)?\s*([\w$]+)/.exec(
          after,
        )?.[1]
      const text = comment[0]
        .replace(/^\/\*\*[ \t]*/, '')
        .replace(/\*\/$/, '')
        .replace(/^[ \t]*\* ?/gm, '')
      return examplesOf(text).map(({ code, at }) => {
        const line = source.slice(0, comment.index).split('\n').length + text.slice(0, at).split('\n').length - 1
        return { name: `${file}:${line} ${owner ?? ''}`.trim(), code, packageDir }
      })
    })
  })
}

function examplesOf(comment: string): { code: string; at: number }[] {
  const tags = [...comment.matchAll(/^@\w+/gm)]
  return tags.flatMap((tag, i) => {
    if (tag[0] !== '@example') return []
    const section = comment.slice(tag.index, tags[i + 1]?.index)
    return [...section.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```/gm)].map((block) => ({
      code: block[1]!,
      at: tag.index + block.index,
    }))
  })
}

/**
 * Runs an example as a separate ES module, in its own process, against the built packages. A line
 * `expression // => value` is checked: the expression must deeply equal the value.
 * @param example - One of {@link extractExamples}.
 * @param options - Files for it, time limit.
 * @throws Error with the example's code and output if it fails.
 */
export async function runExample(example: Example, options: RunExampleOptions = {}): Promise<void> {
  const cache = join(example.packageDir, '.cache', 'examples')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'run-'))
  // Inside the package, so that imports resolve as they do for its own code.
  const file = join(folder, 'example.mjs')
  const cwd = options.files === undefined ? example.packageDir : mkdtempSync(join(tmpdir(), 'dsp-example-'))
  try {
    writeFileSync(file, await toModule(example.code))
    for (const [name, content] of Object.entries(options.files ?? {})) {
      if (typeof content === 'string') copyFileSync(content, join(cwd, basename(name)))
      else writeFileSync(join(cwd, basename(name)), content)
    }
    const { code, output } = await runNode(file, cwd, options.timeout ?? 30_000)
    if (code !== 0) {
      const shown = output.replaceAll(folder, relative(example.packageDir, folder))
      throw new Error(`the example ${example.name} failed (exit ${code}):\n${example.code}\n${shown}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
    if (cwd !== example.packageDir) rmSync(cwd, { recursive: true, force: true })
  }
}

async function toModule(code: string): Promise<string> {
  const checked = code.replace(
    /^(\s*)(\S.*?);?\s+\/\/ => (.+)$/gm,
    (_, indent: string, expression: string, value: string) => `${indent}deepStrictEqual(${expression}, ${value})`,
  )
  const { default: typescript } = await import('typescript')
  const { outputText } = typescript.transpileModule(checked, {
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  })
  return `import { deepStrictEqual } from 'node:assert/strict'\n${outputText}`
}

function runNode(file: string, cwd: string, timeout: number): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { cwd, timeout, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, output: signal === null ? output : `${output}\n(${signal})` }))
  })
}
