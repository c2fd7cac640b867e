import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configMap } from './manifests.ts'
import { hasGnupg, makeSigningKey, type SigningKey } from './signing.ts'
import { type Repository, startWorld, type World } from './world.ts'

describe.skipIf(!hasGnupg())('with GnuPG on the machine', () => {
  let world: World
  let key: SigningKey
  beforeAll(async () => {
    world = await startWorld()
    key = makeSigningKey()
  })
  afterAll(async () => {
    key.close()
    await world.stop()
  })

  function signed(repository: Repository): string {
    const env = {
      ...key.environment,
      GIT_COMMITTER_NAME: 'Author',
      GIT_COMMITTER_EMAIL: 'author@example.com',
    }
    const options = { cwd: repository.url, env, stdio: 'ignore' } as const
    execFileSync('git', ['commit', '--amend', '--no-edit', `--gpg-sign=${key.id}`], options)
    return repository.git('rev-parse', 'HEAD')
  }

  async function project(spec: object): Promise<string> {
    const name = world.unique(`signed-${Math.random().toString(36).slice(2, 8)}`)
    const everything = {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    }
    const metadata = { name, namespace: world.controlNamespace }
    await world.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata,
      spec: { ...everything, ...spec },
    })
    return name
  }

  test('only commits that a key of the project has signed are deployed, and the refusal says what is missing', async () => {
    const name = await project({ signatureKeys: [{ keyID: key.id.slice(-16) }] })
    const repository = world.repository({ 'a.yaml': configMap('a') })
    const app = await world.application(repository, { project: name })
    const refused = (pattern: RegExp) =>
      app.until(`${pattern}`, ({ conditions }) => Boolean(conditions?.some(({ message }) => pattern.test(message))))
    await refused(/asks for signed commits.*it is not signed with GnuPG/)
    const revision = signed(repository)
    await refused(/not in argocd-gpg-keys-cm/)
    await world.client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'argocd-gpg-keys-cm', namespace: world.controlNamespace },
      data: { [key.id.slice(-16)]: key.armoured },
    })
    await app.settled(revision)

    repository.commit({ 'a.yaml': configMap('a', { unsigned: 'yes' }) })
    await refused(/it is not signed with GnuPG/)
    expect((await app.live('ConfigMap', 'a'))?.data).toEqual({ key: 'value' })
  })

  test('a signature by a key that the project does not name is refused', async () => {
    const gpg = { mode: 'head', keys: ['0123456789ABCDEF'] }
    const name = await project({ sourceIntegrity: { git: { policies: [{ repos: [{ url: '*' }], gpg }] } } })
    const repository = world.repository({ 'a.yaml': configMap('a') })
    signed(repository)
    const app = await world.application(repository, { project: name })
    await app.until('refused', ({ conditions }) =>
      Boolean(conditions?.some(({ message }) => /which is not among its keys/.test(message))),
    )
    expect(await app.live('ConfigMap', 'a')).toBeUndefined()
  })
})
