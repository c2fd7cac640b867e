import { afterAll, expect, test } from 'vitest'
import { knownFailures } from './replay/known-failures.ts'
import { replay, type StepResult } from './replay/replay.ts'
import { readTrace, traceNames } from './replay/trace.ts'

/** REPLAY=apply-lists,watch replays only those traces and shows how each failing step differs. */
const only = process.env.REPLAY?.split(',')
const traces = traceNames().filter((name) => !only || only.includes(name))
const results: StepResult[] = []

function isKnown({ trace, name }: StepResult): boolean {
  return knownFailures[trace]?.[name] !== undefined
}

function describeFailure({ trace, index, name, differences }: StepResult): string {
  // Where the status differs, the bodies differ in everything.
  const telling = differences[0]?.startsWith('status')
    ? [differences[0], ...differences.filter((line) => /^(message|kind|reason):/.test(line))]
    : differences
  return [`${trace} [${index}] ${name}`, ...telling.map((line) => `    ${line}`)].join('\n')
}

test.concurrent.each(traces)('%s is answered as recorded', { timeout: 120_000 }, async (name) => {
  const played = await replay(readTrace(name))
  results.push(...played)
  const failed = played.filter(({ differences }) => differences.length > 0)
  for (const step of failed) if (only || !isKnown(step)) console.log(describeFailure(step))
  expect(failed.filter((step) => !isKnown(step)).map(({ index, name }) => `[${index}] ${name}`)).toEqual([])
  // A known failure that passes is none any more and must leave the list.
  const passed = played.filter(({ differences }) => differences.length === 0)
  expect(passed.filter(isKnown).map(({ name }) => name)).toEqual([])
})

afterAll(() => {
  const passed = results.filter(({ differences }) => differences.length === 0)
  const counts = traces.map((trace) => {
    const own = results.filter((step) => step.trace === trace)
    return `${trace} ${own.filter(({ differences }) => differences.length === 0).length}/${own.length}`
  })
  if (process.env.REPLAY_COUNTS) console.log(counts.join('\n'))
  console.log(`${passed.length} of ${results.length} recorded steps pass`)
  if (!only) expect(passed.length / results.length).toBeGreaterThanOrEqual(0.99)
})
