import { expect, test } from 'vitest'
import type { ControlPlane, SecretType } from '../../live/index.ts'
import type { KubeObject } from '../../model/index.ts'
import { inheritedBy, repositoryRecords } from './repository-records.ts'
import { shownRepository } from './show-repository.ts'

function secret(data: Record<string, string>): KubeObject {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: Object.fromEntries(encoded) }
}

function controlPlane(secrets: Partial<Record<SecretType, KubeObject[]>>): ControlPlane {
  return { secretsOfType: (type: SecretType) => secrets[type] ?? [] } as ControlPlane
}

const credentials = (url: string, project = '') => ({ secret: secret({ url }), url, project, fields: { url } })

test('the longest prefix of an address counts, and a slash at its end is part of it', () => {
  const records = [credentials('https://git.example.com'), credentials('https://git.example.com/team/')]
  const of = (url: string) => inheritedBy({ url, project: 'shop' }, records)?.url
  expect(of('https://git.example.com/team/shop.git')).toBe('https://git.example.com/team/')
  expect(of('https://git.example.com/teams/shop')).toBe('https://git.example.com')
  expect(of('https://other.example.com/team/shop')).toBeUndefined()
  expect(inheritedBy({ url: 'https://git.example.com', project: '' }, [credentials('')])).toBeUndefined()
})

test('credentials of a project come before those of all, however short, and count for no other project', () => {
  const records = [credentials('https://git.example.com/team'), credentials('https://git.example.com', 'shop')]
  const of = (project: string) => inheritedBy({ url: 'https://git.example.com/team/a', project }, records)
  expect(of('shop')?.project).toBe('shop')
  expect(of('bank')?.url).toBe('https://git.example.com/team')
  expect(of('')?.url).toBe('https://git.example.com/team')
  expect(inheritedBy({ url: 'https://git.example.com/a', project: 'bank' }, records)).toBeUndefined()
})

test('nothing of the credentials of a repository is answered, own or inherited', () => {
  const canary = 'canary'
  const all = {
    username: 'ann',
    password: canary,
    bearerToken: canary,
    sshPrivateKey: canary,
    tlsClientCertData: canary,
    tlsClientCertKey: canary,
    githubAppPrivateKey: canary,
    gcpServiceAccountKey: canary,
    azureServicePrincipalClientSecret: canary,
    proxy: `http://ann:${canary}@proxy.example.com`,
    anythingElse: canary,
  }
  const url = `https://ann:${canary}@git.example.com/x`
  const records = repositoryRecords(
    controlPlane({
      repository: [secret({ url, ...all }), secret({ url: `${url}/y` })],
      'repo-creds': [secret({ ...all, url: 'https://' })],
    }),
  )
  const shown = records.map((record) => shownRepository(record))
  expect(JSON.stringify(shown)).not.toContain(canary)
  expect(shown).toEqual([
    expect.objectContaining({ username: 'ann', proxy: 'http://ann@proxy.example.com', type: 'git' }),
    expect.objectContaining({ username: 'ann', inheritedCreds: true }),
  ])
})
