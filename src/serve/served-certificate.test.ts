import { expect, test } from 'vitest'
import { selfSigned } from '../api/tls/certificate.ts'
import { firstCertificate, usableCertificate } from './served-certificate.ts'

const now = new Date('2026-01-01T00:00:00Z')

function source(secrets: Record<string, Record<string, string>>) {
  const kept: object[] = []
  const warnings: string[] = []
  const keep = async (pair: object) => void kept.push(pair)
  const warn = (message: string) => void warnings.push(message)
  return { kept, warnings, source: { secret: (name: string) => secrets[name], keep, warn, namespace: 'argocd', now } }
}

test('without a certificate one is made and kept, so that a restart serves with the same', async () => {
  const { kept, source: given } = source({})
  const made = await firstCertificate(given)
  expect(kept).toEqual([made])
})

test('a certificate that is of no use is reported and replaced, but never overwritten', async () => {
  const one = await selfSigned('argocd', now)
  const other = await selfSigned('argocd', now)
  const broken = { 'argocd-server-tls': { 'tls.crt': one.cert, 'tls.key': other.key } }
  const { kept, warnings, source: given } = source(broken)
  const made = await firstCertificate(given)
  expect(made.cert).not.toBe(one.cert)
  expect(kept).toEqual([])
  expect(warnings[0]).toContain('the key does not belong to the certificate')
  expect(usableCertificate(given)).toBeUndefined()
})

test('what an installation gives is used', async () => {
  const pair = await selfSigned('argocd', now)
  const { source: given } = source({ 'argocd-server-tls': { 'tls.crt': pair.cert, 'tls.key': pair.key } })
  expect(await firstCertificate(given)).toEqual(pair)
})
