import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
}

/**
 * A server of files, and of an empty page at its root, for pages on this machine. It sends no COOP and COEP headers.
 * @param files - Their contents by path, each of which begins with a slash.
 */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = files[url]
    const type = TYPES[url.split('.').at(-1)!] ?? 'text/html'
    response.writeHead(file || url === '/' ? 200 : 404, { 'content-type': type })
    response.end(file ?? '<!doctype html><title>test</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}
