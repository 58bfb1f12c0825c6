// Finds the compiled core for this platform, in Node.js. What fails is a DspError that says why and what to do.
const { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } = require('node:fs')
const { join, resolve } = require('node:path')

/** Marks an error as @dsp/tensor's DspError, for which `instanceof` asks: that package is built on this one. */
const BRAND = Symbol.for('@dsp/tensor/DspError')
/** What this process has loaded: a Map from the path to the version and kind of the binding. */
const LOADED = Symbol.for('@dsp/native')
const WASI = '@dsp/native-wasm32-wasi'

/**
 * @param {object} table - What binding.js knows.
 * @param {string} table.version - The version of this package.
 * @param {Record<string, () => { binding?: object, error?: Error }>} table.platforms - Loads the package of a platform.
 * @param {() => { binding?: object, error?: Error }} table.wasi - Loads the WebAssembly build.
 * @returns {object} The binding.
 */
function load({ version, platforms, wasi }) {
  const name = platformName()
  const context = { version, supported: Object.keys(platforms) }
  const choice = process.env.DSP_NATIVE ?? ''
  if (choice === 'wasi') {
    const { binding, error } = wasi()
    if (binding === undefined)
      throw failure(context, `DSP_NATIVE=wasi asks for ${WASI}`, wasiFix(error, version), error)
    return checked(context, binding, WASI, 'wasi')
  }
  if (choice !== '') {
    const path = resolve(choice)
    const { binding, error } = attempt(path)
    if (binding === undefined) {
      throw failure(context, `DSP_NATIVE=${choice} cannot be loaded`, fixOf(error, 'that file', version), error)
    }
    return checked(context, binding, path, 'native')
  }
  const local = join(__dirname, `dsp.${name}.node`)
  const source = existsSync(local) ? local : `@dsp/native-${name}`
  const native = source === local ? attempt(local) : platforms[name]?.()
  if (native?.binding !== undefined) return checked(context, native.binding, source, 'native')

  const reason = native === undefined ? 'there is no binary for this platform' : `${source} cannot be loaded`
  const other = wasi()
  if (other.binding !== undefined) {
    const why = native === undefined ? '' : ` (${said(native.error)})`
    process.emitWarning(`${reason}${why}: ${WASI} is used instead, which is slower`, { code: 'DSP_NATIVE_WASI' })
    return checked(context, other.binding, WASI, 'wasi')
  }
  const fix = native === undefined ? wasiFix(other.error, version) : fixOf(native.error, source, version)
  throw failure(context, reason, fix, native?.error)
}

function attempt(path) {
  try {
    checkLength(path)
    return { binding: require(path) }
  } catch (error) {
    return { error }
  }
}

/**
 * Throws if a Linux library ends before its table of sections, the last thing in it, does: the system would map it
 * all the same, and end the process (SIGBUS) where it reads beyond the end.
 * @param {unknown} path - What `require.resolve` said; a bundler may have made it anything.
 */
function checkLength(path) {
  if (process.platform !== 'linux' || typeof path !== 'string' || !path.endsWith('.node')) return
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(64)
    if (readSync(file, header, 0, 64, 0) < 64 || header.readUInt32BE(0) !== 0x7f454c46) return // which dlopen reports
    const end = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60)
    const { size } = fstatSync(file)
    if (size < end) throw new Error(`${path}: truncated: ${size} bytes of at least ${end}`)
  } finally {
    closeSync(file)
  }
}

