/** The secrets of webhooks, as argocd-secret holds them: values, or references to values kept elsewhere. */
import { WebhookRefused } from './event.ts'

/** Undefined when there is none; throws when one is meant and cannot be found. */
export type SecretLookup = (key: string) => string | undefined

/**
 * `$name` refers to another key of argocd-secret, `$secret:name` to one of another Secret. Argo CD takes a reference that
 * leads nowhere for the secret itself, which anyone could guess; here nothing is let in until it leads somewhere.
 */
export function secretLookup(secrets: Record<string, string>): SecretLookup {
  const values = new Map(Object.entries(secrets))
  return (key) => {
    const value = values.get(key)
    if (value === undefined || value === '') return undefined
    if (!value.startsWith('$')) return value
    const referred = values.get(value.slice(1))?.trim()
    if (referred) return referred
    throw new WebhookRefused(
      401,
      `The secret of this webhook cannot be read: ${key} refers to a value that is not there, or to a Secret without the label app.kubernetes.io/part-of: argocd.`,
    )
  }
}
