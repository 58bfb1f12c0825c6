// Times the first layer on one thread: node packages/sincnet/bench/sinc.mjs (bench/sinc.py times PyTorch on the same work).
import { sinc } from '@dsp/sincnet'
import { noise } from '@dsp/tensor/testing'

for (const pairs of [false, true]) {
  for (const batch of [1, 32]) {
    const y = { data: noise(batch * 48000, 1), shape: [batch, 48000] }
    const times = Array.from({ length: 60 }, () => {
      const from = performance.now()
      sinc(y, { pairs })
      return performance.now() - from
    }).sort((a, b) => a - b)
    console.log(`${pairs ? 'pairs' : 'real'}, ${batch} x 3 s: ${times[30].toFixed(3)} ms (best ${times[0].toFixed(3)})`)
  }
}
