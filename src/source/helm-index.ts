/** A Helm repository on an HTTP server: an `index.yaml` that names archives. */
import { createHash } from 'node:crypto'
import { messageOf, type RepositoryConnection, StageError, withoutPassword } from '../model/index.ts'
import type { Archive, ChartOrigin } from './chart-repository.ts'
import type { Download, Downloader } from './download.ts'
import { authorization } from './git-access.ts'
import { type ChartVersion, type Index, readIndexText } from './index-text.ts'

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
  let reading: Promise<Index> | undefined

  function proofFor(address: string): Record<string, string> {
    const { username = '', password, bearerToken } = connection
    if (!passCredentials && new URL(address).origin !== new URL(base).origin) return {}
    if (password) return { authorization: authorization({ username, password }) }
    return bearerToken ? { authorization: authorization({ bearerToken }) } : {}
  }

  function refusal(address: string, { status, url: answered }: Download): StageError {
    const shown = withoutPassword(address)
    if (new URL(answered).origin !== new URL(address).origin) {
      const what = `${shown} sends one on to ${new URL(answered).origin}, which answers ${status} and is told no credentials`
      throw new StageError('source', `${what}: name the place itself in repoURL`, { retry: false })
    }
    if (status !== 401 && status !== 403) return noIndex(`${shown} answers ${status}`, status >= 500 || status === 429)
    const isGiven = Object.keys(proofFor(address)).length > 0 || connection.clientCertificate
    const advice = isGiven
      ? 'the credentials that are registered for the repository are refused: renew them'
      : 'it wants credentials: register the repository with them'
    return new StageError('source', `${shown} answers ${status}: ${advice}`, { retry: false })
  }

  /** Those who want to know about several charts at once wait for one answer. */
  function readIndex(): Promise<Index> {
    reading ??= askForIndex().finally(() => {
      reading = undefined
    })
    return reading
  }

  /** Asked for again every time, but sent and parsed again only when it changed. */
  async function askForIndex(): Promise<Index> {
    const address = new URL('index.yaml', base).href
    const headers = { ...proofFor(address), ...(known && { 'if-none-match': known.etag }) }
    const answer = await downloader.get(address, { limit: indexLimit, headers })
    const { status, headers: answered, body } = answer
    if (status === 304 && known) return known.index
    if (status !== 200) throw refusal(address, answer)
    const etag = typeof answered.etag === 'string' ? answered.etag : undefined
    const digest = etag ?? createHash('sha256').update(body).digest('hex')
    if (known?.etag === digest) return known.index
    const index = await readIndexText(body.toString('utf8')).catch((error: unknown) => {
      const what = `${withoutPassword(address)} is not an index of charts (${messageOf(error).split('\n')[0]})`
      throw noIndex(what, false)
    })
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
    const answer = await downloader.get(address, { limit: archiveLimit, headers: proofFor(address) })
    const { body } = answer
    if (answer.status !== 200) throw refusal(address, answer)
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
