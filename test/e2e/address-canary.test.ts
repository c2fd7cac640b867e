/** A password in repoURL stands in the application itself, as in Argo CD, and is told nowhere else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../src/contract/index.ts'
import { canary, leaks } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { trustAuthority } from './registered.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { accountsOf, setPolicy } from './users.ts'
import { type App, startWorld, type World } from './world.ts'

let world: World
let authority: Authority
let collector: Collector
let host: GitHost
let admin: SignedIn
/** As one would write it into an address by hand, with an @ that is not encoded. */
const password = canary('address').replaceAll(/[ "/]/g, '@')
const files = { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {a: "1"}\n' }

beforeAll(async () => {
  authority = await makeAuthority()
  collector = await startCollector()
  world = await startWorld(accountsOf('eve'), collectedBy(collector))
  await trustAuthority(world, 'localhost', authority.cert)
  host = await startGitHost({ authority, admits: admitsHeader(basicOf('ann', password)) })
  admin = await signIn(world)
  await setPolicy(world, 'eve, applications, get, */*, allow', 'eve, projects, get, *, allow')
})
afterAll(async () => {
  await world.stop()
  await host.close()
  await collector.close()
})

/** Without the one field that is for the address. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/"repoURL":\s*"[^"]*"/g, '')
}

/** What somebody is answered who may see the application and not write it. */
async function answersTo(token: string, { name }: App, revision: string): Promise<Record<string, string>> {
  const of = `applications/${name}`
  const paths = ['applications', of, `${of}/events`, `${of}/images`, `${of}/links`, `${of}/manifests`]
  paths.push(`${of}/resource-tree`, `${of}/managed-resources`, `${of}/syncwindows`, `${of}/versions`)
  paths.push(`${of}/revisions/${revision}/metadata`, 'repositories', 'projects/narrow/detailed', `${of}?refresh=normal`)
  const answers = paths.map(async (path) => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${world.tiphys().url}/api/v1/${path}`, { headers })
    return [`${path} (${answer.status})`, withoutAddresses(await answer.text())]
  })
  return Object.fromEntries(await Promise.all(answers))
}

/** Everything that was told so far, and the answers to one who only looks. */
async function told(token: string, app: App, revision: string): Promise<Record<string, string>> {
  const { 'an answer': _toEverybody, ...said } = await world.said()
  const texts = Object.entries(said).map(([where, text]) => [where, withoutAddresses(text)])
  return { ...Object.fromEntries(texts), ...(await answersTo(token, app, revision)) }
}

test('it is in no metric, log line, Event, condition or answer, whatever goes wrong', async () => {
  const repository = world.repository(files)
  const url = host.url(repository).replace('https://', `https://ann:${password}@`)
  const params = { name: 'eve' }
  const { token } = await admin.api.call(routes.accounts.createToken, { params, body: { id: 'e2e' } })
  const app = await world.application({ ...repository, url })
  await app.settled()
  const revision = repository.git('rev-parse', 'HEAD')
  const parts = [password, password.slice(password.lastIndexOf('@') + 1)]
  const check = async () => expect(leaks(await told(token, app, revision), parts)).toEqual([])
  await check()
  const metrics = (await world.said()).metrics ?? ''
  expect(metrics).toContain(`repo="${host.url(repository)}"`)

  const says = (pattern: RegExp) =>
    app.until(`says ${pattern}`, ({ conditions = [] }) => conditions.some(({ message }) => pattern.test(message)))
  await app.patch({ spec: { source: { path: 'gone' } } })
  await says(/path gone does not exist/)
  await check()
  await app.patch({ spec: { source: { path: '.', targetRevision: 'gone' } } })
  await says(/gone/)
  await check()
  await world.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'narrow', namespace: world.controlNamespace },
    spec: { sourceRepos: ['https://git.example.com/*'], destinations: [{ server: '*', namespace: '*' }] },
  })
  await app.patch({ spec: { project: 'narrow', source: { targetRevision: 'main' } } })
  await says(/narrow does not permit the repository https:\/\/localhost/)
  await check()
  await app.patch({ spec: { project: 'default' } })
  host.admits = () => false
  await says(/private or does not exist|refuses the credentials/)
  await check()
  await app.rest()
})
