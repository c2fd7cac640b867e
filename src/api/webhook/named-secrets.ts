/** What the secrets of webhooks may refer to: argocd-secret itself, and keys of other Secrets of the control namespace. */
import { type ControlPlane, decodedSecret } from '../../live/index.ts'
import { type KubeObject, label } from '../../model/index.ts'

export function namedSecrets({ storedSecret }: Pick<ControlPlane, 'storedSecret'>): Record<string, string> {
  const main = storedSecret('argocd-secret')
  const own = main ? decodedSecret(main) : {}
  const references = Object.entries(own).flatMap(([key, value]) =>
    key.startsWith('webhook.') && value.startsWith('$') ? [value.slice(1).trim()] : [],
  )
  const others = references.flatMap((reference): [string, string][] => {
    const [name = '', key] = reference.split(':', 2)
    const secret = key === undefined ? undefined : storedSecret(name)
    const value = key !== undefined && secret && isLent(secret) ? decodedSecret(secret)[key] : undefined
    return value === undefined ? [] : [[reference, value]]
  })
  return { ...own, ...Object.fromEntries(others) }
}

/** As in Argo CD: nobody gets at other Secrets of the namespace by trying who signs with them. */
function isLent({ metadata }: KubeObject): boolean {
  return metadata.labels?.[label.partOf] === 'argocd'
}
