// Puts the texts of both licences into the package that is being packed (its script `prepack`): npm packs nothing that
// lies outside a package's folder, and one copy in the repository is enough.
import { copyFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = new URL('../../../', import.meta.url)
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(new URL(name, root), resolve(name))
