/** Marks on commits: GitHub and GitLab. */
import { createSign } from 'node:crypto'
import type { Dict } from '../../template/index.ts'
import { unusable } from '../delivery/delivery-error.ts'
import { fullName } from '../variables.ts'
import { dict, field, filled, flag, isInsecure, joined, json, jsonHeaders, type Parcel, text } from './service.ts'

const longestDescription = 140
const longestComment = 65_536
/** A page of comments, each as long as may be. */
const longestAnswer = 16 * 1024 * 1024
const commentsOfPage = 100
const mostPages = 20

function shortened(value: string, length: number): string {
  const chars = [...value]
  return chars.length > length ? `${chars.slice(0, length - 3).join('')}...` : value
}

/** Where the commit is, as the template says. */
function commitOf(fields: Dict, type: string): { repository: string; revision: string } {
  const repository = fullName(text(fields, 'repoURLPath'))
  const revision = text(fields, 'revisionPath')
  if (!/^[^/]+\/./.test(repository))
    throw unusable(`${type}.repoURLPath of the template names no repository of the form owner/name`)
  if (revision === '') throw unusable(`${type}.revisionPath of the template names no commit`)
  return { repository, revision }
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>

interface Place {
  call: Call
  home: string
  revision: string
  /** Does what no attempt before has done; resolves to what it left behind, then and now. */
  once(what: string, work: () => Promise<unknown>): Promise<string>
}

export async function sendToGitHub(parcel: Parcel): Promise<void> {
  const { notification } = parcel
  const fields = dict(notification, 'github')
  if (Object.keys(fields).length === 0) throw unusable('the template has no field github')
  const { repository, revision } = commitOf(fields, 'github')
  const call = await gitHubCall(parcel)
  const place: Place = { call, home: `repos/${repository}`, revision, once: onceIn(parcel.done) }
  const description = shortened(text(notification, 'message'), longestDescription)
  for (const { key, mark } of marks) {
    const given = dict(fields, key)
    if (Object.keys(given).length > 0) await mark(place, given, description)
  }
}

type Mark = (place: Place, fields: Dict, description: string) => Promise<unknown>

const marks: { key: string; mark: Mark }[] = [
  { key: 'status', mark: setStatus },
  { key: 'deployment', mark: deploy },
  { key: 'pullRequestComment', mark: commentOn },
  { key: 'checkRun', mark: runCheck },
  { key: 'repositoryDispatch', mark: dispatch },
]

function onceIn(done: Map<string, string>): Place['once'] {
  return async (what, work) => {
    const before = done.get(what)
    if (before !== undefined) return before
    const left = text(await work(), 'id')
    done.set(what, left)
    return left
  }
}

/** As an app of GitHub: a short-lived token for the installation, got with a signature by the app's key. */
async function gitHubCall(parcel: Parcel): Promise<Call> {
  const { options, courier, now } = parcel
  const enterprise = text(options, 'enterpriseBaseURL')
  const base = enterprise === '' ? 'https://api.github.com' : enterprise
  const headers = { accept: 'application/vnd.github+json', 'user-agent': 'Tiphys' }
  const request = async (authorization: string, given: { method: string; path: string; body?: unknown }) => {
    const answer = await courier.send({
      url: joined(base, given.path),
      method: given.method,
      headers: { ...headers, authorization, ...(given.body !== undefined && jsonHeaders) },
      ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
      insecure: isInsecure(options),
      longestAnswer,
    })
    return answer.text === '' ? undefined : parsed(answer.text, base)
  }
  const path = `app/installations/${text(options, 'installationID')}/access_tokens`
  const granted = await request(`Bearer ${appToken(options, now)}`, { method: 'POST', path })
  const token = text(granted, 'token')
  return (method, path, body) => request(`token ${token}`, { method, path, body })
}

function parsed(answer: string, base: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    throw unusable(
      `${new URL(base).host} answers with something that is no JSON: check enterpriseBaseURL of the service`,
    )
  }
}

