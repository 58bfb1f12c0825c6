import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { writeWav } from '@dsp/audio'
import { DspError, tensor } from '@dsp/tensor'
import { followLinks, writeError } from './output.js'
import { guardTemporary } from './temporary.js'

/** The largest size that the header of a WAV file can state. */
const MAX_BYTES = 0xffff_ffff

/**
 * A float32 WAV file that is written block by block under a temporary name and gets its own when it is whole. The bytes are those
 * that `writeWav` of @dsp/audio writes in one go.
 */
export class WavFile {
  private samples = 0
  private bytes = 0

  private constructor(
    private readonly path: string,
    private readonly target: string,
    private readonly temporary: string,
    private readonly file: FileHandle,
    private readonly release: () => void,
    private readonly channels: number,
    private readonly header: Uint8Array,
  ) {}

  /**
   * Begins a file.
   * @param path - Its name when it is whole; a file of this name is replaced.
   * @param channels - Number of channels.
   * @param sampleRate - Sample rate in Hz.
   */
  static async create(path: string, channels: number, sampleRate: number): Promise<WavFile> {
    const header = writeWav({ samples: tensor(new Float32Array(0), [channels, 0]), sampleRate })
    const target = await followLinks(path)
    const temporary = `${target}.${process.pid}.tmp`
    const release = guardTemporary(temporary)
    try {
      const wav = new WavFile(path, target, temporary, await open(temporary, 'w'), release, channels, header)
      await wav.put(header)
      return wav
    } catch (error) {
      release()
      throw writeError(path, error)
    }
  }

  /** Adds a block: one array per channel, all of one length. */
  async append(block: readonly Float32Array[]): Promise<void> {
    const { channels } = this
    const length = block[0]!.length
    const bytes = new Uint8Array(4 * channels * length)
    if (this.bytes + bytes.length > MAX_BYTES) {
      throw new DspError(`${this.path}: a WAV file holds at most 4 GiB; cut the recording into parts`, {
        code: 'ERR_DSP_ARGUMENT',
        argument: this.path,
      })
    }
    const view = new DataView(bytes.buffer)
    for (const [channel, samples] of block.entries()) {
      for (let i = 0; i < length; i++) view.setFloat32(4 * (i * channels + channel), samples[i]!, true)
    }
    await this.put(bytes)
    this.samples += length
  }

  /** Completes the header: the file is whole, but for its name. */
  async seal(): Promise<void> {
    const { header, file, bytes } = this
    const view = new DataView(header.buffer, header.byteOffset, header.length)
    view.setUint32(4, bytes - 8, true)
    // After `fact` and its length stands the number of samples; the size of the data stands last.
    view.setUint32(46, this.samples, true)
    view.setUint32(header.length - 4, bytes - header.length, true)
    try {
      await file.write(header, 0, header.length, 0)
      await file.sync()
      await file.close()
    } catch (error) {
      throw writeError(this.path, error)
    }
  }

  /** Gives a sealed file its name. */
  async publish(): Promise<void> {
    await rename(this.temporary, this.target).catch((error: unknown) => {
      throw writeError(this.path, error)
    })
    this.release()
  }

  /** Removes what was written; for work that failed. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => {})
    await rm(this.temporary, { force: true })
    this.release()
  }

  private async put(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at, bytes.length - at)).bytesWritten
    } catch (error) {
      throw writeError(this.path, error)
    }
    this.bytes += bytes.length
  }
}
