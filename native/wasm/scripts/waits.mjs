/**
 * A browser's main thread must not wait (`memory.atomic.wait32` traps there), yet Rust's standard library waits with that very
 * instruction, in code that was compiled long ago, and for more than a moment nobody could end the wait when another thread is lost.
 * So each of these instructions becomes a call of the import `env.dsp_wait`, which has the same arguments and result and is written
 * in JavaScript (`loader/wait.js`). Both take four bytes: everything else in the module stays where it is.
 */

const IMPORT = 'env.dsp_wait'
const SECTION = { import: 2, code: 10 }

/** Replaces the waits of a module, in place, and says how many there were. */
export function replaceWaits(module) {
  const reader = new Reader(module, 8)
  let target
  let count = 0
  while (reader.at < module.length) {
    const id = reader.byte()
    const end = reader.u32() + reader.at
    if (id === SECTION.import) target = importOf(reader)
    if (id === SECTION.code) {
      if (target === undefined) throw new Error(`the module does not import ${IMPORT}`)
      for (let bodies = reader.u32(); bodies > 0; bodies--) count += inBody(reader, target)
    }
    if (id === SECTION.code && reader.at !== end) throw new Error('the code does not end where its section does')
    reader.at = end
  }
  return count
}

/** The index of the function {@link IMPORT}. */
function importOf(reader) {
  let [index, found] = [0, undefined]
  for (let imports = reader.u32(); imports > 0; imports--) {
    const name = `${reader.name()}.${reader.name()}`
    const kind = reader.byte()
    if (kind === 0) {
      reader.u32()
      if (name === IMPORT) found = index
      index++
    } else if (kind === 1) {
      reader.byte()
      reader.limits()
    } else if (kind === 2) {
      reader.limits()
    } else {
      reader.skip(2)
    }
  }
  return found
}

function inBody(reader, target) {
  const end = reader.u32() + reader.at
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32()
    reader.byte()
  }
  let count = 0
  while (reader.at < end) {
    const start = reader.at
    if (!instruction(reader)) continue
    const [, , , offset] = reader.bytes.subarray(start, reader.at)
    if (reader.at - start !== 4 || offset !== 0) throw new Error('a wait has an offset, for which a call has no room')
    reader.bytes.set([0x10, (target & 127) | 128, ((target >> 7) & 127) | 128, target >> 14], start)
    count++
  }
  if (reader.at !== end || reader.bytes[end - 1] !== 0x0b) throw new Error('a function does not end where it should')
  return count
}

/** Reads one instruction, and says whether it is a wait. */
function instruction(reader) {
  const opcode = reader.byte()
  if (opcode === 0xfe) return atomic(reader)
  if (opcode === 0xfd) vector(reader)
  else if (opcode === 0xfc) bulk(reader)
  else if (opcode === 0x0e) {
    for (let labels = reader.u32() + 1; labels > 0; labels--) reader.u32()
  } else if (opcode === 0x1c) {
    for (let types = reader.u32(); types > 0; types--) reader.byte()
  } else if (opcode >= 0x28 && opcode <= 0x3e) reader.memory()
  else if (opcode === 0x11 || opcode === 0x13) reader.skipNumbers(2)
  else if (opcode === 0x43) reader.skip(4)
  else if (opcode === 0x44) reader.skip(8)
  // Blocks have a type, and these a label, a function, a variable, a table, a memory, an integer or a type.
  else if ([0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10, 0x12, 0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2].includes(opcode))
    reader.skipNumbers(1)
  else if (opcode >= 0x20 && opcode <= 0x26) reader.skipNumbers(1)
  else if (
    !(opcode <= 0x01 || [0x05, 0x0b, 0x0f, 0x1a, 0x1b, 0xd1].includes(opcode) || (opcode >= 0x45 && opcode <= 0xc4))
  )
    throw new Error(`the instruction ${opcode.toString(16)} at ${reader.at - 1} is not known`)
  return false
}

function atomic(reader) {
  const which = reader.u32()
  if (which === 3) reader.skip(1)
  else reader.memory()
  if (which === 2) throw new Error('a wait for 64 bits is not known')
  return which === 1
}

function vector(reader) {
  const which = reader.u32()
  if (which <= 11 || which === 92 || which === 93) reader.memory()
  else if (which === 12 || which === 13) reader.skip(16)
  else if (which >= 21 && which <= 34) reader.skip(1)
  else if (which >= 84 && which <= 91) {
    reader.memory()
    reader.skip(1)
  }
}

function bulk(reader) {
  const which = reader.u32()
  if (which > 17) throw new Error(`the instruction fc ${which} is not known`)
  if ([8, 10, 12, 14].includes(which)) reader.skipNumbers(2)
  else if (which >= 9) reader.skipNumbers(1)
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes
    this.at = at
  }

  byte() {
    return this.bytes[this.at++]
  }

  u32() {
    let [value, shift, byte] = [0, 0, 0]
    do {
      byte = this.byte()
      value |= (byte & 127) << shift
      shift += 7
    } while (byte & 128)
    return value >>> 0
  }

  name() {
    const length = this.u32()
    this.at += length
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at))
  }

  limits() {
    const flags = this.u32()
    this.skipNumbers(flags & 1 ? 2 : 1)
  }

  /** The alignment and the offset of an access. */
  memory() {
    this.skipNumbers(2)
  }

  skip(bytes) {
    this.at += bytes
  }

  /** Numbers of any width, signed ones, too. */
  skipNumbers(count) {
    for (; count > 0; count--) while (this.byte() & 128);
  }
}
