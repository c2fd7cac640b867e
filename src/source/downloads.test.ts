import { expect, test } from 'vitest'
import { openDownloads } from './downloads.ts'

const large = (): Promise<Buffer> => Promise.resolve(Buffer.alloc(10 * 1024 * 1024))

test('files that were downloaded take no more than a fixed room, and those used last stay', async () => {
  const downloads = openDownloads()
  for (let at = 0; at < 50; at++) {
    downloads.keep(`https://x.example/${at}`, { at, content: large() })
    await undefined
  }
  await new Promise(setImmediate)
  expect(downloads.size).toBeLessThanOrEqual(64 * 1024 * 1024)
  expect(downloads.get('https://x.example/49')?.at).toBe(49)
  expect(downloads.get('https://x.example/0')).toBeUndefined()
})

test('what failed is asked for again', async () => {
  const downloads = openDownloads()
  const content = Promise.reject(new Error('down'))
  downloads.keep('https://x.example/', { at: 1, content })
  await expect(content).rejects.toThrow('down')
  await new Promise(setImmediate)
  expect(downloads.get('https://x.example/')).toBeUndefined()
})
