// What the registry hands out: every tarball with its texts, and a manifest that says whose and where it is.
import { Buffer } from 'node:buffer'
import { writeFileSync } from 'node:fs'

/** What is wrong with a published package, in words: by its manifest, the paths in its tarball, our published versions. */
export function faults(manifest, paths, versions) {
  const native = /\/native(-|$)/.test(manifest.name)
  const wanted = ['package.json', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', ...(native ? ['THIRD-PARTY.md'] : [])]
  const said = ['description', 'keywords', 'license', 'repository', 'homepage', 'bugs', 'engines']
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies })
  return [
    ...wanted.filter((path) => !paths.includes(path)).map((path) => `the tarball lacks ${path}`),
    ...said.filter((key) => manifest[key] === undefined).map((key) => `package.json lacks ${key}`),
    ...ranges
      .filter(([name, range]) => (versions.get(name) ?? range) !== range || /^(workspace|file|link):/.test(range))
      .map(([name, range]) => `it needs ${name} ${range}, which is not what was published`),
    ...Object.keys(manifest.scripts ?? {})
      .filter((name) => /^(pre|post)?install$/.test(name))
      .map((name) => `it has the install script ${name}`),
  ]
}

async function contents({ projects, session }) {
  const found = []
  for (const [name, version] of projects.versions) {
    const manifest = await (await fetch(`${projects.registry}${name.replace('/', '%2f')}/${version}`)).json()
    const file = session.path('tarball.tgz')
    writeFileSync(file, Buffer.from(await (await fetch(manifest.dist.tarball)).arrayBuffer()))
    const paths = (await session.run('tar', ['-tzf', file])).trim().split('\n')
    found.push(
      ...faults(
        manifest,
        paths.map((path) => path.replace(/^package\//, '')),
        projects.versions,
      ).map((fault) => `${name}: ${fault}`),
    )
  }
  if (found.length > 0) throw new Error(`${found.length} faults: ${found.join('; ')}`)
  return `${projects.versions.size} tarballs`
}

export default [{ name: 'contents', inShort: true, run: contents }]
