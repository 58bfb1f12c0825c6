// Prints lacks=true if the registry lacks the version of any public package in this checkout, or else lacks=false: a step's output.
import { execFileSync } from 'node:child_process'
import { publicPackages } from './targets.mjs'

const lacks = publicPackages().some(({ name, version }) => {
  try {
    return (
      execFileSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8', stdio: 'pipe' }).trim() !==
      version
    )
  } catch (error) {
    if (String(error.stderr).includes('E404')) return true
    throw error // the registry could not be asked
  }
})
console.log(`lacks=${lacks}`)
