/** Asks a registry for the version that a rule is after. */
import { StageError } from '../model/index.ts'
import { ranked } from './choose.ts'
import type { ImageVersion } from './reference.ts'
import type { ImageRepository } from './registry/image-repository.ts'
import type { ImageRule } from './rules.ts'

/** To find out when each was built costs requests; those of tags that were asked before are asked again this late. */
const buildAgeMs = 3600_000
const mostBuilds = 2000
/** So many versions that lack a platform are passed over. */
const mostIncomplete = 20

export interface NewestOptions {
  notOlderThan: number
}

/** Undefined where no tag fits. */
export async function newestVersion(
  rule: ImageRule,
  repository: ImageRepository,
  { notOlderThan }: NewestOptions,
): Promise<ImageVersion | undefined> {
  if (rule.strategy === 'digest') return followedTag(rule, repository, notOlderThan)
  const tags = await repository.tags(notOlderThan)
  if (rule.strategy === 'newest-build') await askForBuilds(rule, repository, { tags, notOlderThan })
  const best = ranked(rule, tags, repository.lastBuiltAt)
  if (rule.platforms.length === 0) return best[0] === undefined ? undefined : { tag: best[0] }
  for (const tag of best.slice(0, mostIncomplete)) {
    const build = await repository.build(tag, rule.platforms, notOlderThan - buildAgeMs)
    if (build?.complete) return { tag }
  }
  return undefined
}

async function followedTag(
  { constraint: tag, admits, platforms }: ImageRule,
  repository: ImageRepository,
  notOlderThan: number,
): Promise<ImageVersion | undefined> {
  if (!admits(tag)) return undefined
  if (platforms.length === 0) {
    const digest = await repository.digest(tag, notOlderThan)
    return digest === undefined ? undefined : { tag, digest }
  }
  const build = await repository.build(tag, platforms, notOlderThan)
  return build?.complete ? { tag, digest: build.digest } : undefined
}

async function askForBuilds(
  rule: ImageRule,
  repository: ImageRepository,
  { tags, notOlderThan }: { tags: string[]; notOlderThan: number },
): Promise<void> {
  const admitted = tags.filter((tag) => rule.admits(tag))
  if (admitted.length > mostBuilds) {
    const message = `${admitted.length} tags could be the newest build, which are too many to ask for: narrow them with allow-tags`
    throw new StageError('source', message, { retry: false })
  }
  await Promise.all(admitted.map((tag) => repository.build(tag, rule.platforms, notOlderThan - buildAgeMs)))
}
