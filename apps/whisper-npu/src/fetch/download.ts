import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'

/** Told of the bytes that have arrived. */
export type Progress = (received: number, total: number) => void

/** Milliseconds without a byte after which a download fails. */
const PATIENCE = 30_000

/** The SHA-256 of a file in hexadecimal digits. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer)
  return hash.digest('hex')
}

/**
 * Fetches a file: under another name until it is whole and its hash is right, and on from where an earlier try ended.
 * @param url - Where it is.
 * @param path - Where it goes.
 * @param sha256 - What its hash must be.
 * @param progress - Told of the bytes.
 * @throws Error if the server cannot be reached or refuses, or other bytes come than expected.
 */
export async function download(url: string, path: string, sha256: string, progress: Progress): Promise<void> {
  const part = `${path}.part`
  const have = (await stat(part).catch(() => undefined))?.size ?? 0
  await receive(url, part, have, progress)
  if ((await hashOf(part)) !== sha256) {
    await rm(part, { force: true })
    // what an earlier try, or another process at the same time, left may have been wrong
    if (have === 0) throw new Error(`${url} has other bytes than expected`)
    return download(url, path, sha256, progress)
  }
  await rename(part, path)
}

async function receive(url: string, part: string, have: number, progress: Progress): Promise<void> {
  const patience = new AbortController()
  let timer = setTimeout(() => patience.abort(), PATIENCE)
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {}
  try {
    const response = await fetch(url, { headers, signal: patience.signal })
    // all of it was there already
    if (response.status === 416) return
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`)
    const resumed = response.status === 206
    let received = resumed ? have : 0
    const total = received + Number(response.headers.get('content-length') ?? 0)
    const file = await open(part, resumed ? 'a' : 'w')
    try {
      for await (const piece of response.body) {
        clearTimeout(timer)
        timer = setTimeout(() => patience.abort(), PATIENCE)
        await file.write(piece)
        received += piece.length
        progress(received, total)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (patience.signal.aborted) throw new Error(`${url} says nothing`)
    throw error
  } finally {
    clearTimeout(timer)
  }
}
