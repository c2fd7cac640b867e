import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loginPaths, readLogins, writeLogins } from './login-file.ts'
import { loginNamed, noLogins, withLogin, withoutContext, withoutToken } from './logins.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiphys-logins-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const login = { name: 'here', server: { server: 'tiphys.example.com' }, user: { name: 'here', 'auth-token': 'secret' } }

const argocd = `current-context: cd.example.com
contexts:
- {name: cd.example.com, server: cd.example.com, user: cd.example.com}
servers:
- {server: cd.example.com, grpc-web: true, grpc-web-root-path: ""}
users:
- {name: cd.example.com, auth-token: theirs, refresh-token: more}
prompts-enabled: false
`

test('the file comes back as it was written, and only its owner may read it', async () => {
  const path = join(folder, 'deeper', 'config')
  await writeLogins(path, withLogin(noLogins, login))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const { logins } = await readLogins(path)
  expect(loginNamed(logins, 'here')).toEqual(login)
})

test("Argo CD's file is read as long as there is none of ours, and is not written to", async () => {
  const env = { TIPHYS_CONFIG_DIR: join(folder, 'tiphys'), ARGOCD_CONFIG_DIR: folder }
  await writeFile(join(folder, 'config'), argocd, { mode: 0o600 })
  const { logins, path } = await readLogins(undefined, env)
  expect(loginNamed(logins, 'cd.example.com')?.user['auth-token']).toBe('theirs')
  await writeLogins(path, withLogin(logins, login))
  const both = await readLogins(undefined, env)
  expect(both.logins).toMatchObject({ 'current-context': 'here', 'prompts-enabled': false })
  expect(both.logins.contexts.map(({ name }) => name)).toEqual(['cd.example.com', 'here'])
  expect((await readLogins(join(folder, 'config'))).logins.contexts).toHaveLength(1)
})

test('a file that others may read is refused, and so is one that holds something else', async () => {
  const path = join(folder, 'config')
  await writeFile(path, argocd)
  await chmod(path, 0o644)
  await expect(readLogins(path)).rejects.toThrow(/chmod 600/)
  await writeFile(path, 'contexts: none')
  await chmod(path, 0o600)
  await expect(readLogins(path)).rejects.toThrow(/contexts is no list/)
})

test('the folders are those of the environment', () => {
  expect(loginPaths('mine', {})).toEqual(['mine'])
  expect(loginPaths(undefined, { HOME: '/home/ann' })).toEqual([
    '/home/ann/.config/tiphys/config',
    '/home/ann/.config/argocd/config',
  ])
  expect(loginPaths(undefined, { XDG_CONFIG_HOME: '/x' })[0]).toBe('/x/tiphys/config')
})

test('a login that is forgotten takes along what no other one has', () => {
  const second = { ...login, name: 'there', user: { name: 'there', 'auth-token': 'other' } }
  const logins = withLogin(withLogin(noLogins, login), second)
  expect(withoutToken(logins, 'here').users[0]).toEqual({ name: 'here' })
  const left = withoutContext(logins, 'there')
  expect(left).toMatchObject({ 'current-context': '', servers: [login.server], users: [login.user] })
  expect(withoutContext(left, 'here')).toEqual(noLogins)
})
