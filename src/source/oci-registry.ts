/** Charts and other artifacts in an OCI registry: which versions there are, and the archive of one. */
import { createHash } from 'node:crypto'
import { type RepositoryConnection, StageError } from '../model/index.ts'
import type { Archive, ChartOrigin } from './chart-repository.ts'
import type { Downloader } from './download.ts'
import { json, openOciClient } from './oci-client.ts'
import { tagListLimit, tagPages } from './oci-tags.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
/** What an artifact that is no chart may be packed as; those of Argo CD. */
const artifactLayers = [
  chartLayer,
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
]
const jsonLimit = 8 * 1024 * 1024
const archiveLimit = 32 * 1024 * 1024

interface Layer {
  mediaType?: string
  digest?: string
}

export interface OciRegistryOptions {
  downloader: Downloader
  connection?: RepositoryConnection
  /** Anything that is packed as one archive is read, and told apart by its digest; else charts alone. */
  artifacts?: boolean
}

/** `repository` is `HOST/PATH`; a chart's name is one more part of the path. */
export function openOciRegistry(repository: string, options: OciRegistryOptions): ChartOrigin {
  const { downloader, connection, artifacts = false } = options
  const slash = repository.indexOf('/')
  const host = slash < 0 ? repository : repository.slice(0, slash)
  const prefix = slash < 0 ? '' : `${repository.slice(slash + 1).replace(/\/+$/, '')}/`
  const client = openOciClient({ host, downloader, connection })

  async function versions(chart: string): Promise<string[]> {
    const name = prefix + chart
    const pages = tagPages(`${host}/${name}`, ', or name an exact version in targetRevision')
    for (let path: string | undefined = pages.first; path !== undefined; ) {
      path = pages.add(await client.get(name, path, { limit: tagListLimit }))
    }
    // A tag cannot hold the plus sign of a version.
    return pages.tags.map((tag) => tag.replaceAll('_', '+'))
  }

  async function manifest(chart: string, version: string): Promise<{ digest: string; layers: Layer[] }> {
    const reference = version.replaceAll('+', '_')
    if (!/^[\w][\w.-]{0,127}$|^sha256:[0-9a-f]{64}$/.test(reference)) {
      throw new StageError('source', `targetRevision ${version} is no tag of an artifact`, { retry: false })
    }
    const answer = await client.get(prefix + chart, `manifests/${reference}`, {
      accept: manifestType,
      limit: jsonLimit,
    })
    const { layers = [] } = json(answer) as { layers?: Layer[] }
    const digest = digestOf(answer.body)
    if (reference.startsWith('sha256:') && reference !== digest) throw damaged(`${prefix}${chart}@${reference}`, digest)
    return { digest, layers }
  }

  async function download(chart: string, version: string): Promise<Archive> {
    const name = prefix + chart
    const { layers } = await manifest(chart, version)
    const wanted = artifacts ? artifactLayers : [chartLayer]
    const found = layers.filter(({ mediaType = '' }) => wanted.includes(mediaType))
    const [layer] = found
    if (!layer?.digest || (artifacts && layers.length > 1)) {
      const what = artifacts
        ? 'is not an artifact of one layer, a tar archive: check repoURL'
        : 'is not a Helm chart: check chart'
      throw new StageError('source', `${host}/${name}:${version} ${what}`, { retry: false })
    }
    const { body } = await client.get(name, `blobs/${layer.digest}`, { limit: archiveLimit })
    const digest = digestOf(body)
    if (digest !== layer.digest) throw damaged(`${name}:${version}`, digest)
    return { content: body, isChart: layer.mediaType === chartLayer }
  }

  function damaged(what: string, digest: string): StageError {
    return new StageError('source', `${host}/${what} arrived damaged: ${digest}`, { retry: true })
  }

  return {
    versions,
    download,
    isFixed: (version) => (!artifacts && /^v?\d+\.\d+\.\d+/.test(version)) || version.startsWith('sha256:'),
    ...(artifacts && {
      fixed: async (chart: string, version: string) =>
        version.startsWith('sha256:') ? version : (await manifest(chart, version)).digest,
    }),
  }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
