import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
}

/** Headers that isolate a page from other origins, without which it has no shared memory. */
const ISOLATING = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** esbuild's options for a module that a page imports. Only the options: who bundles has esbuild, and this package does without. */
export const PAGE_SCRIPT = { bundle: true, write: false, platform: 'browser', format: 'esm', target: 'es2022' } as const

/**
 * A server of files, and of an empty page at its root, for pages on this machine.
 * @param files - Their contents by path, each of which begins with a slash.
 * @param options - `isolated`: whether it sends COOP and COEP headers; by default it does not. `policy`: its
 * Content-Security-Policy; by default none.
 */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  options: { readonly isolated?: boolean; readonly policy?: string } = {},
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = files[url]
    const type = TYPES[url.split('.').at(-1)!] ?? 'text/html'
    const policy = options.policy !== undefined && { 'content-security-policy': options.policy }
    const headers = { 'content-type': type, ...(options.isolated && ISOLATING), ...policy }
    response.writeHead(file || url === '/' ? 200 : 404, headers)
    response.end(file ?? '<!doctype html><title>test</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}