function appToken(options: Dict, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: text(options, 'appID') }
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(text(options, 'privateKey'), 'base64url')}`
  } catch {
    throw unusable('privateKey of the service github is no private key in PEM form')
  }
}

function setStatus({ call, home, revision, once }: Place, fields: Dict, description: string): Promise<unknown> {
  return once('status', () =>
    call('POST', `${home}/statuses/${revision}`, {
      state: text(fields, 'state'),
      target_url: text(fields, 'targetURL'),
      description,
      context: text(fields, 'label'),
    }),
  )
}

async function deploy({ call, home, revision, once }: Place, fields: Dict, description: string): Promise<void> {
  const environment = text(fields, 'environment')
  const id = await once('deployment', async () => {
    const query = new URLSearchParams({ ...(environment !== '' && { environment }), ref: revision })
    const known = await call('GET', `${home}/deployments?${query}`)
    if (Array.isArray(known) && known.length > 0) return known[0]
    return call('POST', `${home}/deployments`, {
      ref: text(fields, 'reference') || revision,
      auto_merge: flag(fields, 'autoMerge') ?? true,
      // Only a list that is given, if an empty one, lets commits pass whose checks have not.
      required_contexts: field(fields, 'requiredContexts') ?? null,
      environment,
      transient_environment: flag(fields, 'transientEnvironment') ?? false,
    })
  })
  await once('deployment status', () =>
    call('POST', `${home}/deployments/${id}/statuses`, {
      state: text(fields, 'state'),
      log_url: text(fields, 'logURL'),
      description,
      environment,
      environment_url: text(fields, 'environmentURL'),
    }),
  )
}

/** A comment with a tag is changed where it stands already. */
async function commentOn({ call, home, revision, once }: Place, fields: Dict): Promise<void> {
  const tag = text(fields, 'commentTag')
  const mark = tag === '' ? '' : `<!-- argocd-notifications ${tag} -->`
  const content = shortened(text(fields, 'content'), longestComment - mark.length - 1)
  const body = mark === '' ? content : `${content}\n${mark}`
  const requests = await call('GET', `${home}/commits/${revision}/pulls`)
  for (const request of Array.isArray(requests) ? requests : []) {
    const number = text(request, 'number')
    await once(`comment ${number}`, async () => {
      const comments = `${home}/issues/${number}/comments`
      const same = mark === '' ? undefined : await commentWith(mark, (query) => call('GET', `${comments}?${query}`))
      if (same) return call('PATCH', `${home}/issues/comments/${text(same, 'id')}`, { body })
      return call('POST', comments, { body })
    })
  }
}

async function commentWith(mark: string, list: (query: string) => Promise<unknown>): Promise<unknown> {
  for (let page = 1; page <= mostPages; page++) {
    const comments = await list(`per_page=${commentsOfPage}&page=${page}`)
    if (!Array.isArray(comments)) return undefined
    const same = comments.find((comment) => text(comment, 'body').includes(mark))
    if (same || comments.length < commentsOfPage) return same
  }
  return undefined
}

async function runCheck({ call, home, revision, once }: Place, fields: Dict): Promise<void> {
  const conclusion = text(fields, 'conclusion')
  const status = text(fields, 'status') || (conclusion === '' ? '' : 'completed')
  if ((status === 'completed' || text(fields, 'completed_at') !== '') && conclusion === '') {
    throw unusable('github.checkRun of the template needs a conclusion once it is completed')
  }
  const output = dict(fields, 'output')
  const said = { title: text(output, 'title'), summary: text(output, 'summary'), text: text(output, 'text') }
  const check = filled({
    name: text(fields, 'name'),
    head_sha: revision,
    details_url: text(fields, 'details_url'),
    external_id: 'argocd-notifications',
    status,
    conclusion,
    started_at: text(fields, 'started_at'),
    completed_at: text(fields, 'completed_at'),
    output: Object.keys(output).length > 0 ? said : undefined,
  })
  await once('check run', () => call('POST', `${home}/check-runs`, check))
}

async function dispatch({ call, home, once }: Place, fields: Dict): Promise<void> {
  const client_payload = json(fields, 'client_payload', 'github.repositoryDispatch') ?? {}
  const body = { event_type: text(fields, 'event_type'), client_payload }
  await once('dispatch', () => call('POST', `${home}/dispatches`, body))
}

const gitLabStates = new Set(['pending', 'running', 'success', 'failed', 'canceled'])
/** Templates written for GitHub say the same in its words. */
const gitHubStates: Record<string, string> = { failure: 'failed', error: 'failed' }

export async function sendToGitLab({ notification, options, courier }: Parcel): Promise<void> {
  const fields = dict(notification, 'gitlab')
  const { revision } = commitOf(fields, 'gitlab')
  const status = dict(fields, 'status')
  const given = text(status, 'state')
  const state = gitHubStates[given] ?? given
  if (!gitLabStates.has(state))
    throw unusable(`gitlab.status.state is ${JSON.stringify(given)}: use ${[...gitLabStates].join(', ')}`)
  const project = encodeURIComponent(projectOf(text(fields, 'repoURLPath')))
  const base = text(options, 'apiURL') || 'https://gitlab.com/api/v4'
  const answer = await courier.send({
    url: joined(base, `projects/${project}/statuses/${revision}`),
    method: 'POST',
    headers: { 'content-type': 'application/json', 'private-token': text(options, 'token') },
    body: JSON.stringify(
      filled({
        state,
        name: text(status, 'label'),
        target_url: text(status, 'targetURL'),
        description: shortened(text(notification, 'message'), longestDescription),
      }),
    ),
    insecure: isInsecure(options),
    accepts: (code) => code === 400,
  })
  // So it answers where the commit has that very state, such as to an attempt whose answer got lost.
  const is = /Cannot transition status via :\w+ from :(\w+)/.exec(answer.text)?.[1]
  if (answer.status === 400 && is !== state) throw unusable(`${new URL(base).host} answered 400: ${answer.text}`)
}

/** Projects of GitLab may lie in groups of groups. */
function projectOf(address: string): string {
  return address
    .replace(/^(?:[a-z+]+:\/\/(?:[^@/]*@)?[^/]+\/|(?:[^@/]+@)?[^/:]+:)/i, '')
    .replace(/\.git$/, '')
    .replace(/^\/+|\/+$/g, '')
}
