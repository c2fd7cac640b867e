/** Where traces go: by flags, by OpenTelemetry's variables, or by argocd-cmd-params-cm, in this order. Pure. */

export interface TraceSettings {
  protocol: 'grpc' | 'http/protobuf'
  /** With http or https in front, for both protocols. */
  url: string
  /** Of each request; among them is what the collector lets us in by. */
  headers: Record<string, string>
  /** Of all spans. */
  attributes: Record<string, string>
  /** Of traces that begin here, from 0 to 1; undefined leaves it to OTEL_TRACES_SAMPLER, or takes all. */
  ratio?: number
}

/** As Argo CD names them. */
export interface TraceFlags {
  otlpAddress?: string
  otlpInsecure?: string
  /** `name=value`, with commas between them. */
  otlpHeaders?: string
  /** `name:value`, with commas between them. */
  otlpAttrs?: string
  otlpSampleRatio?: string
}

export interface TraceTexts {
  flags?: TraceFlags | undefined
  env: Record<string, string | undefined>
  /** argocd-cmd-params-cm. */
  parameters: Record<string, string>
}

/** undefined: traces go nowhere. What cannot be read is reported, and counts as not given. */
export function traceSettings(texts: TraceTexts, warn: (message: string) => void): TraceSettings | undefined {
  const { env } = texts
  if (given(env.OTEL_SDK_DISABLED)?.toLowerCase() === 'true' || given(env.OTEL_TRACES_EXPORTER) === 'none') {
    return undefined
  }
  const collector = collectorOf(texts, warn)
  if (!collector) return undefined
  const ratio = ratioOf(texts, warn)
  return {
    ...collector,
    headers: headersOf(texts, warn),
    attributes: attributesOf(texts, warn),
    ...(ratio !== undefined && { ratio }),
  }
}

type Collector = Pick<TraceSettings, 'protocol' | 'url'>

