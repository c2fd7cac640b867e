/** Traces by OpenTelemetry's SDK. Loaded only where they are collected; nothing of it is global to the process. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { hostname } from 'node:os'
import {
  type Context,
  isSpanContextValid,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { StageError } from '../model/index.ts'
import { CollectorLink } from './collector-link.ts'
import type { TraceSettings } from './trace-settings.ts'
import { type Attributes, type Beginning, noSpan, type Span, type Tracer } from './tracer.ts'

export interface TracingOptions {
  version: string
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
  clock?: { now(): number }
  env?: Record<string, string | undefined>
}

export interface Tracing {
  tracer: Tracer
  /** Sends what is left, as far as that goes quickly. */
  close(): Promise<void>
}

/** A sync of a thousand objects ends some thousands of spans at once; each takes a KB or two. */
const usualQueue = 8192
/** Of any text. */
const longest = 1024
/** Nobody waits longer for a collector at the end. */
const closingMs = 2000

export async function openTracing(settings: TraceSettings, options: TracingOptions): Promise<Tracing> {
  const { version, log, clock = Date, env = process.env } = options
  const queueLimit = Number(env.OTEL_BSP_MAX_QUEUE_SIZE) || usualQueue
  const delay = Number(env.OTEL_BSP_SCHEDULE_DELAY)
  const collector = new URL(settings.url).host
  const link = new CollectorLink({ collector, queueLimit, clock, log })
  const processor = new BatchSpanProcessor(link.through(await exporterOf(settings)), {
    maxQueueSize: queueLimit,
    ...(delay > 0 && { scheduledDelayMillis: delay }),
  })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'tiphys',
      'service.version': version,
      'host.name': hostname(),
      ...settings.attributes,
    }).merge(detectResources({ detectors: [envDetector] })),
    ...(settings.ratio !== undefined && {
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.ratio) }),
    }),
    ...(!env.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT && { spanLimits: { attributeValueLengthLimit: longest } }),
    spanProcessors: [link.before(processor)],
  })
  log.info({ collector, protocol: settings.protocol }, 'traces go to a collector')
  return {
    tracer: new CollectedTracer(provider.getTracer('tiphys', version)),
    async close() {
      const over = new AbortController()
      const late = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, closingMs)
        over.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
      })
      await Promise.race([provider.shutdown().catch(() => {}), late])
      over.abort()
    },
  }
}

async function exporterOf({ protocol, url, headers }: TraceSettings): Promise<SpanExporter> {
  if (protocol === 'http/protobuf') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
    return new OTLPTraceExporter({ url, headers })
  }
  const [{ OTLPTraceExporter }, { Metadata }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-grpc'),
    import('@grpc/grpc-js'),
  ])
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return new OTLPTraceExporter({ url, metadata })
}

const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT }

class CollectedTracer implements Tracer {
  readonly #tracer: OtelTracer
  readonly #contexts = new AsyncLocalStorage<Context>()

  constructor(tracer: OtelTracer) {
    this.#tracer = tracer
  }

  span<Result>(name: string, attributes: Attributes, work: (span: Span) => Result): Result {
    return this.#part(name, { attributes }, work)
  }

  request<Result>(name: string, attributes: Attributes, work: (span: Span) => Result): Result {
    return this.#part(name, { attributes, kind: 'client' }, work)
  }

  trace<Result>(name: string, beginning: Beginning, work: (span: Span) => Result): Result {
    const parent = parseTraceParent(beginning.parent ?? '')
    const isValid = parent !== null && isSpanContextValid(parent)
    const around = isValid ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT
    return this.#within(around, { name, beginning }, work)
  }

  traceparent(): string | undefined {
    const context = this.#current()?.spanContext()
    if (!context || !isSpanContextValid(context)) return undefined
    return `00-${context.traceId}-${context.spanId}-0${context.traceFlags & TraceFlags.SAMPLED}`
  }

  ids(): { trace_id: string; span_id: string } | undefined {
    const span = this.#current()
    if (!span?.isRecording()) return undefined
    const { traceId, spanId } = span.spanContext()
    return { trace_id: traceId, span_id: spanId }
  }

  #current(): OtelSpan | undefined {
    const context = this.#contexts.getStore()
    return context && trace.getSpan(context)
  }

  /** What began within a work and outlives it, such as a cache that it was the first to fill, belongs to it no more. */
  #part<Result>(name: string, beginning: Beginning, work: (span: Span) => Result): Result {
    const around = this.#contexts.getStore()
    if (!around || !trace.getSpan(around)?.isRecording()) return work(noSpan)
    return this.#within(around, { name, beginning }, work)
  }

  #within<Result>(
    around: Context,
    { name, beginning: { kind = 'internal', attributes = {} } }: { name: string; beginning: Beginning },
    work: (span: Span) => Result,
  ): Result {
    const started = this.#tracer.startSpan(name, { kind: kinds[kind] }, around)
    const span = new CollectedSpan(started)
    span.set(attributes)
    const failed = (error: unknown): never => {
      span.threw(error)
      started.end()
      throw error
    }
    try {
      const result = this.#contexts.run(trace.setSpan(around, started), () => work(span))
      if (!(result instanceof Promise)) {
        started.end()
        return result
      }
      return result.then((value) => {
        started.end()
        return value
      }, failed) as Result
    } catch (error) {
      return failed(error)
    }
  }
}

class CollectedSpan implements Span {
  readonly #span: OtelSpan
  readonly isRecorded: boolean
  #hasFailed = false

  constructor(span: OtelSpan) {
    this.#span = span
    this.isRecorded = span.isRecording()
  }

  set(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.#span.setAttribute(name, value as string | string[])
    }
  }

  event(name: string): void {
    this.#span.addEvent(name.slice(0, longest))
  }

  fail(message: string): void {
    this.#hasFailed = true
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, longest) })
  }

  /** What other errors say may quote what they are about; a StageError is told to people as it is. */
  threw(error: unknown): void {
    const { reason, name, code } = (error ?? {}) as { reason?: unknown; name?: unknown; code?: unknown }
    const type = error instanceof StageError ? error.stage : typeof reason === 'string' ? reason : name
    if (typeof code === 'number' && code >= 100) this.set({ 'http.response.status_code': code })
    // That something is not there is an answer like others.
    if (code === 404) return
    this.set({ 'error.type': typeof type === 'string' ? type : 'Error' })
    if (this.#hasFailed) return
    if (error instanceof StageError) this.fail(error.message)
    else this.#span.setStatus({ code: SpanStatusCode.ERROR })
  }
}