/** The platform, as the packages are named. */
function platformName() {
  const { platform, arch } = process
  const abi = { linux: platform === 'linux' && isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[platform] ?? ''
  return `${platform}-${arch}${abi}`
}

/** Whether this process runs on musl, whatever else the system has. */
function isMusl() {
  try {
    const maps = readFileSync('/proc/self/maps', 'latin1')
    if (/\/(ld-musl-|libc\.musl-)/.test(maps)) return true
    if (/\/libc(\.so\.6|-2\.\d+\.so)$/m.test(maps)) return false
  } catch {
    // there is no /proc
  }
  return glibcVersion() === undefined
}

/** The version of glibc that Node.js runs on; it takes milliseconds to ask for. */
function glibcVersion() {
  const { report } = process
  if (report === undefined) return undefined
  const { excludeNetwork } = report
  report.excludeNetwork = true // which would look up host names
  const glibc = report.getReport()?.header?.glibcVersionRuntime
  report.excludeNetwork = excludeNetwork
  return glibc
}

/** What the system's C library is called in messages. */
function libcName() {
  if (process.platform !== 'linux') return ''
  return isMusl() ? 'musl' : `glibc ${glibcVersion() ?? ''}`.trim()
}

/** The binding, once it is known to be this version's. */
function checked(context, binding, source, kind) {
  const actual = binding.bindingVersion?.() ?? 'an unknown version'
  if (actual !== context.version) {
    const other = actual.startsWith('an ') ? actual : `@dsp/native ${actual}`
    throw failure(
      context,
      `${source} was built for ${other}`,
      'Two versions are mixed: `npm ls @dsp/native` shows who asks for which; ask for one, remove node_modules and install again. ' +
        'In a checkout, run `npm run build -w native/node`.',
    )
  }
  globalThis[LOADED] ??= new Map()
  const loaded = globalThis[LOADED]
  const others = [...loaded.entries()].filter(([, entry]) => entry.version !== actual)
  if (others.length > 0) {
    const list = [...others.map(([path, entry]) => `${entry.version} (${path})`), `${actual} (${__dirname})`].join(
      ' and ',
    )
    const hint = 'objects of one cannot be given to the other; see `npm ls @dsp/native`'
    process.emitWarning(`@dsp/native is loaded in two versions: ${list}; ${hint}`, { code: 'DSP_NATIVE_VERSIONS' })
  }
  loaded.set(__dirname, { version: actual, kind, source })
  return binding
}

/** What to do about an error of `require`. */
function fixOf(error, source, version) {
  const text = error.message
  const isPackage = source.startsWith('@')
  const again = isPackage
    ? 'Remove node_modules and install again.'
    : 'Build it again with `npm run build -w native/node`, or unset DSP_NATIVE if it is set.'
  if (error.code === 'MODULE_NOT_FOUND' && isPackage) {
    return (
      `It is an optional dependency that was not installed: run \`npm install ${source}@${version}\`. A lock file that was ` +
      'written on another platform, `--omit=optional` or node_modules copied from another machine leave it out. A bundle must leave ' +
      '@dsp/native external.'
    )
  }
  if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ENOENT') return 'There is no such file.'
  const [, glibc] = /version [`']?GLIBC_([\d.]+)/.exec(text) ?? []
  if (glibc !== undefined) {
    return `It needs glibc ${glibc} or newer, which this system lacks: use a newer system, or install ${WASI}@${version}.`
  }
  if (
    /too short|cannot read file data|invalid ELF header|truncated|file too small|not a valid Win32|not a mach-o/i.test(
      text,
    )
  ) {
    return `The file is damaged or for another platform. ${again}`
  }
  return again
}

function wasiFix(error, version) {
  if (error !== undefined && error.code !== 'MODULE_NOT_FOUND') return 'Remove node_modules and install again.'
  return (
    `Install the WebAssembly build, which runs everywhere: \`npm install ${WASI}@${version}\`. ` +
    'Or build the core from its source (Rust) and name the file in the environment variable DSP_NATIVE.'
  )
}

/** What an error says, without the files that required the missing one. */
function said(error) {
  return error.message.split('\nRequire stack')[0]
}

/** The DspError of a core that cannot be loaded. */
function failure({ version, supported }, what, fix, cause) {
  const { platform, arch } = process
  const libc = libcName()
  const actual = [platform, arch, libc].filter((part) => part !== '').join(' ')
  const why = cause === undefined ? '' : `: ${said(cause)}`
  const message =
    `the native core of @dsp/native ${version} cannot be used on ${actual} (Node.js ${process.versions.node}): ` +
    `${what}${why}. ${fix} Supported: ${supported.join(', ')}.`
  const error = new Error(message, cause === undefined ? undefined : { cause })
  Object.defineProperty(error, 'name', { value: 'DspError' })
  Object.defineProperty(error, BRAND, { value: true })
  const details = {
    code: 'ERR_DSP_NATIVE',
    argument: '@dsp/native',
    expected: `one of ${supported.join(', ')}`,
    actual,
  }
  return Object.assign(error, details, { platform, arch, libc, supported })
}

module.exports = { load, checkLength }
