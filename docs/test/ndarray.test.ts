import fc from 'fast-check'
import ndarray from 'ndarray'
import { expect, test } from 'vitest'
import own from '../.vitepress/playground/ndarray.js'

interface Array_ {
  readonly shape: number[]
  readonly stride: number[]
  readonly offset: number
  readonly size: number
  readonly dimension: number
  readonly dtype: string
  get(...at: number[]): number
  pick(...at: (number | null)[]): Array_
  hi(...ends: number[]): Array_
  lo(...starts: number[]): Array_
  step(...steps: number[]): Array_
  transpose(...axes: number[]): Array_
}

/** All that can be seen of an array, its elements included. */
function seen(array: Array_) {
  const elements: number[] = []
  const visit = (at: number[]) => {
    if (at.length === array.shape.length) elements.push(array.get(...at))
    else for (let i = 0; i < array.shape[at.length]!; i++) visit([...at, i])
  }
  visit([])
  const { shape, stride, offset, size, dimension, dtype } = array
  return { shape: [...shape], stride: [...stride], offset, size, dimension, dtype, elements }
}

test('the ndarray without generated code is the ndarray', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(cuts, fc.infiniteStream(fc.nat({ max: 2 })), (shape, numbers) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const data = Float32Array.from({ length: size }, (_, i) => i)
      const pair = [ndarray(data, [...shape]), own(data, [...shape])] as unknown as Array_[]
      const draws = shape.map((length) => numbers.next().value % length)
      const axes = shape.map((_, axis) => shape.length - 1 - axis)
      const signs = draws.map((draw) => (draw === 0 ? -1 : draw))
      const views: ((array: Array_) => Array_)[] = [
        (array) => array,
        (array) => array.pick(...draws.map((draw, axis) => (axis === 0 ? draw : null))),
        (array) => array.hi(...draws.map((draw) => draw + 1)),
        (array) => array.lo(...draws),
        (array) => array.step(...signs),
        (array) => array.transpose(...axes),
        (array) =>
          array
            .transpose(...axes)
            .lo(...[...draws].reverse())
            .step(...[...signs].reverse()),
      ]
      for (const view of views) expect(seen(view(pair[1]!))).toEqual(seen(view(pair[0]!)))
    }),
    { seed: 13, numRuns: 300 },
  )
})

test('a value is set', () => {
  const array = own(new Float32Array(4), [2, 2])
  expect(array.set(1, 0, 7)).toBe(7)
  expect(array.get(1, 0)).toBe(7)
})
