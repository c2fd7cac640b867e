import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type GitEvent, WebhookRefused } from './event.ts'
import { after, before, deliver, type Fixture, fixtures, secrets, zeros } from './fixtures/deliveries.ts'
import { detectProvider, maxPayloadBytes, readWebhook } from './receive.ts'
import type { WebhookRequest } from './request.ts'

const all = Object.entries<Fixture>(fixtures)

function refusal(request: WebhookRequest): WebhookRefused {
  try {
    readWebhook(request)
  } catch (error) {
    if (error instanceof WebhookRefused) return error
    throw error
  }
  throw new Error('was not refused')
}

function pushed(fixture: Fixture, changes: Record<string, unknown> = {}): GitEvent {
  const [event] = readWebhook(deliver(fixture, { ...fixture.payload, ...changes })).events
  if (event?.kind !== 'git') throw new Error('no push')
  return event
}

describe('who sends', () => {
  test.each([
    ['github', 'github'],
    ['ghcr', 'ghcr'],
    ['ghcrRegistryPackage', 'ghcr'],
    ['gogs', 'gogs'],
    ['gitea', 'gitea'],
    ['gitlab', 'gitlab'],
    ['bitbucket', 'bitbucket'],
    ['bitbucketserver', 'bitbucketserver'],
    ['azuredevops', 'azuredevops'],
    ['harbor', 'harbor'],
    ['dockerhub', 'dockerhub'],
    ['quay', 'quay'],
  ] as const)('%s is known by what it sends', (fixture, provider) => {
    expect(detectProvider(deliver(fixtures[fixture]))).toBe(provider)
  })

  test('headers are found however they are written', () => {
    expect(detectProvider({ headers: { 'x-GITHUB-event': 'push' } })).toBe('github')
  })

  test('what nobody is known by is refused with 400', () => {
    expect(refusal({ headers: {}, body: Buffer.from('{}'), secrets }).status).toBe(400)
  })
})

