import { expect, test } from 'vitest'
import type { LogLine } from './application-objects.ts'
import { lineFilter, merged } from './pod-lines.ts'

async function* log(pod: string, texts: string[], ready: Promise<void> = Promise.resolve()): AsyncGenerator<LogLine> {
  for (const text of texts) {
    await ready
    yield { pod, text }
  }
}

test('of several logs, none waits for another', async () => {
  let open: () => void = () => {}
  const later = new Promise<void>((resolve) => {
    open = resolve
  })
  const seen: string[] = []
  for await (const { pod, text } of merged([log('slow', ['1'], later), log('quick', ['1', '2'])])) {
    seen.push(`${pod} ${text}`)
    if (seen.length === 2) open()
  }
  expect(seen).toEqual(['quick 1', 'quick 2', 'slow 1'])
})

test.each([
  [{}, 'anything', true],
  [{ filter: 'Error' }, 'an error', true],
  [{ filter: 'Error', matchCase: true }, 'an error', false],
  [{ filter: '!error' }, 'an Error', false],
  [{ filter: '!error' }, 'fine', true],
])('%j of %j: %j', (wanted, text, expected) => {
  expect(lineFilter(wanted)(text)).toBe(expected)
})
