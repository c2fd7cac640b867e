/** A collector of traces as OpenTelemetry describes one, over HTTP and over gRPC; it can be told to fail. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server as GrpcServer, type handleUnaryCall, ServerCredentials } from '@grpc/grpc-js'
import protobuf from 'protobufjs'
import type { WorldOptions } from './world.ts'

/** As far as it matters here; the numbers are those of the protocol. */
const protocol = protobuf
  .parse(`
syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
}
message Event { string name = 2; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
`)
  .root.lookupType('Request')

export interface CollectedSpan {
  traceId: string
  spanId: string
  /** Empty for the first of a trace. */
  parentId: string
  name: string
  kind: 'internal' | 'server' | 'client'
  attributes: Record<string, unknown>
  events: string[]
  /** undefined where nothing has failed. */
  error: string | undefined
  resource: Record<string, unknown>
  /** In milliseconds since the epoch. */
  startedAt: number
  endedAt: number
}

export interface Collector {
  /** Of OTLP over HTTP. */
  url: string
  /** Of OTLP over gRPC. */
  address: string
  spans: CollectedSpan[]
  /** The headers of each request, of gRPC its metadata. */
  headers: Record<string, unknown>[]
  /** What becomes of requests from now on. */
  behave(as: 'take' | 'fail' | 'hang'): void
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  let behaviour: 'take' | 'fail' | 'hang' = 'take'
  const spans: CollectedSpan[] = []
  const headers: Record<string, unknown>[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    headers.push(request.headers)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (behaviour === 'hang') return
    if (behaviour === 'fail') return void response.writeHead(500).end('no')
    if (request.url !== '/v1/traces') return void response.writeHead(404).end()
    spans.push(...decoded(Buffer.concat(chunks)))
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }

  const http = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

  const take: handleUnaryCall<Buffer, Buffer> = (call, done) => {
    headers.push(call.metadata.getMap())
    spans.push(...decoded(call.request))
    done(null, Buffer.alloc(0))
  }
  const grpc = new GrpcServer()
  const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value }
  const Export = {
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  }
  grpc.addService({ Export }, { Export: take })
  const port = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    address: `127.0.0.1:${port}`,
    spans,
    headers,
    behave(as) {
      behaviour = as
    },
    async close() {
      grpc.forceShutdown()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** A world whose traces are collected, at once and as among what is told. */
export function collectedBy(collector: Collector): Pick<WorldOptions, 'env' | 'alsoSaid'> {
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '50' },
    alsoSaid: () => ({ 'a trace': JSON.stringify(collector.spans) }),
  }
}

type Field = Record<string, unknown>

function decoded(body: Buffer): CollectedSpan[] {
  const request = protocol.toObject(protocol.decode(body), { longs: String, bytes: Buffer, arrays: true }) as Field
  return listOf(request.resourceSpans).flatMap(({ resource, scopeSpans }) => {
    const ofResource = attributesOf((resource as Field).attributes)
    return listOf(scopeSpans).flatMap(({ spans }) => listOf(spans).map((span) => spanOf(span, ofResource)))
  })
}

const kinds = ['internal', 'internal', 'server', 'client'] as const
const failed = 2

function spanOf(span: Field, resource: Field): CollectedSpan {
  const hex = (value: unknown) => (value ? Buffer.from(value as Buffer).toString('hex') : '')
  const { code, message } = (span.status ?? {}) as { code?: number; message?: string }
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: hex(span.parentSpanId),
    name: String(span.name),
    kind: kinds[span.kind as number] ?? 'internal',
    attributes: attributesOf(span.attributes),
    events: listOf(span.events).map(({ name }) => String(name)),
    error: code === failed ? (message ?? '') : undefined,
    resource,
    startedAt: Number(span.startTimeUnixNano) / 1e6,
    endedAt: Number(span.endTimeUnixNano) / 1e6,
  }
}

function attributesOf(list: unknown): Field {
  return Object.fromEntries(listOf(list).map(({ key, value }) => [key, plainValue(value as Field)]))
}

function plainValue({ arrayValue, ...single }: Field): unknown {
  if (arrayValue) return listOf((arrayValue as Field).values).map(plainValue)
  const [value] = Object.values(single)
  return 'intValue' in single ? Number(value) : value
}

function listOf(value: unknown): Field[] {
  return (value ?? []) as Field[]
}