describe('whether it may speak', () => {
  test.each(all)('%s with its secret is authentic and has something to tell', (_name, fixture) => {
    const { authenticated, events } = readWebhook(deliver(fixture))
    expect(authenticated).toBe(true)
    expect(events.length).toBeGreaterThan(0)
  })

  test.each(all)('%s with another secret is refused with 401', (_name, fixture) => {
    const others = Object.fromEntries(Object.keys(secrets).map((key) => [key, 'another']))
    expect(refusal({ ...deliver(fixture), secrets: others }).status).toBe(401)
  })

  test.each(all.filter(([, { sign }]) => sign))('%s whose body was changed on the way is refused', (_name, fixture) => {
    const request = deliver(fixture)
    expect(refusal({ ...request, body: Buffer.concat([request.body, Buffer.from(' ')]) }).status).toBe(401)
  })

  test('a wrong signature is refused before the body is read', () => {
    const request = { ...deliver(fixtures.github), body: Buffer.from('{"not": json') }
    expect(refusal(request)).toMatchObject({ status: 401 })
  })

  test.each(['github', 'gogs', 'gitea', 'gitlab', 'bitbucket', 'bitbucketserver', 'azuredevops'] as const)(
    '%s is heard without a secret, since it only makes Tiphys look',
    (name) => {
      const { authenticated, events } = readWebhook({ ...deliver(fixtures[name]), secrets: {} })
      expect({ authenticated, some: events.length > 0 }).toEqual({ authenticated: false, some: true })
    },
  )

  test.each(['ghcr', 'harbor', 'dockerhub', 'quay'] as const)('%s is refused without a secret', (name) => {
    const refused = refusal({ ...deliver(fixtures[name]), secrets: {} })
    expect(refused.status).toBe(401)
    expect(refused.message).toContain('set webhook.')
  })

  test('Gitea that fails to prove itself is not heard as the Gogs or GitHub it could also be', () => {
    const request = deliver(fixtures.gitea)
    const forged = { ...request, headers: { ...request.headers, 'X-Gitea-Signature': 'ab'.repeat(32) } }
    expect(refusal({ ...forged, secrets: { 'webhook.gitea.secret': 'its own' } }).status).toBe(401)
  })

  test('Gitea has a secret of its own, and else that of Gogs', () => {
    const request = deliver(fixtures.gitea)
    expect(readWebhook(request).authenticated).toBe(true)
    expect(refusal({ ...request, secrets: { ...secrets, 'webhook.gitea.secret': 'its own' } }).status).toBe(401)
  })

  test('GitHub Enterprise of old signs with SHA-1', () => {
    const request = deliver(fixtures.github)
    const digits = createHmac('sha1', secrets['webhook.github.secret'] ?? '')
      .update(request.body)
      .digest('hex')
    const headers = { 'X-GitHub-Event': 'push', 'X-Hub-Signature': `sha1=${digits}` }
    expect(readWebhook({ ...request, headers }).authenticated).toBe(true)
  })

  test('a signature that is the beginning of the right one is none', () => {
    const request = deliver(fixtures.github)
    const short = request.headers['X-Hub-Signature-256']?.slice(0, -2)
    expect(refusal({ ...request, headers: { ...request.headers, 'X-Hub-Signature-256': short } }).status).toBe(401)
    const long = `${request.headers['X-Hub-Signature-256']}zz`
    expect(refusal({ ...request, headers: { ...request.headers, 'X-Hub-Signature-256': long } }).status).toBe(401)
  })

  test('a secret may stand under another key or in another Secret', () => {
    const value = secrets['webhook.github.secret'] ?? ''
    const elsewhere = { 'webhook.github.secret': '$hooks:github', 'hooks:github': ` ${value}\n` }
    expect(readWebhook({ ...deliver(fixtures.github), secrets: elsewhere }).authenticated).toBe(true)
  })

  test('a reference that leads nowhere lets nobody in, not even one who signs with its text', () => {
    const fixture = { headers: { 'X-Gitlab-Event': 'Push Hook', 'X-Gitlab-Token': '$hooks:gitlab' }, payload: {} }
    const refused = refusal({ ...deliver(fixture), secrets: { 'webhook.gitlab.secret': '$hooks:gitlab' } })
    expect(refused.status).toBe(401)
    expect(refused.message).toContain('webhook.gitlab.secret')
  })

  test('without a secret a large body is refused unread', () => {
    const body = Buffer.alloc(5 * 1024 * 1024 + 1, ' ')
    expect(refusal({ ...deliver(fixtures.gitlab), body, secrets: {} }).status).toBe(413)
  })

  test('no refusal repeats a secret', () => {
    for (const [, fixture] of all) {
      const { message } = refusal({ ...deliver(fixture), headers: fixture.headers, query: {}, body: Buffer.from('') })
      for (const value of Object.values(secrets)) expect(message).not.toContain(value)
    }
  })
})

describe('what a push says', () => {
  test('GitHub tells all spellings, the branch and the files', () => {
    expect(pushed(fixtures.github)).toEqual({
      kind: 'git',
      urls: [
        'https://github.com/acme/deploy',
        'https://github.com/acme/deploy.git',
        'git@github.com:acme/deploy.git',
        'git://github.com/acme/deploy.git',
      ],
      ref: 'main',
      refKind: 'branch',
      before,
      after,
      defaultBranch: 'main',
      touchedHead: true,
      changedFiles: ['apps/shop/service.yaml', 'apps/shop/deployment.yaml', 'apps/mail/old.yaml'],
    })
  })

  test('the form in which GitHub sends by default is read too', () => {
    const body = Buffer.from(`payload=${encodeURIComponent(JSON.stringify(fixtures.github.payload))}`)
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-GitHub-Event': 'push',
      ...fixtures.github.sign(body),
    }
    expect(readWebhook({ headers, body, secrets }).events).toEqual(readWebhook(deliver(fixtures.github)).events)
  })

  test.each(['gogs', 'gitea', 'gitlab'] as const)('%s tells the files of its commits', (name) => {
    expect(pushed(fixtures[name])).toMatchObject({ ref: 'main', touchedHead: true, changedFiles: { length: 3 } })
  })

  test.each(['githubTag', 'gitlabTag'] as const)('%s is no move of HEAD', (name) => {
    const expected = { ref: 'v1.4.0', refKind: 'tag', before: zeros, touchedHead: false, changedFiles: 'unknown' }
    expect(pushed(fixtures[name])).toMatchObject(expected)
  })

  test('another branch than the default one does not move HEAD', () => {
    expect(pushed(fixtures.github, { ref: 'refs/heads/feature/cart' })).toMatchObject({
      ref: 'feature/cart',
      touchedHead: false,
    })
  })

  test('Bitbucket Cloud tells every change of a push: updated, deleted, tagged', () => {
    const { events } = readWebhook(deliver(fixtures.bitbucket))
    expect(events).toMatchObject([
      { ref: 'main', refKind: 'branch', before, after, touchedHead: true, changedFiles: 'unknown' },
      { ref: 'old', refKind: 'branch', after: '', touchedHead: true },
      { ref: 'v1.4.0', refKind: 'tag', before: '', touchedHead: false },
    ])
  })

  test('Bitbucket Server tells its clone addresses, and not which branch HEAD is', () => {
    expect(pushed(fixtures.bitbucketserver)).toMatchObject({
      urls: [
        'https://bitbucket.example.com/scm/acme/deploy.git',
        'ssh://git@bitbucket.example.com:7999/acme/deploy.git',
      ],
      ref: 'main',
      touchedHead: true,
    })
  })

  test('Azure DevOps tells the branch and whether it is the default one', () => {
    expect(pushed(fixtures.azuredevops)).toMatchObject({ ref: 'main', defaultBranch: 'main', touchedHead: true })
  })
})

