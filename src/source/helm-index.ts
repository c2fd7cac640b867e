/** A Helm repository on an HTTP server: an `index.yaml` that names archives. */
import { createHash } from 'node:crypto'
import { load } from 'js-yaml'
import { messageOf, type RepositoryConnection, StageError } from '../model/index.ts'
import type { Archive, ChartOrigin } from './chart-repository.ts'
import type { Downloader } from './download.ts'
import { authorization } from './git-access.ts'
import { withoutPassword } from './repository-address.ts'

interface ChartVersion {
  urls: string[]
  /** SHA-256 of the archive, where the index gives it. */
  digest: string | undefined
}

/** Versions by the chart's name. */
type Index = Map<string, Map<string, ChartVersion>>

const indexLimit = 64 * 1024 * 1024
const archiveLimit = 32 * 1024 * 1024

export interface HelmIndex extends ChartOrigin {
  charts(): Promise<{ name: string; versions: string[] }[]>
}

export interface HelmIndexOptions {
  downloader: Downloader
  connection?: RepositoryConnection
  /** Archives on other hosts get the credentials too. */
  passCredentials?: boolean
}

export function openHelmIndex(
  url: string,
  { downloader, connection = {}, passCredentials }: HelmIndexOptions,
): HelmIndex {
  const base = url.endsWith('/') ? url : `${url}/`
  let known: { etag: string; index: Index } | undefined

  function proofFor(address: string): Record<string, string> {
    const { username = '', password, bearerToken } = connection
    if (!passCredentials && new URL(address).origin !== new URL(base).origin) return {}
    if (password) return { authorization: authorization({ username, password }) }
    return bearerToken ? { authorization: authorization({ bearerToken }) } : {}
  }

  function refusal(address: string, status: number): StageError {
    const shown = withoutPassword(address)
    if (status !== 401 && status !== 403) return noIndex(`${shown} answers ${status}`, status >= 500 || status === 429)
    const isGiven = Object.keys(proofFor(address)).length > 0 || connection.clientCertificate
    const advice = isGiven
      ? 'the credentials that are registered for the repository are refused: renew them'
      : 'it wants credentials: register the repository with them'
    return new StageError('source', `${shown} answers ${status}: ${advice}`, { retry: false })
  }

  /** Asked for again every time, but sent and parsed again only when it changed. */
  async function readIndex(): Promise<Index> {
    const address = new URL('index.yaml', base).href
    const headers = { ...proofFor(address), ...(known && { 'if-none-match': known.etag }) }
    const { status, headers: answered, body } = await downloader.get(address, { limit: indexLimit, headers })
    if (status === 304 && known) return known.index
    if (status !== 200) throw refusal(address, status)
    const etag = typeof answered.etag === 'string' ? answered.etag : undefined
    const digest = etag ?? createHash('sha256').update(body).digest('hex')
    if (known?.etag === digest) return known.index
    const index = parseIndex(body.toString('utf8'), address)
    known = { etag: digest, index }
    return index
  }

  async function chartOf(chart: string): Promise<Map<string, ChartVersion>> {
    const index = await readIndex()
    const versions = index.get(chart)
    if (versions) return versions
    const some = [...index.keys()].slice(0, 5).join(', ')
    const message = `${withoutPassword(url)} has no chart ${chart}: check chart (it has ${some || 'none'})`
    throw new StageError('source', message, { retry: false })
  }

  async function download(chart: string, version: string): Promise<Archive> {
    const wanted = withoutV(version)
    const listed = [...(await chartOf(chart))].find(([name]) => name === version || withoutV(name) === wanted)?.[1]
    const [first] = listed?.urls ?? []
    if (!listed || first === undefined) {
      const message = `chart ${chart} in ${withoutPassword(url)} has no version ${version}: check targetRevision`
      throw new StageError('source', message, { retry: false })
    }
    const address = new URL(first, base).href
    const { status, body } = await downloader.get(address, { limit: archiveLimit, headers: proofFor(address) })
    if (status !== 200) throw refusal(address, status)
    const digest = createHash('sha256').update(body).digest('hex')
    if (listed.digest && listed.digest.replace(/^sha256:/, '').toLowerCase() !== digest) {
      const message = `${withoutPassword(address)} is not what the index promises: its SHA-256 is ${digest}`
      throw new StageError('source', message, { retry: true })
    }
    return { content: body, isChart: true }
  }

  async function charts() {
    return [...(await readIndex())].map(([name, versions]) => ({ name, versions: [...versions.keys()] }))
  }

  return {
    versions: async (chart) => [...(await chartOf(chart)).keys()],
    download,
    isFixed: () => true,
    knowsNoTags: true,
    charts,
  }
}

function withoutV(version: string): string {
  return version.replace(/^v/, '')
}

function noIndex(what: string, retry: boolean): StageError {
  return new StageError('source', `${what}: check that repoURL is the address of a Helm repository`, { retry })
}

function parseIndex(text: string, address: string): Index {
  const index: Index = new Map()
  try {
    const parsed = load(text) as { entries?: Record<string, unknown> } | null
    if (typeof parsed !== 'object' || typeof parsed?.entries !== 'object') throw new Error('it has no entries')
    for (const [chart, listed] of Object.entries(parsed.entries ?? {})) {
      const versions = new Map<string, ChartVersion>()
      for (const item of Array.isArray(listed) ? (listed as Record<string, unknown>[]) : []) {
        const urls = Array.isArray(item.urls) ? item.urls.filter((url) => typeof url === 'string') : []
        const digest = typeof item.digest === 'string' ? item.digest : undefined
        versions.set(String(item.version), { urls, digest })
      }
      index.set(chart, versions)
    }
    return index
  } catch (error) {
    throw noIndex(`${address} is not an index of charts (${messageOf(error).split('\n')[0]})`, false)
  }
}
