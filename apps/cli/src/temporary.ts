import { rmSync } from 'node:fs'

/** Files that are being written under temporary names. */
const paths = new Set<string>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Removes the files and ends the process as the signal would have done. */
function interrupted(signal: NodeJS.Signals): void {
  removeAll()
  for (const name of signals) process.off(name, interrupted)
  process.kill(process.pid, signal)
}

function removeAll(): void {
  for (const path of paths) rmSync(path, { force: true })
}

/**
 * Promises that a file does not outlive the process under its temporary name.
 * @param path - The temporary name.
 * @returns What ends the promise: call it when the file has its own name, or is gone.
 */
export function guardTemporary(path: string): () => void {
  if (paths.size === 0) {
    for (const name of signals) process.on(name, interrupted)
    process.on('exit', removeAll)
  }
  paths.add(path)
  return () => {
    paths.delete(path)
    if (paths.size > 0) return
    for (const name of signals) process.off(name, interrupted)
    process.off('exit', removeAll)
  }
}
