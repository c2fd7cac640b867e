/** The keys that a provider signs with: remembered, and fetched again when a token names one that is not known. */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { messageOf } from '../../model/index.ts'
import type { ProviderFetch } from './provider-fetch.ts'
import { SsoError } from './sso-error.ts'

export interface KeySetOptions {
  url(): Promise<string>
  fetch: ProviderFetch
  now(): number
}

/** A key that the provider has given up counts no longer than this. */
const freshMs = 600_000
/** Nor much longer while the provider is down. */
const staleMs = 3_600_000
/** However many tokens with made-up keys come in, the provider is asked no more often. */
const pauseMs = 30_000

export function openKeySet({ url, fetch, now }: KeySetOptions): JWTVerifyGetKey {
  let known: { find: ReturnType<typeof createLocalJWKSet>; at: number } | undefined
  let asked = Number.NEGATIVE_INFINITY
  let failure: unknown
  let asking: Promise<void> | undefined

  function refresh(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function ask(): Promise<void> {
    asked = now()
    try {
      known = { find: createLocalJWKSet(await fetchKeys(await url(), fetch)), at: now() }
      failure = undefined
    } catch (error) {
      failure = error
    }
  }

  return async (header, token) => {
    const age = known ? now() - known.at : Number.POSITIVE_INFINITY
    const mayAsk = () => asking !== undefined || now() - asked >= pauseMs
    if (age >= freshMs && mayAsk()) await refresh()
    if (!known || now() - known.at >= staleMs)
      throw failure ?? new SsoError('unavailable', "the provider's keys are not known")
    try {
      return await known.find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !mayAsk()) throw error
      await refresh()
      return known.find(header, token)
    }
  }
}

async function fetchKeys(url: string, fetch: ProviderFetch): Promise<JSONWebKeySet> {
  const answer = await fetch(url, { headers: { accept: 'application/json' } })
  if (answer.status !== 200) throw new SsoError('unavailable', `the provider's ${url} answers with ${answer.status}`)
  try {
    return (await answer.json()) as JSONWebKeySet
  } catch (cause) {
    throw new SsoError('unavailable', `the provider's ${url} answers with no JSON: ${messageOf(cause)}`, { cause })
  }
}
