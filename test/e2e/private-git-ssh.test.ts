/** Private repositories over SSH: keys that admit, host keys that are known, and those that are not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { run } from './command-line.ts'
import { declareRepository, trustHostKeys } from './registered.ts'
import { signIn } from './signed-in.ts'
import { type SshHost, sshd, startSshHost } from './ssh-host.ts'
import { type App, startWorld, type World } from './world.ts'

if (!sshd) console.warn('SKIPPED: repositories over SSH, since sshd is not installed: apt-get install openssh-server')

let world: World
const hosts: SshHost[] = []
const files = { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n' }

beforeAll(async () => {
  world = await startWorld()
})
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
})
afterAll(() => world.stop())

async function host(port?: number): Promise<SshHost> {
  const started = await startSshHost(port === undefined ? {} : { port })
  hosts.push(started)
  return started
}

async function failing(app: App, pattern: RegExp): Promise<void> {
  await app.until(`fails with ${pattern}`, ({ conditions = [] }) =>
    conditions.some(({ type, message }) => type === 'ComparisonError' && pattern.test(message)),
  )
}

test.skipIf(!sshd)('a repository is read with the key of its Secret, once the host is known', async () => {
  const started = await host()
  const repository = world.repository(files)
  const url = started.url(repository.url)
  await declareRepository(world, { url, sshPrivateKey: started.privateKey })
  const app = await world.application({ ...repository, url })
  await failing(app, /SSH key ssh-ed25519 SHA256:\S+ is not known/)
  const told = app.status().conditions?.[0]?.message ?? ''
  expect(told).toContain(started.fingerprint)
  expect(told).not.toMatch(/debug1|OpenSSH/)
  await trustHostKeys(world, started.knownHost)
  await app.settled(repository.git('rev-parse', 'HEAD'))
})

test.skipIf(!sshd)(
  'a host that shows another key than the known one is not read from, and what runs stays',
  async () => {
    const started = await host()
    const repository = world.repository(files)
    const url = started.url(repository.url)
    await trustHostKeys(world, started.knownHost)
    const name = await declareRepository(world, { url, sshPrivateKey: started.privateKey })
    const app = await world.application({ ...repository, url })
    await app.settled()
    await started.close()
    hosts.length = 0
    const other = await host(started.port)
    await failing(app, /shows another SSH key than the known one, ssh-ed25519 SHA256:/)
    expect(app.status().conditions?.[0]?.message).toContain(other.fingerprint)
    expect(await app.live('ConfigMap', 'config')).toBeDefined()
    const unchecked = { url, sshPrivateKey: other.privateKey, insecureIgnoreHostKey: 'true' }
    await declareRepository(world, unchecked, { name })
    const second = await world.application({ ...repository, url })
    await second.settled()
  },
)

test.skipIf(!sshd)('a key that the host does not admit, and none at all, are told apart', async () => {
  const [right, wrong] = [await host(), await host()]
  const repository = world.repository(files)
  const url = right.url(repository.url)
  await trustHostKeys(world, `${right.knownHost}\n${wrong.knownHost}`)
  const app = await world.application({ ...repository, url })
  await failing(app, /private or does not exist: check repoURL and the credentials/)
  const name = await declareRepository(world, { url, sshPrivateKey: wrong.privateKey })
  await failing(app, /refuses the credentials that are registered for it/)
  await declareRepository(world, { url, sshPrivateKey: right.privateKey }, { name })
  await app.settled()
})

test.skipIf(!sshd)(
  'who adds a repository on the command line is told the fingerprint of an unknown host, and what else is wrong',
  async () => {
    const started = await host()
    const url = started.url(world.repository(files).url)
    const { token } = await signIn(world)
    await trustHostKeys(world, '')
    const folder = mkdtempSync(join(tmpdir(), 'tiphys-key-'))
    const file = join(folder, 'key')
    writeFileSync(file, started.privateKey, { mode: 0o600 })
    const place = ['--server', world.tiphys().url, '--auth-token', token, '--plaintext']
    const add = (...more: string[]) =>
      run(['repo', 'add', url, ...place, ...more], { TIPHYS_CONFIG_DIR: '/nonexistent', KUBECONFIG: '/nonexistent' })
    const withKey = ['--ssh-private-key-path', file]
    expect(await add(...withKey)).toMatchObject({
      code: 20,
      err: expect.stringContaining(`${started.fingerprint} is not known`),
    })
    await trustHostKeys(world, started.knownHost)
    await expect.poll(async () => (await add()).err).toMatch(/private or does not exist/)
    expect(await add(...withKey)).toMatchObject({ code: 0, out: `repository ${url} added\n` })
    rmSync(folder, { recursive: true, force: true })
  },
)
