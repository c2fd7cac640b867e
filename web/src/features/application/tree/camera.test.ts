import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Camera, clamped, fitting, inSight, margin, revealing, zoomedAt } from './camera.ts'

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const cameras: fc.Arbitrary<Camera> = fc.record({
  x: number(-5000, 5000),
  y: number(-5000, 5000),
  scale: number(0.2, 2),
})
const size = fc.record({ width: number(200, 4000), height: number(200, 4000) })

test('something of the drawing is always in sight, and putting it right twice changes nothing', () => {
  fc.assert(
    fc.property(cameras, size, size, (camera, content, view) => {
      const kept = clamped(camera, content, view)
      expect(kept.x).toBeLessThanOrEqual(margin)
      expect(kept.x + content.width * kept.scale).toBeGreaterThan(0)
      expect(clamped(kept, content, view)).toEqual(kept)
    }),
  )
})

test('what is below the pointer stays there while it is enlarged', () => {
  fc.assert(
    fc.property(cameras, number(0.2, 2), number(0, 1000), number(0, 1000), (camera, scale, x, y) => {
      const after = zoomedAt(camera, scale, { x, y })
      expect((x - after.x) / after.scale).toBeCloseTo((x - camera.x) / camera.scale, 4)
      expect((y - after.y) / after.scale).toBeCloseTo((y - camera.y) / camera.scale, 4)
    }),
  )
})

test('all of it is in sight when that is asked for, and never larger than life', () => {
  const view = { width: 1000, height: 600 }
  const { scale } = fitting({ width: 4000, height: 1000 }, view)
  expect(scale).toBeCloseTo((1000 - 2 * margin) / 4000)
  expect(fitting({ width: 100, height: 100 }, view)).toEqual({ x: margin, y: margin, scale: 1 })
})

test('a node is brought into sight by the shortest way, and one that is in sight moves nothing', () => {
  const view = { width: 1000, height: 600 }
  const camera = { x: 24, y: 24, scale: 1 }
  const box = { x: 100, y: 100, width: 248, height: 44 }
  expect(revealing(camera, box, view)).toEqual(camera)
  const moved = revealing(camera, { ...box, y: 2000 }, view)
  expect(moved.y + 2000 + 44).toBe(600 - margin)
  const sight = inSight(moved, view, 0)
  expect(sight.y).toBeLessThan(2000)
  expect(sight.y + sight.height).toBeGreaterThan(2044)
})
