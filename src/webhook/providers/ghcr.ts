/** GitHub's container registry, which speaks through the webhooks of GitHub's repositories. */
import { bySignature, hubSignature256 } from '../authenticity.ts'
import { at, textAt } from '../payload.ts'
import type { Provider } from '../provider.ts'

const events = new Set(['package', 'registry_package'])

export const ghcr: Provider = {
  name: 'ghcr',
  detects: ({ header }) => events.has(header('x-github-event') ?? ''),
  authenticates: (delivery, secret) => bySignature(delivery, secret('webhook.github.secret'), [hubSignature256]),
  requiredSecret: 'webhook.github.secret',
  read(payload) {
    // The event is named as the field is: package or registry_package.
    const published = at(payload, 'package') ?? at(payload, 'registry_package')
    const isPush = ['published', 'updated'].includes(textAt(payload, 'action'))
    if (!isPush || textAt(published, 'package_type').toLowerCase() !== 'container') return []
    const owner = textAt(published, 'owner', 'login')
    const name = textAt(published, 'name')
    const tag = at(published, 'package_version', 'container_metadata', 'tag')
    // What a manifest list is made of is pushed without a tag.
    if (owner === '' || name === '' || textAt(tag, 'name') === '') return []
    const digest = textAt(tag, 'digest')
    return [
      {
        kind: 'artifact',
        registry: 'ghcr.io',
        repository: `${owner}/${name}`,
        tag: textAt(tag, 'name'),
        ...(digest === '' ? {} : { digest }),
      },
    ]
  },
}