describe('when the list of files is not to be trusted', () => {
  const commit = (file: string) => ({ added: [file], modified: [], removed: [] })
  const many = (count: number) => Array.from({ length: count }, (_, index) => commit(`file-${index}`))

  test.each([
    ['a forced push, which also takes back what it does not list', fixtures.github, { forced: true }],
    ['a new branch, which holds more than its commits', fixtures.github, { before: zeros }],
    ['a deleted branch', fixtures.github, { after: zeros, commits: [] }],
    ['no commits', fixtures.github, { commits: [] }],
    ['commits that do not say what they changed', fixtures.github, { commits: [{ id: after }] }],
    ['as many commits as old GitHub lists at most', fixtures.github, { commits: many(20) }],
    ['as many commits as GitHub lists at most', fixtures.github, { commits: many(2048) }],
    ['as many files as GitHub lists at most', fixtures.github, { commits: many(3000) }],
    ['as many commits as Gogs lists at most', fixtures.gogs, { commits: many(5) }],
    ['fewer commits than Gitea counts', fixtures.gitea, { total_commits: 9 }],
    ['fewer commits than GitLab counts', fixtures.gitlab, { total_commits_count: 21 }],
    ['no count from GitLab', fixtures.gitlab, { total_commits_count: null }],
  ] satisfies [string, Fixture, Record<string, unknown>][])('%s: unknown', (_why, fixture, changes) => {
    expect(pushed(fixture, changes).changedFiles).toBe('unknown')
  })

  test('twenty-five commits of GitHub are all of them', () => {
    expect(pushed(fixtures.github, { commits: many(25) }).changedFiles).toHaveLength(25)
  })
})

describe('what a registry says', () => {
  test.each([
    ['ghcr', 'ghcr.io', 'acme/charts/shop', ['1.4.0']],
    ['ghcrRegistryPackage', 'ghcr.io', 'acme/charts/shop', ['1.4.0']],
    ['harbor', 'harbor.example.com', 'charts/shop', ['1.4.0']],
    ['harborCloudEvent', 'harbor.example.com', 'charts/shop', ['1.4.0']],
    ['dockerhub', 'docker.io', 'acme/shop', ['1.4.0']],
    ['quay', 'quay.io', 'acme/shop', ['1.4.0', 'latest']],
  ] as const)('%s tells registry, repository and tags', (name, registry, repository, tags) => {
    const { events } = readWebhook(deliver(fixtures[name]))
    expect(events).toMatchObject(tags.map((tag) => ({ kind: 'artifact', registry, repository, tag })))
  })

  test('the digest is told where it is known', () => {
    expect(readWebhook(deliver(fixtures.harbor)).events).toMatchObject([{ digest: `sha256:${'cd'.repeat(32)}` }])
  })

  test('Quay of old tells tags with their images', () => {
    const payload = { ...fixtures.quay.payload, updated_tags: { latest: 'b750fe79' } }
    expect(readWebhook(deliver(fixtures.quay, payload)).events).toMatchObject([{ tag: 'latest' }])
  })
})

