import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StageError } from '../model/index.ts'
import { openTracing } from './open-tracing.ts'
import { laterTracer, noTracer, type Tracer, tracedLog } from './tracer.ts'

let collector: Server
let bodies: string[] = []

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    bodies.push(Buffer.concat(chunks).toString('latin1'))
    response.end()
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void collector.close())

/** What was sent, as bytes: texts stand in them as they are. */
async function sentBy(work: (tracer: Tracer) => unknown, ratio?: number): Promise<string> {
  bodies = []
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`
  const settings = { protocol: 'http/protobuf' as const, url, headers: {}, attributes: {} }
  const log = { info() {}, warn() {} }
  const tracing = await openTracing(
    { ...settings, ...(ratio !== undefined && { ratio }) },
    { version: '1', log, env: {} },
  )
  await work(tracing.tracer)
  await tracing.close()
  return bodies.join('')
}

test('a part belongs to what is under way, and where nothing is, only the work is done', async () => {
  const sent = await sentBy(async (tracer) => {
    expect(tracer.span('alone', {}, ({ isRecorded }) => isRecorded)).toBe(false)
    expect(tracer.ids()).toBeUndefined()
    await tracer.trace('whole', {}, async () => {
      await sleep(1)
      const around = tracer.ids()
      const within = await tracer.span('part', { word: 'told', nothing: undefined }, async () => tracer.ids())
      expect(within?.trace_id).toBe(around?.trace_id)
      expect(within?.span_id).not.toBe(around?.span_id)
    })
  })
  expect(sent).toMatch('whole')
  expect(sent).toMatch('told')
  expect(sent).not.toMatch('alone')
  expect(sent).not.toMatch('nothing')
})

test('what outlives the work that it began in belongs to that no more', async () => {
  let straggler: Promise<unknown> = Promise.resolve()
  const sent = await sentBy(async (tracer) => {
    tracer.trace('quick', {}, () => {
      straggler = sleep(5).then(() => tracer.span('straggler', {}, () => tracer.ids()))
    })
    expect(await straggler).toBeUndefined()
  })
  expect(sent).toMatch('quick')
  expect(sent).not.toMatch('straggler')
})

test('of an error its kind is told, and its words only where people are told them anyway', async () => {
  const sent = await sentBy(async (tracer) => {
    const thrown = new Error('the password is hunter2')
    expect(() =>
      tracer.trace('one', {}, () => {
        throw thrown
      }),
    ).toThrow(thrown)
    const stage = new StageError('source', 'the branch main is not there', { retry: false })
    await expect(
      tracer.trace('two', {}, async () => {
        throw stage
      }),
    ).rejects.toBe(stage)
    const said = tracer.trace('three', {}, async (span) => {
      span.fail('in our own words')
      throw new StageError('source', 'in words of others', { retry: false })
    })
    await expect(said).rejects.toThrow()
  })
  expect(sent).not.toMatch('hunter2')
  expect(sent).toMatch('the branch main is not there')
  expect(sent).toMatch('in our own words')
  expect(sent).not.toMatch('in words of others')
})

test('a trace goes on with that of its parent and its decision to be kept; what is no parent counts as none', async () => {
  const traceId = 'a'.repeat(32)
  const parent = (flags: string) => `00-${traceId}-${'b'.repeat(16)}-${flags}`
  const sent = await sentBy(async (tracer) => {
    tracer.trace('kept', { parent: parent('01') }, () => {
      expect(tracer.ids()?.trace_id).toBe(traceId)
      expect(tracer.traceparent()).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))
    })
    tracer.trace('dropped', { parent: parent('00') }, () => {
      expect(tracer.ids()).toBeUndefined()
      expect(tracer.traceparent()).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
    })
    for (const text of ['', 'nonsense', parent('01').toUpperCase(), `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`]) {
      tracer.trace('new', { parent: text }, () => expect(tracer.ids()?.trace_id).not.toBe(traceId))
    }
  })
  expect(sent).toMatch('kept')
  expect(sent).not.toMatch('dropped')
})

test('of traces that begin here as many are kept as the ratio says', async () => {
  expect(await sentBy((tracer) => tracer.trace('mine', {}, () => {}), 0)).toBe('')
  expect(await sentBy((tracer) => tracer.trace('mine', {}, () => {}), 1)).toMatch('mine')
})

test('texts are cut off', async () => {
  const sent = await sentBy((tracer) =>
    tracer.trace('long', { attributes: { long: 'x'.repeat(5000) } }, (span) => {
      span.event('y'.repeat(5000))
      span.fail('z'.repeat(5000))
    }),
  )
  for (const letter of ['x', 'y', 'z'])
    expect(sent.match(new RegExp(`${letter}+`, 'g'))?.map((run) => run.length)).toContain(1024)
})

test('a log names what is under way, and a tracer that comes later is the one from then on', async () => {
  const later = laterTracer()
  const lines: object[] = []
  const log = { debug() {}, warn() {}, error() {}, info: (fields: object) => void lines.push(fields) }
  const named = tracedLog(log, later)
  expect(later.trace('early', {}, () => noTracer.traceparent())).toBeUndefined()
  await sentBy((tracer) => {
    later.become(tracer)
    later.trace('whole', {}, () => named.info({ word: 1 }, 'said'))
    named.info({ word: 2 }, 'said')
  })
  expect(lines).toEqual([
    { word: 1, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), span_id: expect.stringMatching(/^[0-9a-f]{16}$/) },
    { word: 2 },
  ])
})
