import { describe, expect, test } from 'vitest'
import { withoutPassword } from '../model/index.ts'
import { checkReachable, parseAddress, withoutUserinfo } from './repository-address.ts'

describe('addresses that Git could mistake for something else are refused', () => {
  const refused = [
    '',
    '-uhttp://x',
    '--upload-pack=touch /tmp/x',
    'ext::sh -c id',
    'fd::7',
    'https://x/a b',
    'https://x/\na',
    'relative/path',
    'git://host/x',
    'ftp://host/x',
    'ssh://-oProxyCommand=x/y',
    '-oProxyCommand=x:y',
    'transport::https://x/y',
    'https:///x',
    'https://git.example.com\\@evil.io/x',
    'https://git.example.com/team/../other/x',
    'https://git.example.com/team/%2E%2e/other',
    'https://git.example.com/team/..',
    'git@git.example.com:../other',
    'ssh://git@git.example.com/team/../other',
    'oci://registry.example.com/team/../other',
  ]
  for (const url of refused) test(JSON.stringify(url), () => expect(() => parseAddress(url)).toThrow(/repoURL/))
})

test('the forms in use are understood', () => {
  expect(parseAddress('https://github.com/org/repo.git')).toMatchObject({ transport: 'http', host: 'github.com' })
  expect(parseAddress('git@github.com:org/repo')).toMatchObject({ transport: 'ssh', host: 'github.com' })
  expect(parseAddress('ssh://git@[fd00::1]:22/x')).toMatchObject({ transport: 'ssh', host: 'fd00::1' })
  expect(parseAddress('file:///srv/repo')).toMatchObject({ transport: 'local' })
  expect(parseAddress('https://git.example.com/a..b/..c?x=../y')).toMatchObject({ host: 'git.example.com' })
  expect(parseAddress('/srv/repo')).toMatchObject({ transport: 'local' })
})

describe('doors of this machine stay shut', () => {
  const local = [
    '/srv/repo',
    'file:///srv/repo',
    'http://localhost/x',
    'http://127.0.0.1:8080/x',
    'http://127.9.9.9/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
    'http://[::1]/x',
    'http://[::ffff:127.0.0.1]/x',
    'http://0.0.0.0/x',
    'http://169.254.169.254/latest',
    'ssh://git@localhost/x',
    'git@127.0.0.1:x/y',
    'http://a.localhost/x',
  ]
  for (const url of local) {
    test(url, async () => {
      await expect(checkReachable(parseAddress(url), false)).rejects.toThrow('--allow-local')
      await expect(checkReachable(parseAddress(url), true)).resolves.toBeUndefined()
    })
  }
  test('others may be reached', () =>
    expect(checkReachable(parseAddress('https://192.0.2.1/x'), false)).resolves.toBeUndefined())
})

test('passwords are not shown', () => {
  expect(withoutPassword('fatal: https://user:secret@host/x and ssh://me@host/y')).toBe(
    'fatal: https://host/x and ssh://host/y',
  )
  // Up to the last @, as those read it who connect.
  expect(withoutPassword('https://user:p@ss@host/x@y')).toBe('https://host/x@y')
  expect(withoutUserinfo('https://user:p@ss@host/x@y')).toEqual({
    url: 'https://host/x@y',
    userinfo: { username: 'user', password: 'p@ss' },
  })
})