describe('what needs nothing done', () => {
  test.each([
    ['a ping of GitHub', { ...fixtures.github, headers: { 'X-GitHub-Event': 'ping' } }, { zen: 'Keep it simple.' }],
    ['an issue of GitHub', { ...fixtures.github, headers: { 'X-GitHub-Event': 'issues' } }, fixtures.github.payload],
    ['a note of GitLab', fixtures.gitlab, { object_kind: 'note' }],
    ['a pull from Harbor', fixtures.harbor, { ...fixtures.harbor.payload, type: 'PULL_ARTIFACT' }],
    ['a package of npm', fixtures.ghcr, { action: 'published', package: { package_type: 'npm' } }],
    ['an untagged image', fixtures.ghcr, { action: 'published', package: { package_type: 'container', name: 'x' } }],
    ['a merged pull request of Azure DevOps', fixtures.azuredevops, { eventType: 'git.pullrequest.merged' }],
    ['a build of Quay', fixtures.quay, { docker_url: 'quay.io/acme/shop', docker_tags: ['latest'] }],
  ] satisfies [string, Fixture, unknown][])('%s', (_what, fixture, payload) => {
    expect(readWebhook(deliver(fixture, payload)).events).toEqual([])
  })

  test("Bitbucket Server's test, which it does not sign", () => {
    const headers = { 'X-Event-Key': 'diagnostics:ping' }
    const received = readWebhook({ headers, body: Buffer.from('{"test": true}'), secrets })
    expect(received).toEqual({ provider: 'bitbucketserver', authenticated: false, events: [] })
  })
})

describe('payloads that have brought Argo CD down', () => {
  test.each([
    ['Bitbucket Server without links', fixtures.bitbucketserver, { repository: {} }],
    [
      'Bitbucket Server with links of another type',
      fixtures.bitbucketserver,
      { repository: { links: { clone: [1, null] } } },
    ],
    ['Azure DevOps without ref updates', fixtures.azuredevops, { resource: { refUpdates: [] } }],
    ['Gogs without repository', fixtures.gogs, { repository: null }],
  ] satisfies [string, Fixture, unknown][])('%s: nothing to do', (_what, fixture, changes) => {
    const payload = { ...fixture.payload, ...(changes as object) }
    expect(readWebhook(deliver(fixture, payload)).events).toEqual([])
  })

  test('Gogs whose commits are null: the push, without files', () => {
    expect(pushed(fixtures.gogs, { commits: null })).toMatchObject({ ref: 'main', changedFiles: 'unknown' })
    expect(pushed(fixtures.gogs, { commits: [null] })).toMatchObject({ ref: 'main', changedFiles: 'unknown' })
  })
})

describe('bodies that cannot be read', () => {
  test.each(['', '{', 'null', '[]', '"text"', '1', 'payload=%7B%7D'])('%j: 400', (text) => {
    const body = Buffer.from(text)
    const headers = { ...fixtures.github.headers, ...fixtures.github.sign(body) }
    expect(refusal({ headers, body, secrets }).status).toBe(400)
  })

  test('more changes than a push can sensibly have: 413', () => {
    const change = fixtures.bitbucketserver.payload.changes[0]
    const payload = { ...fixtures.bitbucketserver.payload, changes: Array(1001).fill(change) }
    expect(refusal(deliver(fixtures.bitbucketserver, payload)).status).toBe(413)
  })
})

test('the size of payloads is configured in megabytes, and 50 unless it is a positive number', () => {
  const sizes = ['1', '50', '', '0', '-1', '1.5', 'many'].map((size) =>
    maxPayloadBytes({ 'webhook.maxPayloadSizeMB': size }),
  )
  expect(sizes.map((bytes) => bytes / 1024 / 1024)).toEqual([1, 50, 50, 50, 50, 50, 50])
  expect(maxPayloadBytes({})).toBe(50 * 1024 * 1024)
})
