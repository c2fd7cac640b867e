import { afterAll, expect, test } from 'vitest'
import { knownFailures } from './replay/known-failures.ts'
import { replay, type StepResult } from './replay/replay.ts'
import { readTrace, traceNames } from './replay/trace.ts'

/** The share of steps that must pass; it only ever goes up. */
const bar = 0.96

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
  if (only) for (const step of failed) console.log(describeFailure(step))
  if (only) expect(failed.filter((step) => !isKnown(step)).map(({ index, name }) => `[${index}] ${name}`)).toEqual([])
})

afterAll(() => {
  const passed = results.filter(({ differences }) => differences.length === 0)
  const counts = traces.map((trace) => {
    const own = results.filter((step) => step.trace === trace)
    return `${trace} ${own.filter(({ differences }) => differences.length === 0).length}/${own.length}`
  })
  if (process.env.REPLAY_COUNTS) console.log(counts.join('\n'))
  console.log(`${passed.length} of ${results.length} recorded steps pass`)
  if (!only) expect(passed.length / results.length).toBeGreaterThanOrEqual(bar)
})
