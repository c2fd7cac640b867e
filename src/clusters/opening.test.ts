import { expect, test } from 'vitest'
import { Opening } from './opening.ts'

const none = { kinds: 0, listed: 0, objects: 0 }

test('a cluster that has not answered yet is spoken of after eight seconds', () => {
  const opening = new Opening(1_000)
  opening.note(none, 1_500)
  opening.note(none, 8_000)
  expect(opening.isOver(8_999)).toBe(false)
  expect(opening.isOver(9_000)).toBe(true)
})

test('one whose lists stand still is spoken of four seconds after the last that came in', () => {
  const opening = new Opening(1_000)
  opening.note({ kinds: 60, listed: 0, objects: 0 }, 1_200)
  opening.note({ kinds: 60, listed: 59, objects: 90 }, 2_000)
  opening.note({ kinds: 60, listed: 59, objects: 90 }, 5_500)
  expect(opening.isOver(5_999)).toBe(false)
  expect(opening.isOver(6_000)).toBe(true)
})

test('a large one that goes on is given the whole time', () => {
  const opening = new Opening(0)
  for (let now = 0; now < 8_000; now += 500) {
    opening.note({ kinds: 60, listed: 3, objects: now }, now)
    expect(opening.isOver(now)).toBe(false)
  }
  expect(opening.isOver(8_000)).toBe(true)
})