function collectorOf(texts: TraceTexts, warn: (message: string) => void): Collector | undefined {
  const { flags, env, parameters } = texts
  const flag = given(flags?.otlpAddress)
  const ofTraces = given(env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
  const ofAll = given(env.OTEL_EXPORTER_OTLP_ENDPOINT)
  if (flag) return addressed(flag, { texts, name: '--otlp-address', warn })
  if (ofTraces) return endpoint(ofTraces, { env, isWhole: true, warn })
  if (ofAll) return endpoint(ofAll, { env, isWhole: false, warn })
  const parameter = given(parameters['otlp.address'])
  return parameter ? addressed(parameter, { texts, name: 'otlp.address', warn }) : undefined
}

/** `HOST:PORT` speaks gRPC, as in Argo CD; with http:// or https:// in front it is an endpoint like those of OpenTelemetry. */
function addressed(
  address: string,
  { texts, name, warn }: { texts: TraceTexts; name: string; warn: (message: string) => void },
): Collector | undefined {
  const { flags, env, parameters } = texts
  if (/^https?:\/\//i.test(address)) return endpoint(address, { env, isWhole: false, warn, name })
  const isInsecure = (given(flags?.otlpInsecure) ?? given(parameters['otlp.insecure']))?.toLowerCase() !== 'false'
  return usable({ protocol: 'grpc', url: `${isInsecure ? 'http' : 'https'}://${address}` }, { name, warn })
}

interface Endpoint {
  env: TraceTexts['env']
  /** Nothing is added to its path. */
  isWhole: boolean
  warn: (message: string) => void
  name?: string
}

function endpoint(text: string, { env, isWhole, warn, name }: Endpoint): Collector | undefined {
  const told = name ?? `OTEL_EXPORTER_OTLP_${isWhole ? 'TRACES_' : ''}ENDPOINT`
  const hasScheme = /^https?:\/\//i.test(text)
  const isInsecure =
    (given(env.OTEL_EXPORTER_OTLP_TRACES_INSECURE) ?? given(env.OTEL_EXPORTER_OTLP_INSECURE)) === 'true'
  const url = hasScheme ? text : `${isInsecure ? 'http' : 'https'}://${text}`
  const protocol = protocolOf(env, warn)
  if (protocol === 'grpc' || isWhole) return usable({ protocol, url }, { name: told, warn })
  const base = url.replace(/\/+$/, '')
  return usable({ protocol, url: base.endsWith('/v1/traces') ? base : `${base}/v1/traces` }, { name: told, warn })
}

function protocolOf(env: TraceTexts['env'], warn: (message: string) => void): TraceSettings['protocol'] {
  const text = given(env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL) ?? given(env.OTEL_EXPORTER_OTLP_PROTOCOL)
  if (text === 'grpc') return 'grpc'
  if (text && text !== 'http/protobuf') {
    warn(`OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(text)}; grpc and http/protobuf are known: the latter counts`)
  }
  return 'http/protobuf'
}

/** An address may hold a password: it is not repeated. */
function usable(
  collector: Collector,
  { name, warn }: { name: string; warn: (message: string) => void },
): Collector | undefined {
  if (URL.canParse(collector.url)) return collector
  warn(`${name} is no address such as otel-collector:4317 or http://otel-collector:4318: no traces are sent`)
  return undefined
}

function headersOf({ flags, env, parameters }: TraceTexts, warn: (message: string) => void): Record<string, string> {
  const flag = given(flags?.otlpHeaders)
  if (flag) return pairs(flag, { separator: '=', name: '--otlp-headers', warn })
  const variables = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'] as const
  const fromEnv = variables.flatMap((name) => Object.entries(decoded(pairs(env[name], { separator: '=', name, warn }))))
  if (fromEnv.length > 0) return Object.fromEntries(fromEnv)
  return pairs(parameters['otlp.headers'], { separator: '=', name: 'otlp.headers', warn })
}

/** OpenTelemetry's own attributes are read where the resource is made. */
function attributesOf({ flags, parameters }: TraceTexts, warn: (message: string) => void): Record<string, string> {
  const flag = given(flags?.otlpAttrs)
  if (flag) return pairs(flag, { separator: ':', name: '--otlp-attrs', warn })
  return pairs(parameters['otlp.attrs'], { separator: ':', name: 'otlp.attrs', warn })
}

function decoded(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)]
      } catch {
        return [name, value]
      }
    }),
  )
}

interface Pairs {
  separator: '=' | ':'
  name: string
  warn: (message: string) => void
}

/** What cannot be read may be a secret: it is counted and not repeated. */
function pairs(text: string | undefined, { separator, name, warn }: Pairs): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [at, part] of (given(text)?.split(',') ?? []).entries()) {
    const cut = part.indexOf(separator)
    const key = part.slice(0, cut).trim()
    if (cut > 0 && key !== '') found[key] = part.slice(cut + 1).trim()
    else if (part.trim() !== '') warn(`${name}: entry ${at + 1} is no name${separator}value: it is left out`)
  }
  return found
}

function ratioOf({ flags, env, parameters }: TraceTexts, warn: (message: string) => void): number | undefined {
  const flag = given(flags?.otlpSampleRatio)
  if (flag !== undefined) return readRatio(flag)
  if (given(env.OTEL_TRACES_SAMPLER)) return undefined
  const text = given(parameters['otlp.sample.ratio'])
  if (text === undefined) return undefined
  const ratio = readRatio(text)
  if (ratio === undefined)
    warn(`otlp.sample.ratio is ${JSON.stringify(text)}, which is no number from 0 to 1: 1 counts`)
  return ratio
}

/** undefined for what is no number from 0 to 1. */
export function readRatio(text: string): number | undefined {
  const ratio = Number(text)
  return text.trim() !== '' && ratio >= 0 && ratio <= 1 ? ratio : undefined
}

function given(text: string | undefined): string | undefined {
  return text?.trim() || undefined
}
