/** Charts in an OCI registry, read without credentials. */
import { createHash } from 'node:crypto'
import { StageError } from '../model/index.ts'
import type { ChartOrigin } from './chart-repository.ts'
import type { Download, Downloader } from './download.ts'
import { isLocalIp } from './repository-address.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
const jsonLimit = 8 * 1024 * 1024
const archiveLimit = 32 * 1024 * 1024

interface Layer {
  mediaType?: string
  digest?: string
}

/** `repository` is `HOST/PATH`; a chart's name is one more part of the path. */
export function openOciRegistry(repository: string, downloader: Downloader): ChartOrigin {
  const slash = repository.indexOf('/')
  const host = slash < 0 ? repository : repository.slice(0, slash)
  const prefix = slash < 0 ? '' : `${repository.slice(slash + 1).replace(/\/+$/, '')}/`
  // As container tools do it: TLS everywhere but on this machine.
  const hostname = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  const origin = `${hostname === 'localhost' || isLocalIp(hostname) ? 'http' : 'https'}://${host}`
  const tokens = new Map<string, string>()

  async function get(name: string, path: string, options: { accept?: string; limit: number }): Promise<Download> {
    const { accept, ...rest } = options
    const ask = (token: string | undefined): Promise<Download> =>
      downloader.get(`${origin}/v2/${name}/${path}`, {
        ...rest,
        headers: { ...(accept ? { accept } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) },
      })
    let answer = await ask(tokens.get(name))
    if (answer.status === 401) {
      tokens.set(name, await anonymousToken(name, String(answer.headers['www-authenticate'] ?? '')))
      answer = await ask(tokens.get(name))
    }
    if (answer.status === 200) return answer
    const what =
      answer.status === 401 || answer.status === 403 ? 'is private or does not exist' : `answers ${answer.status}`
    const retry = answer.status >= 500 || answer.status === 429
    throw new StageError('source', `${host}/${name} (${path}) ${what}: check repoURL, chart and targetRevision`, {
      retry,
    })
  }

  async function anonymousToken(name: string, challenge: string): Promise<string> {
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    )
    const realm = parameters.get('realm')
    if (!/^bearer /i.test(challenge) || !realm) {
      throw new StageError('source', `${host}/${name} wants credentials, which are not supported yet`, { retry: false })
    }
    const address = new URL(realm)
    address.searchParams.set('service', parameters.get('service') ?? '')
    address.searchParams.set('scope', parameters.get('scope') ?? `repository:${name}:pull`)
    const answer = await downloader.get(address.href, { limit: jsonLimit })
    const { token, access_token: accessToken } = json(answer) as { token?: string; access_token?: string }
    return token ?? accessToken ?? ''
  }

  async function versions(chart: string): Promise<string[]> {
    const name = prefix + chart
    const tags: string[] = []
    let path: string | undefined = 'tags/list?n=1000'
    for (let pages = 0; path !== undefined && pages < 50; pages++) {
      const answer: Download = await get(name, path, { limit: jsonLimit })
      const page = json(answer) as { tags?: string[] }
      tags.push(...(page.tags ?? []))
      path = /<[^>]*\/(tags\/list\?[^>]*)>;\s*rel="?next"?/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    // A tag cannot hold the plus sign of a version.
    return tags.map((tag) => tag.replaceAll('_', '+'))
  }

  async function download(chart: string, version: string): Promise<Buffer> {
    const name = prefix + chart
    const reference = version.replaceAll('+', '_')
    if (!/^[\w][\w.-]{0,127}$|^sha256:[0-9a-f]{64}$/.test(reference)) {
      throw new StageError('source', `targetRevision ${version} is no tag of a chart`, { retry: false })
    }
    const answer = await get(name, `manifests/${reference}`, { accept: manifestType, limit: jsonLimit })
    const { layers = [] } = json(answer) as { layers?: Layer[] }
    const layer = layers.find(({ mediaType }) => mediaType === chartLayer)
    if (!layer?.digest) {
      throw new StageError('source', `${host}/${name}:${reference} is not a Helm chart: check chart`, { retry: false })
    }
    const { body } = await get(name, `blobs/${layer.digest}`, { limit: archiveLimit })
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`
    if (digest === layer.digest) return body
    throw new StageError('source', `${host}/${name}:${reference} arrived damaged: ${digest}`, { retry: true })
  }

  return { versions, download, isFixed: (version) => /^v?\d+\.\d+\.\d+/.test(version) || version.startsWith('sha256:') }
}

function json({ status, body }: Download): unknown {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw new StageError('source', `the registry does not answer in JSON (status ${status})`, { retry: true })
}
