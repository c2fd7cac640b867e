/** Docker Hub, which signs nothing: the address it is given holds a token. */
import { byToken } from '../authenticity.ts'
import { at, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

export const dockerHub: Provider = {
  name: 'dockerhub',
  detects: ({ query }) => query('registry') === 'dockerhub',
  authenticates: ({ query }, secret) => byToken(query('token'), secret('webhook.dockerhub.secret')),
  requiredSecret: 'webhook.dockerhub.secret',
  read(payload) {
    const repository = textAt(at(payload, 'repository'), 'repo_name')
    const tag = textAt(payload, 'push_data', 'tag')
    if (repository === '' || tag === '') return []
    return [{ kind: 'artifact', registry: 'docker.io', repository, tag }]
  },
}
