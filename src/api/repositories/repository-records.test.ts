import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
      'repo-creds': [secret({ ...all, url: `https://ann:${canary}@git.example.com/` })],
    }),
  )
  const shown = records.map((record) => shownRepository(record))
  expect(JSON.stringify(shown)).not.toContain(canary)
  expect(shown).toEqual([
    expect.objectContaining({ username: 'ann', proxy: 'http://ann@proxy.example.com', type: 'git' }),
    expect.objectContaining({ username: 'ann', inheritedCreds: true }),
  ])
})

describe('credentials of one host', () => {
  const matches = (template: string, url: string) =>
    inheritedBy({ url, project: '' }, [credentials(template)]) !== undefined

  test.each([
    ['registry.example.com', 'registry.example.com.evil.io/x'],
    ['registry.example.com', 'registry.example.com:5000/x'],
    ['oci://registry.example.com', 'oci://registry.example.com@evil.io/x'],
    ['https://git.example.com', 'https://git.example.com.evil.io/x'],
    ['https://git.example.com', 'https://git.example.com@evil.io/x'],
    ['https://git.example.com', 'https://git.example.com:8443@evil.io/x'],
    ['https://git.example.com', 'https://git.example.com\\@evil.io/x'],
    ['https://git.example.com', 'https://git.example.com:8443/x'],
    ['https://git.example.com:844', 'https://git.example.com:8443/x'],
    ['https://git.example.com', 'https://git.example.com.git'],
    ['https://git.example.com', 'http://git.example.com/x'],
    ['https://git.example.com', 'https://ann@git.example.com/x'],
    ['git@git.example.com', 'git@git.example.com.evil.io:x'],
    ['git@git', 'git@git.evil.io:x'],
    ['git@git.example.com:org', 'https://git.example.com/org/x'],
    ['ssh://git@git.example.com', 'ssh://git@git.example.com@evil.io/x'],
    ['https://git.', 'https://git.example.com/x'],
    ['https://', 'https://evil.io/x'],
    ['git@', 'git@evil.io:x'],
    ['h', 'https://evil.io/x'],
  ])('%s are not for %s', (template, url) => {
    expect(matches(template, url)).toBe(false)
  })

  test.each([
    ['https://git.example.com', 'https://git.example.com/team/x.git'],
    ['https://git.example.com', 'https://git.example.com'],
    ['https://git.example.com:443/team', 'https://GIT.example.com/Team/x'],
    ['https://git.example.com:8443', 'https://git.example.com:8443/x'],
    ['https://[::1]:8443/team', 'https://[::1]:8443/team/x'],
    ['https://git.example.com/team', 'https://git.example.com/team-a/x'],
    ['https://git.example.com/team.git', 'https://git.example.com/team'],
    ['https://git.example.com/team', 'https://git.example.com/team?ref=main'],
    ['https://ann@git.example.com/team', 'https://ann@git.example.com/team/x'],
    ['git@git.example.com:org/', 'git@git.example.com:org/x.git'],
    ['git@git.example.com:org/', 'ssh://git@git.example.com/org/x'],
    ['ssh://git@git.example.com', 'git@git.example.com:org/x'],
    ['ssh://git@git.example.com:2222/org', 'ssh://git@git.example.com:2222/org/x'],
    ['registry.example.com', 'oci://registry.example.com/charts/x'],
    ['oci://registry.example.com/charts', 'registry.example.com/charts/x'],
    ['registry.example.com:5000/charts', 'oci://registry.example.com:5000/charts/x'],
  ])('%s are for %s', (template, url) => {
    expect(matches(template, url)).toBe(true)
  })

  test('no address of another host gets them, however it is written', () => {
    const host = 'git.example.com'
    const piece = fc.constantFrom(
      ...[
        '@',
        ':',
        '/',
        '\\',
        '?',
        '#',
        '.',
        '%2f',
        '%40',
        '[',
        ']',
        ' ',
        '\t',
        '443',
        'evil.io',
        host,
        '.git',
        'ann',
        '..',
      ],
    )
    const written = fc.tuple(
      fc.constantFrom('https://', 'HTTPS://', 'http://', 'ssh://', 'oci://', '', 'git@', 'ssh://git@'),
      fc.constantFrom(host, host, ''),
      fc.array(fc.oneof(piece, piece, fc.string({ maxLength: 3 })), { maxLength: 6 }),
    )
    const templates = [
      `https://${host}`,
      `https://${host}/`,
      `ssh://git@${host}`,
      `git@${host}:x`,
      host,
      `oci://${host}`,
    ]
    let matched = 0
    fc.assert(
      fc.property(fc.constantFrom(...templates), written, (template, [scheme, start, pieces]) => {
        const url = scheme + start + pieces.join('')
        if (!matches(template, url)) return
        matched++
        expect(hostsOf(url)).toEqual([host, host])
      }),
      { numRuns: 20_000 },
    )
    expect(matched).toBeGreaterThan(50)
  })

  /** As curl and ssh read an address, and as browsers do. */
  function hostsOf(url: string): string[] {
    const whole = /:\/\//.test(url) ? url.trim() : `ssh://${url.trim().replace(/^([^/]*@[^:/]*):/, '$1/')}`
    const [, authority = ''] = /^[a-z]+:\/\/([^/?#]*)/i.exec(whole) ?? []
    const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
    return [host.toLowerCase(), new URL(whole.replace(/^[a-z]+:/i, 'http:')).hostname]
  }
})
