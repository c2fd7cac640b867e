import { generate } from 'selfsigned'
import { expect, test } from 'vitest'
import { addCertificates, type CertificateSet, listCertificates, removeCertificates } from './certificate-set.ts'
import { readKnownHosts, writeKnownHosts } from './known-hosts.ts'

const ed25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const encoded = (text: string) => Buffer.from(text).toString('base64')
const empty: CertificateSet = { hostKeys: [], tls: {} }
const hostKey = { serverName: 'github.com', certType: 'ssh', certSubType: 'ssh-ed25519', certData: encoded(ed25519) }

test('a host key is added once, listed with its fingerprint, and replaced only when that is asked for', () => {
  const { set, changed } = addCertificates(empty, [hostKey], false)
  expect(changed).toHaveLength(1)
  expect(addCertificates(set, [hostKey], false).changed).toEqual([])
  expect(listCertificates(set, { certType: 'ssh' })[0]?.certInfo).toBe(
    'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
  )
  const other = { ...hostKey, certData: encoded(ed25519.replace('l9GKJl', 'l9GKJm')) }
  expect(() => addCertificates(set, [other], false)).toThrow(/use upsert/)
  expect(addCertificates(set, [other], true).set.hostKeys).toHaveLength(1)
})

test('of several certificates all are added, or none', () => {
  expect(() => addCertificates(empty, [hostKey, { ...hostKey, certType: 'x' }], false)).toThrow(/none of ssh and https/)
})

test.each([
  ['a line break in a key', { ...hostKey, certData: encoded(`${ed25519}\nevil.example.com ssh-rsa AAAA`) }],
  ['a line break in a type', { ...hostKey, certSubType: 'ssh-ed25519 x' }],
  ['a host with a blank', { ...hostKey, serverName: 'a b' }],
  ['a host that is a path', { ...hostKey, certType: 'https', serverName: '../../etc/passwd' }],
])('%s is refused', (_, given) => {
  expect(() => addCertificates(empty, [given], true)).toThrow()
})

test('a key of a port of its own is written as known_hosts has it', () => {
  const { set } = addCertificates(empty, [{ ...hostKey, serverName: '[git.example.com]:2222' }], false)
  expect(writeKnownHosts(set.hostKeys, '')).toBe(`[git.example.com]:2222 ssh-ed25519 ${ed25519}\n`)
})

test('comments of a known_hosts file stay', () => {
  const text = `# from the network team\n\ngithub.com ssh-ed25519 ${ed25519} a comment\nnot a key\n`
  const keys = readKnownHosts(text)
  expect(keys).toEqual([
    { host: 'github.com', type: 'ssh-ed25519', data: `${ed25519} a comment` },
    // Three words are all that can be told from a line.
    { host: 'not', type: 'a', data: 'key' },
  ])
  expect(writeKnownHosts(keys.slice(0, 1), text).startsWith('# from the network team\n')).toBe(true)
})

test('certificates are kept by host, each of a chain told for itself, and selected by pattern', async () => {
  const { cert } = await generate([
    { name: 'commonName', value: 'git.example.com' },
    { name: 'organizationName', value: 'A, B' },
  ])
  const given = { serverName: 'git.example.com', certType: 'https', certData: encoded(`${cert}\n${cert}`) }
  const { set, changed } = addCertificates(empty, [given], false)
  expect(changed).toHaveLength(2)
  const listed = listCertificates(set, { hostNamePattern: '*.example.com' })
  expect(listed).toHaveLength(2)
  expect(listed[0]).toMatchObject({ certSubType: 'rsa', certType: 'https' })
  expect(listed[0]?.certInfo).toContain('CN=git.example.com')
  expect(listed[0]).not.toHaveProperty('certData')
  expect(listCertificates(set, { hostNamePattern: 'other*' })).toEqual([])
  expect(removeCertificates(set, { certType: 'ssh' }).set).toEqual(set)
  expect(removeCertificates(set, { hostNamePattern: 'git.example.com' })).toMatchObject({
    set: empty,
    changed: [{}, {}],
  })
})
