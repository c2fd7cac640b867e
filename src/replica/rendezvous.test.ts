import { expect, test } from 'vitest'
import { ownerOf } from './rendezvous.ts'

const names = Array.from({ length: 300 }, (_, number) => `application-${number}`)
const owners = (replicas: string[]) => names.map((name) => ownerOf(name, replicas))

test('each replica gets about its share', () => {
  const found = owners(['a', 'b', 'c'])
  for (const replica of ['a', 'b', 'c'])
    expect(found.filter((owner) => owner === replica).length).toBeGreaterThan(names.length / 5)
})

test('when one goes, only what was its own moves', () => {
  const before = owners(['a', 'b', 'c'])
  const after = owners(['c', 'a'])
  expect(before.filter((owner, at) => owner !== 'b' && owner !== after[at])).toEqual([])
})

test('without replicas nothing belongs to anybody', () => expect(ownerOf('application', [])).toBeUndefined())
