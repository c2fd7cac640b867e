import { expect, test } from 'vitest'
import type { Download, Downloader } from './download.ts'
import { openOciRegistry } from './oci-registry.ts'

/** A registry that gives the tags of a chart so many at a time, whatever it is asked for. */
function registry(tags: string[], atATime: number) {
  const downloader = {
    async get(url: string): Promise<Download> {
      const from = Number(new URL(url).searchParams.get('from') ?? 0)
      const next = from + atATime
      const link = next < tags.length ? { link: `</v2/org/demo/tags/list?from=${next}>; rel="next"` } : {}
      const body = Buffer.from(JSON.stringify({ tags: tags.slice(from, next) }))
      return { status: 200, headers: link, body, url } as unknown as Download
    },
  } as unknown as Downloader
  return openOciRegistry('registry.example.com/org', { downloader })
}

const tags = (count: number) => Array.from({ length: count }, (_, at) => `1.${at}.0`)

test('the newest version is among those of a registry, on however many pages it is', async () => {
  const versions = await registry(tags(10_000), 100).versions('demo')
  expect(versions).toHaveLength(10_000)
  expect(versions.at(-1)).toBe('1.9999.0')
})

test('where there are more than are read that is said, and no older version is taken', async () => {
  const message =
    /registry.example.com\/org\/demo has more tags than are read .* name an exact version in targetRevision/
  await expect(registry(tags(250_000), 100_000).versions('demo')).rejects.toThrow(message)
  await expect(registry(tags(5_000), 1).versions('demo')).rejects.toThrow(message)
})

test('what is no tag is left out', async () => {
  const odd = [1, null, {}, 'x'.repeat(200), '1.0.0_build'] as string[]
  expect(await registry(odd, 100).versions('demo')).toEqual(['1.0.0+build'])
})
