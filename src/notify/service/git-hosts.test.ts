import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { HttpRequest } from '../delivery/courier.ts'
import { DeliveryError } from '../delivery/delivery-error.ts'
import { sent } from './fixtures/recorded.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const options = { appID: 1, installationID: 2, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) }
const commit = { repoURLPath: 'https://github.com/o/r', revisionPath: 'abc' }
const pathsOf = (requests: { method: string; url: string }[]) =>
  requests.map(({ method, url }) => `${method} ${url.replace('https://api.github.com/', '')}`)

test('GitHub takes the signature of the app, and one request for each thing to be marked', async () => {
  const github = {
    repoURLPath: 'git@github.com:o/r.git',
    revisionPath: 'abc',
    status: { state: 'success', label: 'tiphys', targetURL: 'https://x' },
    pullRequestComment: { content: 'deployed', commentTag: 'shop' },
  }
  const requests = await sent('github', {
    notification: { github },
    options,
    answers: [
      '{"token":"t"}',
      '{}',
      '[{"number":5}]',
      '[{"id":9,"body":"old\\n<!-- argocd-notifications shop -->"}]',
      '{}',
    ],
  })
  expect(pathsOf(requests)).toEqual([
    'POST app/installations/2/access_tokens',
    'POST repos/o/r/statuses/abc',
    'GET repos/o/r/commits/abc/pulls',
    'GET repos/o/r/issues/5/comments?per_page=100&page=1',
    'PATCH repos/o/r/issues/comments/9',
  ])
  expect(requests[1]).toMatchObject({
    headers: { authorization: 'token t' },
    body: { state: 'success', description: 'shop: synced', context: 'tiphys', target_url: 'https://x' },
  })
  expect(requests[4]?.body).toEqual({ body: 'deployed\n<!-- argocd-notifications shop -->' })
  const [head, claims, signature = ''] = (requests[0]?.headers.authorization ?? '').replace('Bearer ', '').split('.')
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
  expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(key, signature, 'base64url')).toBe(true)
  await expect(sent('github', { notification: { github }, options: { privateKey: 'x' } })).rejects.toThrow(
    DeliveryError,
  )
})

test('an attempt goes on where the one before has failed, so that no commit is commented on twice', async () => {
  const github = {
    ...commit,
    deployment: { state: 'success', environment: 'live', reference: 'v1' },
    pullRequestComment: { content: 'out' },
    checkRun: { name: 'cd', conclusion: 'success' },
  }
  const done = new Map<string, string>()
  const requests: HttpRequest[] = []
  const busy = new DeliveryError('busy', { retry: true })
  const answers = ['{"token":"t"}', '[]', '{"id":7}', '', '[{"number":5},{"number":6}]', '', busy]
  await expect(sent('github', { notification: { github }, options, done, requests, answers })).rejects.toBe(busy)
  expect(pathsOf(requests)).toEqual([
    'POST app/installations/2/access_tokens',
    'GET repos/o/r/deployments?environment=live&ref=abc',
    'POST repos/o/r/deployments',
    'POST repos/o/r/deployments/7/statuses',
    'GET repos/o/r/commits/abc/pulls',
    'POST repos/o/r/issues/5/comments',
    'POST repos/o/r/issues/6/comments',
  ])
  const again = await sent('github', {
    notification: { github },
    options,
    done,
    answers: ['{"token":"t"}', '[{"number":5},{"number":6}]', ''],
  })
  expect(pathsOf(again)).toEqual([
    'POST app/installations/2/access_tokens',
    'GET repos/o/r/commits/abc/pulls',
    'POST repos/o/r/issues/6/comments',
    'POST repos/o/r/check-runs',
  ])
})

test('GitHub is told to pass over checks only where the template says so', async () => {
  const contextsOf = async (deployment: object) => {
    const given = { ...commit, deployment: { state: 'success', ...deployment } }
    const answers = ['{"token":"t"}', '[]', '{"id":7}']
    const [, , created] = await sent('github', { notification: { github: given }, options, answers })
    expect(created?.url).toMatch(/\/deployments$/)
    return (created as { body: { required_contexts: unknown } }).body.required_contexts
  }
  expect(await contextsOf({})).toBeNull()
  expect(await contextsOf({ requiredContexts: [] })).toEqual([])
})

test('a comment with a tag is found on any page', async () => {
  const github = { ...commit, pullRequestComment: { content: 'out', commentTag: 'shop' } }
  const page = (from: number, text: string) =>
    JSON.stringify(Array.from({ length: 100 }, (_, index) => ({ id: from + index, body: text })))
  const tagged = page(100, '<!-- argocd-notifications shop -->')
  const answers = ['{"token":"t"}', '[{"number":5}]', page(0, 'x'.repeat(2000)), tagged, '{}']
  const requests = await sent('github', { notification: { github }, options, answers })
  expect(pathsOf(requests).slice(2)).toEqual([
    'GET repos/o/r/issues/5/comments?per_page=100&page=1',
    'GET repos/o/r/issues/5/comments?per_page=100&page=2',
    'PATCH repos/o/r/issues/comments/100',
  ])
})

test('GitLab takes the status of a commit', async () => {
  const gitlab = {
    repoURLPath: 'https://gitlab.com/group/sub/r.git',
    revisionPath: 'abc',
    status: { state: 'failure', label: 'tiphys' },
  }
  expect(await sent('gitlab', { notification: { gitlab }, options: { token: 't' } })).toMatchObject([
    {
      url: 'https://gitlab.com/api/v4/projects/group%2Fsub%2Fr/statuses/abc',
      headers: { 'private-token': 't' },
      body: { state: 'failed', name: 'tiphys', description: 'shop: synced' },
    },
  ])
})

test('that GitLab has the very state already is no failure; any other refusal is told', async () => {
  const gitlab = { ...commit, status: { state: 'running' } }
  const answered = (message: string) =>
    sent('gitlab', { notification: { gitlab }, answers: [{ status: 400, text: JSON.stringify({ message }) }] })
  await answered('Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")')
  await expect(answered('Cannot transition status via :run from :success')).rejects.toMatchObject({
    retry: false,
    message: expect.stringMatching(/^gitlab.com answered 400: .*from :success/),
  })
})
