import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openGit } from './git.ts'
import { gitAccess, type HttpProof } from './git-access.ts'
import { openPrivateFiles, type PrivateFiles } from './private-file.ts'
import { parseAddress } from './repository-address.ts'

const home = mkdtempSync(join(tmpdir(), 'tiphys-git-access-'))
const { noAuthorities } = openGit({ home, allowLocal: true, timeLimitMs: 1000 })
afterAll(() => rmSync(home, { recursive: true, force: true }))

let opened: PrivateFiles[] = []
afterEach(() => {
  for (const files of opened) files.close()
  opened = []
})

function access(url: string, connection: object, proof?: HttpProof) {
  const files = openPrivateFiles()
  opened.push(files)
  return gitAccess({ address: parseAddress(url), connection, proof, files, noAuthorities })
}

const password = 'pass "word" \\ with # all'

test('what git reads of a password is what was given, for that host alone, and no argument or variable holds it', () => {
  const environment = access('https://git.example.com:8443/a', {}, { username: 'ann', password })
  expect(JSON.stringify(environment)).not.toContain('pass')
  const ask = (url: string) =>
    execFileSync('git', ['config', '--get-urlmatch', 'http.extraHeader', url], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...environment },
      encoding: 'utf8',
    }).trim()
  const encoded = Buffer.from(`ann:${password}`).toString('base64')
  expect(ask('https://git.example.com:8443/a')).toBe(`Authorization: Basic ${encoded}`)
  expect(() => ask('https://git.example.com/a')).toThrow()
  expect(() => ask('https://other.example.com:8443/a')).toThrow()
})

test('a proxy with a password is among what is included, and what goes past it is not secret', () => {
  const environment = access('https://git.example.com/a', {
    proxy: 'http://ann:word@proxy:3128',
    noProxy: 'x.example.com',
  })
  expect(environment).toMatchObject({ NO_PROXY: 'x.example.com', no_proxy: 'x.example.com' })
  expect(JSON.stringify(environment)).not.toContain('word')
  expect(readFileSync(environment.GIT_CONFIG_VALUE_0 ?? '', 'utf8')).toContain('proxy = "http://ann:word@proxy:3128"')
})

test('authorities that are given take the place of those that the system trusts', () => {
  const environment = access('https://git.example.com/a', { authorities: 'PEM' })
  expect(readFileSync(environment.GIT_SSL_CAINFO ?? '', 'utf8')).toBe('PEM')
  expect(readdirSync(environment.GIT_SSL_CAPATH ?? '')).toEqual([])
  expect(access('https://git.example.com/a', {})).toEqual({})
})

test('a token with a line break could set anything, and is refused without being told', () => {
  const token = 'secret\n[core]\n\thooksPath = /tmp'
  const attempt = () => access('https://git.example.com/a', {}, { bearerToken: token })
  expect(attempt).toThrow(/a line break or a control character/)
  expect(attempt).not.toThrow(/secret/)
})

test('ssh trusts the hosts that it is told and no others, and uses the one key that it is given', () => {
  const { GIT_SSH_COMMAND: command = '' } = access('git@git.example.com:a', {
    sshPrivateKey: 'KEY',
    knownHosts: 'HOST',
  })
  expect(command).toMatch(/-oStrictHostKeyChecking=yes/)
  expect(command).toMatch(/-oGlobalKnownHostsFile=\/dev\/null/)
  expect(command).toMatch(/-oIdentitiesOnly=yes/)
  expect(command).not.toMatch(/KEY|HOST\b(?!=)/)
  const [, key = ''] = / -i (\S+)/.exec(command) ?? []
  const [, hosts = ''] = /-oUserKnownHostsFile=(\S+)/.exec(command) ?? []
  expect([readFileSync(key, 'utf8'), readFileSync(hosts, 'utf8')]).toEqual(['KEY\n', 'HOST\n'])
})

test('a private file is for its owner alone, and gone when it is closed', () => {
  const files = openPrivateFiles()
  const path = files.add('secret')
  expect(execFileSync('stat', ['-L', '-c', '%a', path], { encoding: 'utf8' }).trim()).toBe('600')
  expect(readFileSync(path, 'utf8')).toBe('secret')
  files.close()
  expect(() => readFileSync(path, 'utf8')).toThrow()
})
