// Which glibc a library needs: no newer one than the oldest that is promised.
import { execFileSync } from 'node:child_process'

/** The glibc of CentOS 7 and manylinux2014; RHEL 8 and 9, Amazon Linux and Debian have newer ones. */
export const GLIBC = '2.17'

/**
 * Throws if a library needs symbols of a newer glibc.
 * @param {string} library - Its path.
 */
export function checkGlibc(library) {
  const text = execFileSync('readelf', ['--version-info', '--wide', library], { encoding: 'utf8' })
  const newest = newestOf([...text.matchAll(/\bGLIBC_(\d+(?:\.\d+)+)/g)].map(([, version]) => version))
  if (newest === undefined) throw new Error(`${library} names no version of glibc: it cannot be checked`)
  if (newestOf([newest, GLIBC]) !== GLIBC) throw new Error(`${library} needs glibc ${newest}, newer than ${GLIBC}`)
}

function newestOf(versions) {
  const byNumber = new Intl.Collator('en', { numeric: true })
  return versions.sort(byNumber.compare).at(-1)
}
