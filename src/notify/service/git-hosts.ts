/** Marks on commits: GitHub and GitLab. */
import { createSign } from 'node:crypto'
import type { Dict } from '../../template/index.ts'
import { unusable } from '../delivery/delivery-error.ts'
import { fullName } from '../variables.ts'
import { dict, filled, isInsecure, joined, json, list, type Parcel, text } from './service.ts'

const longestDescription = 140
const longestComment = 65_536

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

export async function sendToGitHub(parcel: Parcel): Promise<void> {
  const { notification } = parcel
  const fields = dict(notification, 'github')
  if (Object.keys(fields).length === 0) throw unusable('the template has no field github')
  const { repository, revision } = commitOf(fields, 'github')
  const call = await gitHubCall(parcel)
  const home = `repos/${repository}`
  const description = shortened(text(notification, 'message'), longestDescription)
  const status = dict(fields, 'status')
  if (Object.keys(status).length > 0) {
    await call('POST', `${home}/statuses/${revision}`, {
      state: text(status, 'state'),
      description,
      context: text(status, 'label'),
      target_url: text(status, 'targetURL'),
    })
  }
  const deployment = dict(fields, 'deployment')
  if (Object.keys(deployment).length > 0) await deploy({ call, home, revision, description }, deployment)
  const comment = dict(fields, 'pullRequestComment')
  if (Object.keys(comment).length > 0) await commentOn({ call, home, revision }, comment)
  const check = dict(fields, 'checkRun')
  if (Object.keys(check).length > 0) await runCheck({ call, home, revision }, check)
  const dispatch = dict(fields, 'repositoryDispatch')
  if (Object.keys(dispatch).length > 0) {
    const payload = json(dispatch, 'client_payload', 'github.repositoryDispatch') ?? {}
    await call('POST', `${home}/dispatches`, { event_type: text(dispatch, 'event_type'), client_payload: payload })
  }
}

/** As an app of GitHub: a short-lived token for the installation, got with a signature by the app's key. */
async function gitHubCall(parcel: Parcel): Promise<Call> {
  const { options, courier, now } = parcel
  const enterprise = text(options, 'enterpriseBaseURL')
  const base = enterprise === '' ? 'https://api.github.com' : enterprise
  const headers = { accept: 'application/vnd.github+json', 'content-type': 'application/json', 'user-agent': 'Tiphys' }
  const request = async (authorization: string, given: { method: string; path: string; body?: unknown }) => {
    const answer = await courier.send({
      url: joined(base, given.path),
      method: given.method,
      headers: { ...headers, authorization },
      ...(given.body !== undefined && { body: JSON.stringify(given.body) }),
      insecure: isInsecure(options),
    })
    return answer.text === '' ? undefined : (JSON.parse(answer.text) as unknown)
  }
  const path = `app/installations/${text(options, 'installationID')}/access_tokens`
  const granted = await request(`Bearer ${appToken(options, now)}`, { method: 'POST', path })
  const token = text(granted, 'token')
  return (method, path, body) => request(`token ${token}`, { method, path, body })
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

interface Place {
  call: Call
  home: string
  revision: string
}

async function deploy(
  { call, home, revision, description }: Place & { description: string },
  fields: Dict,
): Promise<void> {
  const environment = text(fields, 'environment')
  const query = new URLSearchParams({ ref: revision, environment })
  const known = await call('GET', `${home}/deployments?${query}`)
  const deployment =
    Array.isArray(known) && known.length > 0
      ? known[0]
      : await call('POST', `${home}/deployments`, {
          ref: text(fields, 'reference') || revision,
          environment,
          required_contexts: list(fields, 'requiredContexts'),
          auto_merge: fields.autoMerge !== false,
          transient_environment: fields.transientEnvironment === true,
        })
  await call('POST', `${home}/deployments/${text(deployment, 'id')}/statuses`, {
    state: text(fields, 'state'),
    log_url: text(fields, 'logURL'),
    description,
    environment,
    environment_url: text(fields, 'environmentURL'),
  })
}

/** A comment with a tag is changed where it stands already. */
async function commentOn({ call, home, revision }: Place, fields: Dict): Promise<void> {
  const tag = text(fields, 'commentTag')
  const mark = tag === '' ? '' : `<!-- argocd-notifications ${tag} -->`
  const content = shortened(text(fields, 'content'), longestComment - mark.length - 1)
  const body = mark === '' ? content : `${content}\n${mark}`
  const requests = await call('GET', `${home}/commits/${revision}/pulls`)
  for (const request of Array.isArray(requests) ? requests : []) {
    const comments = `${home}/issues/${text(request, 'number')}/comments`
    const present = mark === '' ? [] : await call('GET', `${comments}?per_page=100`)
    const same = Array.isArray(present) ? present.find((comment) => text(comment, 'body').includes(mark)) : undefined
    if (same) await call('PATCH', `${home}/issues/comments/${text(same, 'id')}`, { body })
    else await call('POST', comments, { body })
  }
}

async function runCheck({ call, home, revision }: Place, fields: Dict): Promise<void> {
  const conclusion = text(fields, 'conclusion')
  const status = text(fields, 'status') || (conclusion === '' ? '' : 'completed')
  if ((status === 'completed' || text(fields, 'completed_at') !== '') && conclusion === '') {
    throw unusable('github.checkRun of the template needs a conclusion once it is completed')
  }
  const output = dict(fields, 'output')
  await call(
    'POST',
    `${home}/check-runs`,
    filled({
      head_sha: revision,
      external_id: 'argocd-notifications',
      name: text(fields, 'name'),
      details_url: text(fields, 'details_url'),
      status,
      conclusion,
      started_at: text(fields, 'started_at'),
      completed_at: text(fields, 'completed_at'),
      output: Object.keys(output).length > 0 ? output : undefined,
    }),
  )
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
  await courier.send({
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
  })
}

/** Projects of GitLab may lie in groups of groups. */
function projectOf(address: string): string {
  return address
    .replace(/^(?:[a-z+]+:\/\/(?:[^@/]*@)?[^/]+\/|(?:[^@/]+@)?[^/:]+:)/i, '')
    .replace(/\.git$/, '')
    .replace(/^\/+|\/+$/g, '')
}
