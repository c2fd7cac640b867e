/** The API of one Git host: page after page, never past its limit of requests, and asked again only for what has changed. */
import { LRUCache } from 'lru-cache'
import { StageError, secretMask } from '../../model/index.ts'

export interface HttpRequest {
  url: string
  headers: Record<string, string>
  /** A POST with JSON; without it, a GET. */
  body?: string
  timeLimitMs?: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Answers of every status; throws a StageError when there is none. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>

export interface HostApi {
  /** Undefined for what is not there. */
  get<Answer>(path: string): Promise<Answer | undefined>
  /** All pages; undefined for what is not there. */
  list<Item>(path: string): Promise<Item[] | undefined>
}

export interface HostAccess {
  /** Without a slash at the end. */
  base: string
  /** The value of the Authorization header; undefined: nobody. */
  authorization: string | undefined
  accept?: string
}

interface Remembered {
  etag: string
  answer: HttpAnswer
}

const mostPages = 1000
const mostRemembered = 2000

export class HostApis {
  readonly #http: Http
  readonly #now: () => number
  /** Answers by address and caller: asking whether they have changed costs nothing of the limit. */
  readonly #remembered = new LRUCache<string, Remembered>({ max: mostRemembered })
  /** Until when a caller is to wait. */
  readonly #heldUntil = new Map<string, number>()

  constructor(http: Http, now: () => number) {
    this.#http = http
    this.#now = now
  }

  open(access: HostAccess): HostApi {
    const fetchJson = async (url: string) => {
      const answer = await this.#fetch(url, access)
      return answer && { json: parsed(url, answer.body), next: nextPage(answer, access.base) }
    }
    return {
      get: async <Answer>(path: string) => (await fetchJson(`${access.base}${path}`))?.json as Answer | undefined,
      async list<Item>(path: string) {
        const items: Item[] = []
        let url: string | undefined = `${access.base}${path}`
        for (let pages = 0; url !== undefined; pages++) {
          if (pages >= mostPages) throw failure(url, `has more than ${mostPages} pages`, false)
          const page = await fetchJson(url)
          if (!page) {
            if (pages === 0) return undefined
            throw failure(url, 'is gone, which was the next page', true)
          }
          if (!Array.isArray(page.json)) throw failure(url, 'answers with something that is no list', false)
          items.push(...(page.json as Item[]))
          url = page.next
        }
        return items
      },
    }
  }

  async #fetch(url: string, { base, authorization, accept }: HostAccess): Promise<HttpAnswer | undefined> {
    const caller = `${new URL(base).host} ${authorization ?? ''}`
    const until = this.#heldUntil.get(caller) ?? 0
    if (until > this.#now()) throw limited(url, until)
    const key = `${caller} ${url}`
    const before = this.#remembered.get(key)
    const answer = await this.#http({
      url,
      headers: {
        accept: accept ?? 'application/json',
        ...(authorization && { authorization }),
        ...(before && { 'if-none-match': before.etag }),
      },
    })
    if (answer.status === 304 && before) return before.answer
    if (answer.status === 404) return undefined
    const wait = waitUntil(answer, this.#now())
    if (wait !== undefined) {
      this.#heldUntil.set(caller, wait)
      throw limited(url, wait)
    }
    if (answer.status < 200 || answer.status > 299) throw refused(url, answer, authorization)
    const etag = single(answer.headers.etag)
    if (etag) this.#remembered.set(key, { etag, answer })
    return answer
  }
}

/** Pages elsewhere are not followed: the token is for this host. */
function nextPage({ headers }: HttpAnswer, base: string): string | undefined {
  const links = single(headers.link) ?? ''
  for (const link of links.split(/,\s*(?=<)/)) {
    const [, target, parameters = ''] = /^\s*<([^>]*)>(.*)$/.exec(link) ?? []
    if (target === undefined || !/;\s*rel="?next"?/.test(parameters)) continue
    const url = URL.canParse(target, base) ? new URL(target, base) : undefined
    if (!url || url.origin !== new URL(base).origin) throw failure(base, 'names a next page on another host', false)
    return url.href
  }
  return undefined
}

const defaultWaitMs = 60_000
const longestWaitMs = 3_600_000

/** Undefined: it was not the limit. */
function waitUntil({ status, headers }: HttpAnswer, now: number): number | undefined {
  const isSpent = single(headers['x-ratelimit-remaining']) === '0' || headers['retry-after'] !== undefined
  if (status !== 429 && !(status === 403 && isSpent)) return undefined
  const after = Number(single(headers['retry-after']) ?? Number.NaN) * 1000
  const reset = Number(single(headers['x-ratelimit-reset']) ?? single(headers['ratelimit-reset']) ?? Number.NaN) * 1000
  const until = Number.isFinite(after) ? now + after : Number.isFinite(reset) ? reset : now + defaultWaitMs
  return Math.min(Math.max(until, now + 1000), now + longestWaitMs)
}

function limited(url: string, until: number): StageError {
  const time = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z')
  return failure(url, `takes no more requests until ${time}: its limit is reached`, true)
}

const advice: Record<number, string> = {
  401: 'the token is not valid: look at tokenRef',
  403: 'the token may not read this: give it the rights, or another token',
}

function refused(url: string, { status, body }: HttpAnswer, authorization: string | undefined): StageError {
  let text = body.toString('utf8')
  // Who repeats what was sent must not tell it to everybody.
  for (const secret of secretsIn(authorization)) text = text.replaceAll(secret, secretMask)
  const isTheirs = status >= 500 || status === 408
  const said = `${text.replace(/\s+/g, ' ').slice(0, 200)}${isTheirs ? ': check whether the host is well' : ''}`
  return failure(url, `answers ${status}: ${advice[status] ?? said}`, isTheirs)
}

/** What of the header nobody may read: the token, or the password behind the name. */
function secretsIn(authorization = ''): string[] {
  const [, scheme = '', proof = ''] = /^(\S+)\s+(.+)$/.exec(authorization) ?? []
  const password = /^basic$/i.test(scheme)
    ? Buffer.from(proof, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    : ''
  return [proof, password].filter((secret) => secret !== '')
}

function parsed(url: string, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw failure(url, 'answers with something that is no JSON: check api', true, cause)
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

/** Queries are left out: they say nothing to people. */
function failure(url: string, what: string, retry: boolean, cause?: unknown): StageError {
  return new StageError('generate', `${url.split('?', 1)[0]} ${what}`, { retry, cause })
}
