import { coreError } from './arrays.js'

/** Functions whose first argument is a path or bytes. */
const READERS = ['decodeAudio', 'decodeAudioSync', 'probeAudio', 'probeAudioSync', 'openAudio']

/** The module's exports, each of which copies and frees the arrays of its call. */
export function wrapExports(exports, arrays, files) {
  const wrapped = {}
  for (const [name, value] of Object.entries(exports)) {
    wrapped[name] =
      typeof value !== 'function' ? value : isClass(value) ? wrapClass(value, arrays) : wrap(value, arrays)
  }
  for (const name of READERS) {
    const read = wrapped[name]
    wrapped[name] = (input, ...rest) => read(typeof input === 'string' ? contents(input, files) : input, ...rest)
  }
  return wrapped
}

function isClass(value) {
  return Object.getOwnPropertyNames(value.prototype ?? {}).length > 1
}

function wrap(method, arrays) {
  return function (...values) {
    return arrays.call(() => method.apply(this, values))
  }
}

function wrapClass(type, arrays) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(type.prototype))) {
    if (name === 'constructor' || !property.configurable) continue
    for (const part of ['value', 'get', 'set']) {
      if (typeof property[part] === 'function') property[part] = wrap(property[part], arrays)
    }
    Object.defineProperty(type.prototype, name, property)
  }
  const construct = (target, values, newTarget) => arrays.call(() => Reflect.construct(target, values, newTarget))
  return new Proxy(type, { construct })
}

function contents(path, files) {
  if (files) return files(path)
  const message = `${path} cannot be read: a browser has no paths; give the file's bytes, a Blob or a stream of bytes`
  throw coreError('ERR_DSP_IO', 'input', 'bytes, a Blob or a stream of bytes', path, message)
}
