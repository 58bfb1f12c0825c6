// What a rehearsal leaves behind: nothing. One temporary folder, and child processes that end with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MINUTE = 60_000

/** A command that failed, with what it printed. */
export class CommandError extends Error {
  constructor(command, status, output) {
    super(`${command}: ${status}\n${output.trimEnd().split('\n').slice(-30).join('\n')}`)
    this.output = output
  }
}

/** A third-party package that the registry does not hand out: a check that needs it is skipped, loudly. */
export class Unavailable extends Error {}

export class Session {
  #children = new Set()
  #environment
  closed = false

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'dsp-rehearsal-'))
    // No settings of the user or of the npm that runs this may leak in, nor may anything be written to the user's home.
    const ours = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_OPTIONS$|NODE_PATH$|YARN_|INIT_CWD$)/i.test(name),
    )
    this.#environment = {
      ...Object.fromEntries(ours),
      HOME: join(this.folder, 'home'),
      XDG_CACHE_HOME: join(this.folder, 'home/.cache'),
      XDG_DATA_HOME: join(this.folder, 'home/.data'),
      XDG_CONFIG_HOME: join(this.folder, 'home/.config'),
      npm_config_cache: join(this.folder, 'npm-cache'),
      npm_config_userconfig: join(this.folder, 'npmrc'),
      npm_config_update_notifier: 'false',
      ONNXRUNTIME_NODE_INSTALL: 'skip',
      CI: 'true',
      NO_COLOR: '1',
    }
  }

  path(...names) {
    return join(this.folder, ...names)
  }

  /** Starts a process in a group of its own, so that what it starts ends with it. */
  start(command, args, { cwd = this.folder, env = {} } = {}) {
    if (this.closed) throw new Error('the rehearsal has ended')
    const child = spawn(command, args, {
      cwd,
      env: { ...this.#environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    return child
  }

  /** Runs a command to its end and returns what it printed; a CommandError where it fails or takes too long. */
  run(command, args, options = {}) {
    const child = this.start(command, args, options)
    const name = [command, ...args].join(' ')
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    return new Promise((resolve, reject) => {
      const limit = options.timeout ?? 5 * MINUTE
      const timer = setTimeout(() => {
        output += `\nstopped after ${limit / 1000} s`
        kill(child)
      }, limit)
      child.once('error', (error) => reject(new CommandError(name, error.message, output)))
      child.once('close', (code, signal) => {
        clearTimeout(timer)
        if (code === 0) resolve(output)
        else reject(new CommandError(name, signal ?? `exit code ${code}`, output))
      })
    })
  }

  close() {
    this.closed = true
    for (const child of this.#children) kill(child)
    // A process that was killed may have been writing; its files go with it.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function kill(child) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
