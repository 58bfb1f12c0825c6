// Puts the texts of both licences into every public package before it is packed: npm packs nothing that lies outside a
// package's folder, and one copy in the repository is enough. (Not by `prepack`: .npmrc lets npm run no such script.)
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicPackages } from './packages.mjs'

export function addLicences(root) {
  for (const { folder } of publicPackages(root)) {
    for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, name), join(root, folder, name))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) addLicences('.')
