// Stands for start.ts in a site that was built without the WebAssembly core.
export function startWorker(): Worker {
  throw new Error('this site has no WebAssembly core')
}

export const missing: string | null =
  'This copy of the site was built without the WebAssembly core, so nothing can be computed here. ' +
  'Run “npm run build:wasm -w native/wasm” in the repository, then “npm run docs”.'
