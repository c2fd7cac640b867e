import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { BatchSpanProcessor, ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import { CollectorLink } from './collector-link.ts'

function opened(queueLimit = 3) {
  const lines: string[] = []
  let now = 1000
  let outcome: ExportResult = { code: ExportResultCode.SUCCESS }
  const told = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  const log = { info: told('info'), warn: told('warn') }
  const link = new CollectorLink({ collector: 'otel:4317', queueLimit, clock: { now: () => now }, log })
  const exporter = { export: (_spans: unknown, done: (result: ExportResult) => void) => done(outcome) }
  const through = link.through(exporter as unknown as SpanExporter)
  const before = link.before({ onEnd() {} } as unknown as BatchSpanProcessor)
  const span = {} as ReadableSpan
  return {
    lines,
    end: (count: number) => {
      for (let at = 0; at < count; at++) before.onEnd(span)
    },
    send(count: number, result: ExportResult) {
      outcome = result
      through.export(
        Array.from({ length: count }, () => span),
        () => {},
      )
    },
    later(ms: number) {
      now += ms
    },
  }
}

const taken = { code: ExportResultCode.SUCCESS }
const refused = { code: ExportResultCode.FAILED, error: Object.assign(new Error('Bad Gateway'), { code: 502 }) }

test('a collector that fails is told of once, and once more when it has been well for a while', () => {
  const { lines, end, send, later } = opened()
  for (let round = 0; round < 5; round++) {
    end(2)
    send(2, refused)
  }
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^warn the collector does not take traces.*502 Bad Gateway/)
  end(1)
  send(1, taken)
  expect(lines).toHaveLength(1)
  later(60_000)
  end(1)
  send(1, taken)
  expect(lines[1]).toMatch(/^info the collector takes traces again.*"lost":10/)
  send(0, refused)
  expect(lines).toHaveLength(3)
})

test('spans that come faster than they are taken are lost with a word, and count', () => {
  const { lines, end, send, later } = opened()
  end(3)
  expect(lines).toEqual([])
  end(2)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/faster than it takes them/)
  send(3, taken)
  end(3)
  expect(lines).toHaveLength(1)
  later(60_000)
  send(3, taken)
  expect(lines[1]).toMatch(/"lost":2/)
})
