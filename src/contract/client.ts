/** A typed client of the REST API over fetch, for the command line and the browser. */
import { parseJson, stringifyJson } from '../model/exact-json.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from './route.ts'

/** What the server refused, in its words. `code`: the gRPC code; 2 where the answer was none of ours. */
export class ApiFailure extends Error {
  readonly status: number
  readonly code: number

  constructor(message: string, { status, code }: { status: number; code: number }) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.code = code
  }
}

interface Inputs<One extends Route> {
  params: ParamsOf<One>
  query: Partial<QueryOf<One>>
  body: BodyOf<One>
}

/** What a route needs: `params` and `body` only where it has any. */
type Input<One extends Route> = (keyof ParamsOf<One> extends never ? object : Pick<Inputs<One>, 'params'>) &
  (BodyOf<One> extends undefined ? object : Pick<Inputs<One>, 'body'>) & {
    query?: Partial<QueryOf<One>>
    signal?: AbortSignal
  }

export interface ApiClientOptions {
  /** Such as `https://tiphys.example.com`; '' in a browser. */
  base: string
  token?: () => string | undefined
  fetch?: typeof fetch
}

export interface ApiClient {
  call<One extends Route>(route: One, input: Input<One>): Promise<AnswerOf<One>>
  /** The messages of a route that streams; throws ApiFailure when it ends with an error. `opened`: it may be long until one comes. */
  stream<One extends Route>(route: One, input: Input<One> & { opened?(): void }): AsyncIterable<AnswerOf<One>>
}

type AnyInput = { params?: Record<string, string>; query?: object; body?: unknown; signal?: AbortSignal }

export function apiClient({ base, token, fetch: send = fetch }: ApiClientOptions): ApiClient {
  async function ask(route: Route, { params = {}, query, body, signal }: AnyInput): Promise<Response> {
    const bearer = token?.()
    const response = await send(`${base}${pathOf(route, params)}${queryText(query)}`, {
      method: route.method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(route.method !== 'GET' && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: stringifyJson(body) }),
      ...(signal && { signal }),
    })
    if (!response.ok) throw failure(response.status, await response.text())
    return response
  }

  return {
    async call(route, input) {
      return parseJson(await (await ask(route, input as AnyInput)).text()) as AnswerOf<typeof route>
    },
    async *stream(route, input) {
      const response = await ask(route, input as AnyInput)
      input.opened?.()
      for await (const line of linesOf(response)) yield messageIn(line) as AnswerOf<typeof route>
    },
  }
}

export function pathOf({ path }: Route, params: Record<string, string>): string {
  return path.replace(/\{(\w+)(?:=\*\*)?\}/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''))
}

function queryText(query: object = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => (one === undefined ? [] : [[name, String(one)]])),
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}

function failure(status: number, text: string): ApiFailure {
  const { message, error, code } = readFailure(text)
  return new ApiFailure(message ?? error ?? `the server answered ${status}`, { status, code: code ?? 2 })
}

function readFailure(text: string): { message?: string; error?: string; code?: number } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

async function* linesOf({ body }: Response): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}

function messageIn(line: string): unknown {
  const { result, error } = parseJson(line) as {
    result?: unknown
    error?: { message?: string; http_code?: number; grpc_code?: number }
  }
  if (error) {
    throw new ApiFailure(error.message ?? 'the stream has ended', {
      status: error.http_code ?? 500,
      code: error.grpc_code ?? 2,
    })
  }
  return result
}
