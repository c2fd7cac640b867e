/** What the secrets of webhooks may refer to: argocd-secret itself, and keys of other Secrets of the control namespace. */
import type { ControlPlane } from '../../live/index.ts'

export function namedSecrets({ secret }: Pick<ControlPlane, 'secret'>): Record<string, string> {
  const own = secret('argocd-secret') ?? {}
  const references = Object.entries(own).flatMap(([key, value]) =>
    key.startsWith('webhook.') && value.startsWith('$') ? [value.slice(1).trim()] : [],
  )
  const others = references.flatMap((reference): [string, string][] => {
    const [name = '', key] = reference.split(':', 2)
    const value = key === undefined ? undefined : secret(name)?.[key]
    return value === undefined ? [] : [[reference, value]]
  })
  return { ...own, ...Object.fromEntries(others) }
}
