/** Values of settings that stand in Secrets: `$key` of argocd-secret, `$secret:key` of another one. Pure. */
import { type KubeObject, label } from '../../model/index.ts'

/** A Secret of the control namespace. */
export type ReadSecret = (name: string) => KubeObject | undefined

export const mainSecret = 'argocd-secret'

export interface Resolved {
  value: unknown
  /** References that lead nowhere, with the reason. */
  problems: string[]
}

/**
 * Puts values in the place of references, at any depth. Argo CD takes a reference that leads nowhere for the value itself;
 * here it is a problem, since everybody could guess such a secret.
 */
export function resolveReferences(value: unknown, read: ReadSecret): Resolved {
  const problems: string[] = []
  function walk(part: unknown): unknown {
    if (typeof part === 'string') return part.startsWith('$') ? resolve(part) : part
    if (Array.isArray(part)) return part.map(walk)
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]))
  }
  function resolve(reference: string): string {
    const found = lookUp(reference.slice(1), read)
    if ('problem' in found) problems.push(`${reference} cannot be read: ${found.problem}`)
    return 'value' in found ? found.value : ''
  }
  return { value: walk(value), problems }
}

function lookUp(reference: string, read: ReadSecret): { value: string } | { problem: string } {
  const colon = reference.indexOf(':')
  const [name, key] = colon < 0 ? [mainSecret, reference] : [reference.slice(0, colon), reference.slice(colon + 1)]
  const secret = read(name)
  if (!secret) return { problem: `there is no Secret ${name}` }
  // Whoever may write argocd-cm must not get at other Secrets of the namespace.
  if (name !== mainSecret && secret.metadata.labels?.[label.partOf] !== 'argocd')
    return { problem: `Secret ${name} needs the label ${label.partOf}: argocd` }
  const value = secretValue(secret, key)?.trim()
  return value ? { value } : { problem: `Secret ${name} has no value ${key}` }
}

export function secretValue({ data }: KubeObject, key: string): string | undefined {
  const values = (data ?? {}) as Record<string, string>
  return Object.hasOwn(values, key) ? Buffer.from(values[key] ?? '', 'base64').toString('utf8') : undefined
}
