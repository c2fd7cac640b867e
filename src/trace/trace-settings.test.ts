import { expect, test } from 'vitest'
import { type TraceFlags, traceSettings } from './trace-settings.ts'

function read(
  parameters: Record<string, string> = {},
  { flags, env = {} }: { flags?: TraceFlags; env?: Record<string, string> } = {},
) {
  const warnings: string[] = []
  const settings = traceSettings({ flags, env, parameters }, (message) => void warnings.push(message))
  return { settings, warnings }
}

const usual = { headers: {}, attributes: {} }

test('without an address traces go nowhere, whatever else is set', () => {
  const parameters = { 'otlp.address': ' ', 'otlp.insecure': 'true', 'otlp.headers': 'a=b', 'otlp.sample.ratio': '0.5' }
  expect(read(parameters)).toEqual({ settings: undefined, warnings: [] })
  expect(read().settings).toBeUndefined()
})

test('an address of argocd-cmd-params-cm speaks gRPC, without TLS unless it is asked for', () => {
  const address = { 'otlp.address': 'otel-collector:4317' }
  expect(read(address).settings).toEqual({ protocol: 'grpc', url: 'http://otel-collector:4317', ...usual })
  expect(read({ ...address, 'otlp.insecure': 'false' }).settings?.url).toBe('https://otel-collector:4317')
  expect(read(address, { flags: { otlpInsecure: 'false' } }).settings?.url).toBe('https://otel-collector:4317')
  expect(
    read({
      ...address,
      'otlp.headers': 'x-api-key=a=b, other=c',
      'otlp.attrs': 'stage:test,zone:eu:1',
      'otlp.sample.ratio': '0.1',
    }).settings,
  ).toMatchObject({
    headers: { 'x-api-key': 'a=b', other: 'c' },
    attributes: { stage: 'test', zone: 'eu:1' },
    ratio: 0.1,
  })
})

test('one with http or https in front is an endpoint of OTLP over HTTP', () => {
  const urlOf = (address: string) => read({ 'otlp.address': address }).settings
  expect(urlOf('https://otel.example.com')).toMatchObject({
    protocol: 'http/protobuf',
    url: 'https://otel.example.com/v1/traces',
  })
  expect(urlOf('http://otel.example.com:4318/v1/traces')?.url).toBe('http://otel.example.com:4318/v1/traces')
  expect(urlOf('http://otel.example.com/tenant/')?.url).toBe('http://otel.example.com/tenant/v1/traces')
})

test("OpenTelemetry's variables are read as they are anywhere", () => {
  const of = (env: Record<string, string>) => read({}, { env }).settings
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' })).toEqual({
    protocol: 'http/protobuf',
    url: 'http://otel:4318/v1/traces',
    ...usual,
  })
  expect(of({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://otel:4318/in' })?.url).toBe('http://otel:4318/in')
  const grpc = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(of({ ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4317' })).toMatchObject({
    protocol: 'grpc',
    url: 'http://otel:4317',
  })
  expect(of({ ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4317' })?.url).toBe('https://otel:4317')
  expect(of({ ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4317', OTEL_EXPORTER_OTLP_INSECURE: 'true' })?.url).toBe(
    'http://otel:4317',
  )
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'a=1%202,b=3', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=4' }
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', ...headers })?.headers).toEqual({ a: '1 2', b: '4' })
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_SDK_DISABLED: 'true' })).toBeUndefined()
  expect(of({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined()
})

test('flags come before the environment, and that before the ConfigMap', () => {
  const parameters = { 'otlp.address': 'from-map:4317', 'otlp.sample.ratio': '0.1' }
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://from-env:4318' }
  const flags = { otlpAddress: 'from-flag:4317', otlpSampleRatio: '0.3' }
  expect(read(parameters, { env, flags }).settings).toMatchObject({ url: 'http://from-flag:4317', ratio: 0.3 })
  expect(read(parameters, { env }).settings?.url).toBe('http://from-env:4318/v1/traces')
  expect(read(parameters).settings).toMatchObject({ url: 'http://from-map:4317', ratio: 0.1 })
  expect(read(parameters, { env: { OTEL_TRACES_SAMPLER: 'always_off' } }).settings).not.toHaveProperty('ratio')
})

test('what cannot be read is reported without being repeated, and counts as not given', () => {
  const secret = 'no-name-but-a-secret'
  const { settings, warnings } = read({
    'otlp.address': 'otel:4317',
    'otlp.headers': `a=b,${secret}`,
    'otlp.sample.ratio': '2',
  })
  expect(settings).toEqual({ protocol: 'grpc', url: 'http://otel:4317', ...usual, headers: { a: 'b' } })
  expect(warnings).toEqual([
    'otlp.sample.ratio is "2", which is no number from 0 to 1: 1 counts',
    'otlp.headers: entry 2 is no name=value: it is left out',
  ])
  const broken = read({ 'otlp.address': `http://user:${secret}@[` })
  expect(broken.settings).toBeUndefined()
  expect(broken.warnings.join()).toMatch(/^otlp.address is no address such as/)
  expect(broken.warnings.join()).not.toMatch(secret)
  const json = read({}, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' } })
  expect(json.settings?.protocol).toBe('http/protobuf')
  expect(json.warnings).toHaveLength(1)
})
