import { expect, test } from 'vitest'
import { Opened } from './opened.ts'

test('what was opened last is closed first, and a failure keeps nothing open', async () => {
  const opened = new Opened()
  const closed: string[] = []
  const keep = (name: string) => opened.keep(name, (thing) => closed.push(thing))
  expect(keep('first')).toBe('first')
  opened.keep('broken', () => Promise.reject(new Error('stuck')))
  keep('last')
  await expect(opened.close()).rejects.toThrow('stuck')
  expect(closed).toEqual(['last', 'first'])
})

test('nothing is closed twice', async () => {
  const opened = new Opened()
  let closed = 0
  opened.keep('thing', () => closed++)
  await opened.close()
  await opened.close()
  expect(closed).toBe(1)
})
