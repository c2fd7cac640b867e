/** One repository of images at a registry: its tags, and what is behind them. What has not changed is not fetched again. */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { StageError } from '../../model/index.ts'
import type { Download } from '../../source/download.ts'
import { json, type OciClient } from '../../source/oci-client.ts'
import { tagListLimit, tagPages } from '../../source/oci-tags.ts'
import type { Courtesy } from './courtesy.ts'
import {
  type ImageConfig,
  imagesFor,
  isPlatform,
  manifestTypes,
  type Platform,
  readConfig,
  readManifest,
} from './manifest.ts'

/** What is behind a tag. */
export interface Build {
  /** Of what the tag names, which may be a list of images for several platforms. */
  digest: string
  /** The last of those for the platforms that are asked for. */
  builtAt: number | undefined
  /** Whether each of the platforms is there. */
  complete: boolean
}

export interface ImageRepository {
  /** Not older than this time of the clock. */
  tags(notOlderThan: number): Promise<string[]>
  /** Undefined for a tag that is not there. */
  digest(tag: string, notOlderThan: number): Promise<string | undefined>
  build(tag: string, platforms: Platform[], notOlderThan: number): Promise<Build | undefined>
  /** When what a tag named last was built, also where the tag is gone; undefined where that was never asked. */
  lastBuiltAt(tag: string): number | undefined
}

export interface ImageRepositoryOptions {
  client: OciClient
  courtesy: Courtesy
  /** See courtesy.ts. */
  account: string
  /** The path at the registry. */
  name: string
  clock: { now(): number }
}

const manifestLimit = 4 * 1024 * 1024

interface Answer<Value> {
  at: number
  value: Promise<Value>
}

export function openImageRepository({
  client,
  courtesy,
  account,
  name,
  clock,
}: ImageRepositoryOptions): ImageRepository {
  const { host } = client
  const manifests = new LRUCache<string, object>({ max: 1000 })
  const configs = new LRUCache<string, ImageConfig>({ max: 10_000 })
  const digests = new LRUCache<string, Answer<string | undefined>>({ max: 10_000 })
  const builtAt = new LRUCache<string, number>({ max: 10_000 })
  let listed: Answer<string[]> | undefined
  /** The last list, and by what the registry knows it again. */
  let known: { etag: string; tags: string[] } | undefined

  const ask: OciClient['answer'] = (repository, path, options) =>
    courtesy.ask({ host, account }, () => client.answer(repository, path, options))

  function failure(path: string, { status }: Download): StageError {
    const advice = status === 404 ? ': check the name of the image' : ''
    return new StageError('source', `${host}/${name} (${path}) answers ${status}${advice}`, { retry: status >= 500 })
  }

  async function list(): Promise<string[]> {
    const pages = tagPages(`${host}/${name}`)
    const { first, tags } = pages
    let etag = ''
    for (let path: string | undefined = first; path !== undefined; ) {
      const isFirst: boolean = path === first
      const headers: Record<string, string> = isFirst && known ? { 'if-none-match': known.etag } : {}
      const answer: Download = await ask(name, path, { limit: tagListLimit, headers })
      if (answer.status === 304 && known) return known.tags
      if (answer.status !== 200) throw failure('tags/list', answer)
      path = pages.add(answer)
      if (isFirst && path === undefined) etag = String(answer.headers.etag ?? '')
    }
    // Of several pages each has a mark of its own.
    known = etag === '' ? undefined : { etag, tags }
    return tags
  }

  /** The digest that a tag names now. */
  async function look(tag: string): Promise<string | undefined> {
    const options = { accept: manifestTypes, limit: manifestLimit }
    // Asking for the head alone is not counted by registries that limit downloads.
    const head = await ask(name, `manifests/${tag}`, { ...options, method: 'HEAD' })
    if (head.status === 404) return undefined
    const told = String(head.headers['docker-content-digest'] ?? '')
    if (head.status === 200 && /^sha256:[0-9a-f]{64}$/.test(told)) return told
    const answer = await ask(name, `manifests/${tag}`, options)
    if (answer.status === 404) return undefined
    if (answer.status !== 200) throw failure(`manifests/${tag}`, answer)
    const digest = digestOf(answer.body)
    manifests.set(digest, json(answer) as object)
    return digest
  }

  /** Content that is named by its digest never changes. */
  async function content(path: string, digest: string): Promise<object> {
    const answer = await ask(name, `${path}/${digest}`, { accept: manifestTypes, limit: manifestLimit })
    if (answer.status !== 200) throw failure(`${path}/${digest}`, answer)
    const found = digestOf(answer.body)
    if (found !== digest)
      throw new StageError('source', `${host}/${name}@${digest} arrived damaged: ${found}`, { retry: true })
    return json(answer) as object
  }

  async function manifestOf(digest: string): Promise<unknown> {
    const found = manifests.get(digest) ?? (await content('manifests', digest))
    manifests.set(digest, found)
    return found
  }

  /** The configurations of the images for the platforms. */
  async function configsOf(digest: string, platforms: Platform[]): Promise<ImageConfig[]> {
    const manifest = readManifest(await manifestOf(digest))
    if (!manifest) return []
    if (manifest.kind === 'image') return [await configOf(manifest.config)]
    const images = imagesFor(manifest.images, platforms)
    const inner = await Promise.all(
      images.map(async ({ platform, digest }) => {
        const image = readManifest(await manifestOf(digest))
        if (image?.kind !== 'image') return []
        return [{ ...(await configOf(image.config)), platform }]
      }),
    )
    return inner.flat()
  }

  async function configOf(digest: string): Promise<ImageConfig> {
    const config = configs.get(digest) ?? readConfig(await content('blobs', digest))
    configs.set(digest, config)
    return config
  }

  async function digest(tag: string, notOlderThan: number): Promise<string | undefined> {
    const before = digests.get(tag)
    if (before && before.at >= notOlderThan) return before.value
    const value = look(tag)
    digests.set(tag, { at: clock.now(), value })
    value.catch(() => digests.delete(tag))
    return value
  }

  return {
    tags(notOlderThan) {
      if (listed && listed.at >= notOlderThan) return listed.value
      // A failure counts for as long: who comes later asks anew.
      listed = { at: clock.now(), value: list() }
      listed.value.catch(() => {})
      return listed.value
    },
    digest,
    lastBuiltAt: (tag) => builtAt.get(tag),
    async build(tag, platforms, notOlderThan) {
      const found = await digest(tag, notOlderThan)
      if (found === undefined) return undefined
      const images = await configsOf(found, platforms)
      const times = images.flatMap((image) => image.builtAt ?? [])
      const last = times.length > 0 ? Math.max(...times) : undefined
      if (last !== undefined) builtAt.set(tag, last)
      return {
        digest: found,
        builtAt: last,
        complete: platforms.every((asked) => images.some(({ platform }) => isPlatform(asked, platform))),
      }
    },
  }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
