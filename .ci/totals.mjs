// Adds up the reports that the test runners left (vitest's JSON, cargo test's output, pytest's XML), names what failed
// and prints `N passed, M failed`. Exits 1 where a test failed or a workspace that has tests left no report.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

let passed = 0
let failed = 0
const missing = []
const failures = []

const manifestOf = (dir) => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
const workspaces = manifestOf('.').workspaces.flatMap((pattern) => {
  const parent = pattern.replace(/\/\*$/, '')
  return parent === pattern ? [pattern] : readdirSync(parent).map((name) => `${parent}/${name}`)
})
for (const dir of workspaces) {
  if (!existsSync(join(dir, 'package.json')) || manifestOf(dir).scripts?.test === undefined) continue
  const reports = existsSync(join(dir, 'reports')) ? readdirSync(join(dir, 'reports')) : []
  if (reports.length === 0) missing.push(dir)
  for (const name of reports) count(dir, name, readFileSync(join(dir, 'reports', name), 'utf8'))
}

function count(dir, name, text) {
  const note = (test, why = '') =>
    failures.push(`${dir}: ${test}${why && `\n    ${why.slice(0, 600).replaceAll('\n', '\n    ')}`}`)
  if (name === 'vitest.json') {
    const report = JSON.parse(text)
    passed += report.numPassedTests
    // A file that fails to load has no tests to count.
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    failed += report.numFailedTests + brokenFiles.length
    for (const file of brokenFiles) note(file.name, file.message)
    for (const { assertionResults } of report.testResults) {
      for (const test of assertionResults)
        if (test.status === 'failed') note(test.fullName, test.failureMessages.join('\n'))
    }
  } else if (name === 'cargo.txt') {
    for (const [, p, f] of text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed/gm)) {
      passed += Number(p)
      failed += Number(f)
    }
    for (const [, test] of text.matchAll(/^---- (.+) stdout ----$/gm)) note(test)
  } else if (name === 'pytest.xml') {
    const [, attributes] = /<testsuite ([^>]*)>/.exec(text)
    const value = (key) => Number(new RegExp(`\\b${key}="(\\d+)"`).exec(attributes)?.[1] ?? 0)
    const bad = value('failures') + value('errors')
    passed += value('tests') - bad - value('skipped')
    failed += bad
    for (const [, test, why] of text.matchAll(
      /<testcase [^>]*\bname="([^"]*)"[^>]*><(?:failure|error) message="([^"]*)"/g,
    )) {
      note(
        test,
        why.replaceAll('&#10;', '\n').replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<'),
      )
    }
  }
}

for (const failure of failures) console.log(`failed: ${failure}`)

if (missing.length > 0) console.log(`no test report in: ${missing.join(', ')}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || missing.length > 0 ? 1 : 0)
