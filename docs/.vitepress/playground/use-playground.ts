import type { FeatureKind, FrameTiming } from '@dsp/features'
import { computed, onMounted, onUnmounted, reactive, ref, shallowRef, watch } from 'vue'
import { missing, startWorker } from '#playground/start'
import { choices } from './choices.js'
import {
  type KindInfo,
  MAX_BYTES,
  type Part,
  type Reply,
  type Request,
  type Settings,
  type Values,
} from './messages.js'
import { type Recording, startMicrophone } from './microphone.js'
import { Player } from './player.js'
import { oneShotSnippet, streamSnippet } from './snippet.js'
import { TrackData } from './track-data.js'

/** What a computation has brought. */
interface Plan {
  readonly settings: Settings
  readonly given: Values
  readonly all: Values
  readonly timing: FrameTiming
  readonly whole: string | null
}

interface Source {
  readonly name: string
  readonly isMicrophone: boolean
}

/** After an option has changed, so many milliseconds pass before it is used: a slider is still moving. */
const SETTLE = 120

/** All that the playground knows and does; its components only show it. */
export function usePlayground() {
  const phase = ref<'loading' | 'ready' | 'failed'>('loading')
  const failure = ref('')
  const kinds = shallowRef(new Map<FeatureKind, KindInfo>())
  const kind = ref<FeatureKind>(choices[0]!.kind)
  const rates = reactive(Object.fromEntries(choices.map((choice) => [choice.kind, choice.rates[0]!])))
  const changed = reactive<Record<string, Record<string, string>>>(
    Object.fromEntries(choices.map((choice) => [choice.kind, { ...choice.start }])),
  )
  const source = shallowRef<Source | null>(null)
  const state = ref<'idle' | 'opening' | 'computing'>('idle')
  const isRecording = ref(false)
  const problem = ref<{ message: string; argument: string | null } | null>(null)
  const notes = ref<readonly string[]>([])
  const progress = ref<{ seconds: number; total: number | null; ms: number; cancelled: boolean } | null>(null)
  const timed = ref<{ ms: number; seconds: number; runs: number } | null>(null)
  const isTiming = ref(false)
  const plan = shallowRef<Plan | null>(null)
  const tracks = shallowRef<readonly TrackData[]>([])
  /** Counts changes of the columns, which are too many to be watched. */
  const version = ref(0)
  const playing = ref<Part | null>(null)

  const choice = computed(() => choices.find((candidate) => candidate.kind === kind.value)!)
  const info = computed(() => kinds.value.get(kind.value) ?? null)

  let worker: Worker | undefined
  let recording: Recording | undefined
  let file: { name: string; read: () => Promise<ArrayBuffer> } | undefined
  let id = 0
  const player = new Player()

  function ask(request: Request, transfer: Transferable[] = []): void {
    worker?.postMessage(request, transfer)
  }

  function fail(message: string, argument: string | null = null): void {
    problem.value = { message, argument }
  }

  function tell(message: string): void {
    if (!notes.value.includes(message)) notes.value = [...notes.value, message]
  }

  function settings(): Settings {
    return { kind: kind.value, rate: rates[kind.value]!, set: { ...changed[kind.value] } }
  }

  /** A change of the options that has not been taken up yet. */
  let settling: ReturnType<typeof setTimeout> | undefined

  function compute(): void {
    // With the options as they are: a change that waits is among them, and would start again what was cancelled meanwhile.
    clearTimeout(settling)
    if (source.value === null) return
    problem.value = null
    timed.value = null
    if (playing.value !== 'sound') stopPlaying()
    state.value = 'computing'
    ask({ type: 'compute', id: ++id, settings: settings() })
  }

  function begin(next: Source): void {
    stopPlaying()
    stopRecording()
    source.value = next
    plan.value = null
    tracks.value = []
    progress.value = null
    problem.value = null
    notes.value = []
  }

  async function openFile(given: File): Promise<void> {
    if (phase.value !== 'ready') return
    if (given.size > MAX_BYTES) {
      fail(
        `${given.name} has ${size(given.size)}: files up to ${size(MAX_BYTES)} can be opened here. ` +
          'For longer recordings use @dsp/audio in Node.js, which reads them a block at a time.',
      )
      return
    }
    if (given.size === 0) {
      fail(`${given.name} is empty.`)
      return
    }
    try {
      await open(given.name, () => given.arrayBuffer())
    } catch (error) {
      fail(`${given.name} cannot be read: ${(error as Error).message}`)
    }
  }

  async function open(name: string, read: () => Promise<ArrayBuffer>): Promise<void> {
    const bytes = await read()
    begin({ name, isMicrophone: false })
    // For the browser's decoder, which is only asked if ours does not know the format.
    file = { name, read }
    ask({ type: 'open', name, bytes }, [bytes])
    compute()
  }

  async function openSample(name: string, url: string): Promise<void> {
    try {
      const response = await fetch(url)
      if (!response.ok) throw new Error(`the server answered ${response.status}`)
      const bytes = await response.arrayBuffer()
      await open(name, async () => bytes)
    } catch (error) {
      fail(`The recording cannot be loaded: ${(error as Error).message}`)
    }
  }

  async function decodeInBrowser(why: string): Promise<void> {
    const { name, read } = file!
    try {
      // The rate of the context is the one that the browser resamples to.
      const { numberOfChannels, sampleRate, ...buffer } = await decoded(await read())
      const channels = Array.from({ length: numberOfChannels }, (_, i) => buffer.channel(i))
      tell(`${name} was decoded by the browser (AudioContext.decodeAudioData), because @dsp/audio does not: ${why}`)
      ask(
        { type: 'decoded', channels, sampleRate },
        channels.map(({ buffer }) => buffer as ArrayBuffer),
      )
      compute()
    } catch {
      state.value = 'idle'
      source.value = null
      fail(`${name} is not sound that can be decoded. @dsp/audio says: ${why}. The browser cannot decode it either.`)
    }
  }

  async function record(): Promise<void> {
    problem.value = null
    try {
      const started = await startMicrophone(stopRecording)
      begin({ name: 'microphone', isMicrophone: true })
      recording = started
      isRecording.value = true
      ask({ type: 'listen', sampleRate: started.sampleRate, port: started.port }, [started.port])
      compute()
    } catch (error) {
      fail((error as Error).message)
    }
  }

  function stopRecording(): void {
    recording?.stop()
    recording = undefined
    isRecording.value = false
  }

  function cancel(): void {
    stopRecording()
    ask({ type: 'cancel' })
  }

  function time(): void {
    isTiming.value = true
    problem.value = null
    ask({ type: 'time', id: ++id, settings: settings() })
  }

  function play(part: Part): void {
    if (playing.value === part) stopPlaying()
    else ask({ type: 'samples', part })
  }

  function stopPlaying(): void {
    player.stop()
    playing.value = null
  }

  function receive(reply: Reply): void {
    // What belongs to a computation that another one has replaced is ignored.
    if ('id' in reply && reply.id !== null && reply.id !== id) return
    switch (reply.type) {
      case 'ready':
        kinds.value = new Map(reply.kinds.map((kind) => [kind.kind, kind]))
        phase.value = 'ready'
        return
      case 'failed':
        broken(reply.message)
        return
      case 'plan': {
        const { given, all, timing, total, whole } = reply
        plan.value = { settings: settings(), given, all, timing, whole }
        tracks.value = reply.tracks.map((track) => new TrackData(track))
        progress.value = { seconds: 0, total, ms: 0, cancelled: false }
        return
      }
      case 'columns':
        tracks.value[reply.track]?.put(reply.from, reply.values)
        version.value++
        return
      case 'progress':
        progress.value = { ...reply, cancelled: false }
        return
      case 'done':
        state.value = 'idle'
        // A recording of the greatest length has ended by itself.
        stopRecording()
        progress.value = { ...reply, total: reply.cancelled ? (progress.value?.total ?? null) : reply.seconds }
        return
      case 'timed':
        isTiming.value = false
        timed.value = reply
        return
      case 'samples':
        playing.value = reply.part
        player
          .play(reply.samples, reply.sampleRate, () => {
            playing.value = null
          })
          .catch((error: Error) => fail(`The sound cannot be played: ${error.message}`))
        return
      case 'note':
        tell(reply.message)
        return
      case 'undecodable':
        void decodeInBrowser(reply.message)
        return
      case 'error':
        state.value = 'idle'
        isTiming.value = false
        fail(reply.message, reply.argument)
    }
  }

  function broken(message: string): void {
    phase.value = 'failed'
    state.value = 'idle'
    failure.value =
      typeof WebAssembly === 'undefined'
        ? 'This browser has no WebAssembly (or it is switched off), which the playground computes with.'
        : isolation(message)
  }

  const set = (name: string, text: string | null): void => {
    if (text === null) delete changed[kind.value]![name]
    else changed[kind.value]![name] = text
  }

  onMounted(() => {
    if (missing !== null) {
      phase.value = 'failed'
      failure.value = missing
      return
    }
    try {
      worker = startWorker()
      worker.onmessage = ({ data }: MessageEvent<Reply>) => receive(data)
      worker.onerror = (event) => broken(event.message || 'the worker could not be loaded')
    } catch (error) {
      broken((error as Error).message)
    }
  })
  onUnmounted(() => {
    player.close()
    stopRecording()
    worker?.terminate()
  })

  watch([kind, rates, changed], () => {
    clearTimeout(settling)
    settling = setTimeout(compute, SETTLE)
  })

  const snippets = computed(() => {
    const known = plan.value
    if (known === null) return null
    const { settings, given, all } = known
    const used = choices.find((candidate) => candidate.kind === settings.kind)!
    const name = source.value === null || source.value.isMicrophone ? 'recording.wav' : source.value.name
    const rateOption = kinds.value.get(settings.kind)?.rateOption ?? null
    return {
      whole: oneShotSnippet(used, settings.rate, given, all, name),
      stream: streamSnippet(used, settings.rate, given, all, rateOption, name),
    }
  })

  return {
    phase,
    failure,
    kind,
    choice,
    info,
    rates,
    changed,
    source,
    state,
    isRecording,
    problem,
    notes,
    progress,
    timed,
    isTiming,
    plan,
    tracks,
    version,
    playing,
    player,
    snippets,
    set,
    openFile,
    openSample,
    record,
    stopRecording,
    cancel,
    time,
    play,
  }
}

/** A number of bytes in words. */
function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`
}

/** What the browser's decoder makes of a file. */
async function decoded(bytes: ArrayBuffer) {
  const context = new OfflineAudioContext(1, 1, 44100)
  const buffer = await context.decodeAudioData(bytes)
  return {
    numberOfChannels: buffer.numberOfChannels,
    sampleRate: buffer.sampleRate,
    channel: (i: number) => buffer.getChannelData(i).slice(),
  }
}

/** Adds what the threaded form of the core needs, where that is what lacks. */
function isolation(message: string): string {
  const needsThreads = /SharedArrayBuffer|shared memory|crossOriginIsolated|DataCloneError/i.test(message)
  return needsThreads && !globalThis.crossOriginIsolated
    ? 'This build of the core uses threads, which a browser allows only on a page served with the headers ' +
        '“Cross-Origin-Opener-Policy: same-origin” and “Cross-Origin-Embedder-Policy: require-corp”. ' +
        `Serve the site with them, or build the core without threads. (${message})`
    : `The WebAssembly core cannot be used: ${message}`
}
