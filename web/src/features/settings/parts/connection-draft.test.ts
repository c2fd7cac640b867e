import { expect, test } from 'vitest'
import { draftOf, fieldsToSend, flagsFor, isSshUrl, kindOf, methodsFor } from './connection-draft.ts'

test.each([
  ['git@github.com:org/repo.git', 'git', true],
  ['ssh://git@host/repo', 'git', true],
  ['https://github.com/org/repo.git', 'git', false],
  ['oci://registry.example.com/charts', 'oci', false],
  ['https://charts.example.com', undefined, false],
])('%s says that it is %s', (url, kind, isSsh) => {
  expect(kindOf(url)).toBe(kind)
  expect(isSshUrl(url)).toBe(isSsh)
})

test('an address of SSH offers a key, any other does not', () => {
  expect(methodsFor('git', 'git@github.com:org/repo.git')).toEqual(['none', 'ssh'])
  expect(methodsFor('git', 'https://github.com/org/repo.git')).not.toContain('ssh')
  expect(flagsFor('git', 'git@github.com:org/repo.git')).toContain('insecureIgnoreHostKey')
})

test('only what belongs to the chosen kind and way of signing in is sent', () => {
  const texts = {
    username: 'ann',
    password: 'secret',
    bearerToken: 'left over',
    project: ' team ',
    depth: '1',
    sshPrivateKey: 'key',
  }
  const flags = { insecure: true, enableLfs: true, enableOCI: true }
  const url = 'https://git.example.com/a.git'
  expect(fieldsToSend({ kind: 'git', method: 'password', texts, flags }, url)).toEqual({
    type: 'git',
    username: 'ann',
    password: 'secret',
    project: 'team',
    depth: 1,
    insecure: true,
    enableLfs: true,
  })
  expect(fieldsToSend({ kind: 'helm', method: 'none', texts, flags }, url)).toEqual({
    type: 'helm',
    project: 'team',
    insecure: true,
    enableOCI: true,
  })
  expect(fieldsToSend({ kind: 'git', method: 'ssh', texts, flags: {} }, 'git@h:a')).toMatchObject({
    sshPrivateKey: 'key\n',
  })
})

test('a form begins with what the server shows', () => {
  expect(draftOf({ repo: 'x', type: 'helm', username: 'ann', insecure: true, depth: 3, connectionState: {} })).toEqual({
    kind: 'helm',
    method: 'password',
    texts: { repo: 'x', type: 'helm', username: 'ann', depth: '3' },
    flags: { insecure: true, insecureIgnoreHostKey: true },
  })
  expect(draftOf({ githubAppID: 12 })).toMatchObject({ kind: 'git', method: 'github', texts: { githubAppID: '12' } })
})
