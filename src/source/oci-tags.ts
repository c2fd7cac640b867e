/** The tags of one repository of an OCI registry, page by page, up to a limit that is said. */
import { StageError } from '../model/index.ts'
import type { Download } from './download.ts'
import { json } from './oci-client.ts'

export const tagListLimit = 8 * 1024 * 1024
const mostTags = 200_000
/** Registries that give 100 at a time, whatever they are asked for, come as far as well. */
const mostPages = 2_000

export interface TagPages {
  readonly first: string
  readonly tags: string[]
  /** Takes the tags of a page, and answers where the next one is. Throws a StageError when there are too many. */
  add(page: Download): string | undefined
}

/** `what` names the repository; `advice` says what else can be done than to delete tags. */
export function tagPages(what: string, advice = ''): TagPages {
  const tags: string[] = []
  let pages = 0
  return {
    first: 'tags/list?n=1000',
    tags,
    add(page) {
      const { tags: given } = json(page) as { tags?: unknown }
      for (const tag of Array.isArray(given) ? given : []) if (isTag(tag)) tags.push(tag)
      pages++
      const next = /<[^>]*\/(tags\/list\?[^>]*)>;\s*rel="?next"?/.exec(String(page.headers.link ?? ''))?.[1]
      if (tags.length > mostTags || (next !== undefined && pages >= mostPages)) {
        // Without the last ones a range would choose an older version than there is.
        const message = `${what} has more tags than are read (${mostTags}, on ${mostPages} pages): delete old ones${advice}`
        throw new StageError('source', message, { retry: false })
      }
      return next
    },
  }
}

function isTag(value: unknown): value is string {
  return typeof value === 'string' && /^\w[\w.-]{0,127}$/.test(value)
}
