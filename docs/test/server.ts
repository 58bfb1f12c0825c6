import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
}
const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.wasm'])

/** A server of static files, as a site's host is: it compresses, and forbids generated code. */
export interface Site {
  readonly url: string
  /** What was sent: path and bytes of the body as they travel. */
  readonly sent: { readonly path: string; readonly bytes: number }[]
  close(): Promise<void>
}

/** The scripts that stand in a page itself, as a Content-Security-Policy names them. */
function inlineScripts(html: string): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, code]) => `'sha256-${createHash('sha256').update(code!).digest('base64')}'`,
  )
  return hashes.join(' ')
}

/**
 * Serves a folder on a free port of 127.0.0.1, without COOP and COEP headers.
 * @param folder - The built site.
 */
export async function serve(folder: string): Promise<Site> {
  const sent: { path: string; bytes: number }[] = []
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, 'http://localhost').pathname))
    const file = [path, `${path}.html`, join(path, 'index.html')]
      .map((candidate) => join(folder, candidate))
      .find((candidate) => candidate.startsWith(folder) && existsSync(candidate) && statSync(candidate).isFile())
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const type = extname(file)
    const content = readFileSync(file)
    const body = COMPRESSED.has(type) ? gzipSync(content, { level: 9 }) : content
    const scripts = type === '.html' ? inlineScripts(content.toString()) : ''
    response.writeHead(200, {
      'Content-Type': TYPES[type] ?? 'application/octet-stream',
      'Content-Security-Policy':
        `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' ${scripts}; ` +
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:",
      ...(COMPRESSED.has(type) && { 'Content-Encoding': 'gzip' }),
    })
    response.end(body)
    sent.push({ path, bytes: body.length })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
