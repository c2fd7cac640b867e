/** Harbor: pushed artifacts, in its own format or as CloudEvents. */
import { byToken } from '../authenticity.ts'
import type { ArtifactEvent } from '../event.ts'
import { at, type Json, listAt, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

const pushes = new Set(['PUSH_ARTIFACT', 'harbor.artifact.pushed'])

export const harbor: Provider = {
  name: 'harbor',
  // It has no header of its own but the one that is configured.
  detects: ({ header }) => header('authorization') !== undefined,
  authenticates: ({ header }, secret) => byToken(header('authorization'), secret('webhook.harbor.secret')),
  requiredSecret: 'webhook.harbor.secret',
  read(payload) {
    if (!pushes.has(textAt(payload, 'type'))) return []
    const data = at(payload, 'event_data') ?? at(payload, 'data')
    const repository = at(data, 'repository')
    const inProject = [textAt(repository, 'namespace'), textAt(repository, 'name')]
    const name = textAt(repository, 'repo_full_name') || (inProject.includes('') ? '' : inProject.join('/'))
    return listAt(data, 'resources').flatMap((resource) => artifact(resource, name))
  },
}

/** `resource_url` is `HOST/PROJECT/REPOSITORY:TAG`. */
function artifact(resource: Json, repository: string): ArtifactEvent[] {
  const registry =
    textAt(resource, 'resource_url')
      .replace(/^[a-z]+:\/\//i, '')
      .split('/', 1)[0] ?? ''
  const tag = textAt(resource, 'tag')
  const digest = textAt(resource, 'digest')
  if (registry === '' || repository === '' || tag === '') return []
  return [{ kind: 'artifact', registry, repository, tag, ...(digest === '' ? {} : { digest }) }]
}
