/** While private repositories are read, their secrets stand in no command line, environment, file or log. */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packedChart } from './archives.ts'
import { canary, leaks } from './canary.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { admitsHeader, basicOf, type GitHost, startGitHost } from './git-host.ts'
import { type Collector, collectedBy, startCollector } from './otlp-collector.ts'
import { declareRepository, trustAuthority, trustHostKeys } from './registered.ts'
import { type SshHost, sshd, startSshHost } from './ssh-host.ts'
import { startWorld, type World } from './world.ts'

if (!sshd) console.warn('SKIPPED: keys of SSH among the secrets, since sshd is not installed')

let collector: Collector
let world: World
let authority: Authority
let cacheDir: string
const hosts: (GitHost | SshHost)[] = []
const secrets = {
  password: canary('password'),
  token: canary('token').replaceAll(/[ "/]/g, '-'),
  chart: canary('chart'),
}
const files = { 'config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n' }

beforeAll(async () => {
  authority = await makeAuthority()
  cacheDir = mkdtempSync(join(tmpdir(), 'tiphys-cache-'))
  collector = await startCollector()
  world = await startWorld({}, { cacheDir, ...collectedBy(collector) })
  world.secrets.push(...Object.values(secrets))
  await trustAuthority(world, 'localhost', authority.cert)
})
afterAll(async () => {
  await world.stop()
  await collector.close()
  for (const host of hosts) await host.close()
  rmSync(cacheDir, { recursive: true, force: true })
})

interface Watch {
  /** What processes were started with, and which programs they were. */
  seen: string[]
  programs: Set<string>
  stop(): void
}

/** Every process below this one, again and again; not this one, which the test itself tells its secrets. */
function watchProcesses(): Watch {
  const watch: Watch = { seen: [], programs: new Set(), stop: () => clearInterval(timer) }
  const known = new Set<string>()
  const look = (): void => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
      try {
        const [line, environment] = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1'))
        const text = `${line}\n${environment}`
        if (known.has(text)) continue
        known.add(text)
        watch.seen.push(text)
        watch.programs.add((line ?? '').split('\0')[0] ?? '')
      } catch {
        // It has ended meanwhile, or belongs to somebody else.
      }
    }
  }
  const timer = setInterval(look, 1)
  return watch
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

test('secrets are in no command line, environment, file, log, answer or status while everything is read', async () => {
  const watch = watchProcesses()
  const basic = await startGitHost({ authority, admits: admitsHeader(basicOf('ann', secrets.password)) })
  const bearer = await startGitHost({ authority, admits: admitsHeader(`Bearer ${secrets.token}`) })
  const archive = await packedChart('demo', '1.0.0')
  const helm = await startGitHost({
    authority,
    admits: admitsHeader(basicOf('ann', secrets.chart)),
    answers: ({ url }, response) =>
      response.end(url === '/index.yaml' ? 'entries: {demo: [{version: 1.0.0, urls: [demo.tgz]}]}' : archive),
  })
  hosts.push(basic, bearer, helm)
  const repositories = [basic, bearer].map((host) => {
    const repository = world.repository(files)
    return { ...repository, url: host.url(repository) }
  })
  const chartUrl = `https://localhost:${helm.port}`
  await declareRepository(world, { url: repositories[0]?.url ?? '', username: 'ann', password: secrets.password })
  await declareRepository(world, { url: repositories[1]?.url ?? '', bearerToken: secrets.token })
  await declareRepository(world, { url: chartUrl, type: 'helm', username: 'ann', password: secrets.chart })
  const apps = await Promise.all(repositories.map((repository) => world.application(repository)))
  const source = { repoURL: chartUrl, chart: 'demo', targetRevision: '1.*' }
  apps.push(await world.application({ url: chartUrl } as never, { source }))
  let key = ''
  if (sshd) {
    const ssh = await startSshHost()
    hosts.push(ssh)
    key = ssh.privateKey
    const repository = world.repository(files)
    const url = ssh.url(repository.url)
    await trustHostKeys(world, ssh.knownHost)
    await declareRepository(world, { url, sshPrivateKey: key })
    apps.push(await world.application({ ...repository, url }))
  }
  for (const app of apps) await app.settled()
  for (const host of [basic, bearer, helm]) host.admits = () => false
  for (const app of apps.slice(0, 2)) {
    await app.until('is refused', ({ conditions = [] }) =>
      conditions.some(({ message }) => /refuses the credentials/.test(message)),
    )
  }
  watch.stop()
  expect([...watch.programs].join(' ')).toMatch(/git/)
  if (sshd) expect([...watch.programs].join(' ')).toMatch(/ssh/)
  const values = [
    ...Object.values(secrets),
    ...key.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----')),
  ]
  const kept = Object.fromEntries(filesBelow(cacheDir).map((path) => [path, readFileSync(path, 'latin1')]))
  expect(Object.keys(kept).some((path) => path.endsWith('config'))).toBe(true)
  const everything = { ...kept, ...(await world.said()), processes: watch.seen.join('\n') }
  expect(leaks(everything, values)).toEqual([])
  // The files that held them are closed, whenever nothing is being read.
  await expect.poll(openSecretFiles, { timeout: 30_000, interval: 20 }).toEqual([])
})

function openSecretFiles(): string[] {
  const paths = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`)
    } catch {
      return ''
    }
  })
  return paths.filter((path) => /\/tiphys-[0-9a-f]{24} \(deleted\)/.test(path))
}

test('what is looked for would be found', () => {
  const text = Buffer.from(`ann:${secrets.password}`).toString('base64')
  expect(
    leaks({ processes: `git\0-c\0http.extraHeader=Authorization: Basic ${text}` }, [secrets.password]),
  ).not.toEqual([])
})
