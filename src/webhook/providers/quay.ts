/** Quay, which signs nothing: the address it is given holds a token. */
import { byToken } from '../authenticity.ts'
import { at, type Json, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const quay: Provider = {
  name: 'quay',
  detects: ({ query }) => query('registry') === 'quay',
  authenticates: ({ query }, secret) => byToken(query('token'), secret('webhook.quay.secret')),
  requiredSecret: 'webhook.quay.secret',
  read(payload) {
    // HOST/NAMESPACE/NAME; only pushes have updated_tags.
    const [registry = '', ...path] = textAt(payload, 'docker_url').split('/')
    const repository = path.join('/')
    if (registry === '' || repository === '') return []
    return tagsOf(at(payload, 'updated_tags')).map((tag) => ({ kind: 'artifact', registry, repository, tag }))
  },
}

/** A list; in old releases, tag → image. */
function tagsOf(updated: Json): string[] {
  const tags =
    typeof updated === 'object' && updated !== null && !Array.isArray(updated) ? Object.keys(updated) : updated
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string' && tag !== '') : []
}
