/** What the benchmark deploys: N applications of M resources each, the same objects as files and as requests. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeClient } from '../src/kube/kube-client.ts'
import { type Application, annotation, type KubeObject } from '../src/model/index.ts'

export interface Workload {
  applications: number
  resources: number
  /** Each application has a PreSync job, and its Deployments come in a wave of their own. */
  hooks: boolean
}

export function applicationName(index: number): string {
  return `bench-${String(index).padStart(4, '0')}`
}

/** In tens: 2 Deployments, 2 Services, 4 ConfigMaps, 1 Secret, 1 ServiceAccount. */
export function objectsOf(index: number, { resources }: Workload, namespace?: string): KubeObject[] {
  return Array.from({ length: resources }, (_, number) => {
    const object =
      kinds[number % kinds.length]?.(`part-${number}`, `${index}-${number}`) ?? configMap(`part-${number}`, '')
    return namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  })
}

function configMap(name: string, text: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: labels(name) },
    data: { text, level: 'info' },
  }
}

function deployment(name: string): KubeObject {
  const container = {
    name: 'main',
    image: 'registry.example.com/bench/web:1.0.0',
    ports: [{ name: 'http', containerPort: 8080 }],
    env: [{ name: 'LEVEL', value: 'info' }],
    resources: { requests: { cpu: '100m', memory: '64Mi' } },
  }
  const template = { metadata: { labels: labels(name) }, spec: { containers: [container] } }
  const spec = { replicas: 3, selector: { matchLabels: labels(name) }, template }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: labels(name) }, spec }
}

function service(name: string): KubeObject {
  const spec = { selector: labels(name), ports: [{ name: 'http', port: 80, targetPort: 'http' }] }
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, labels: labels(name) }, spec }
}

function secret(name: string, text: string): KubeObject {
  const data = { token: Buffer.from(text).toString('base64') }
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', data }
}

function serviceAccount(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, labels: labels(name) } }
}

const labels = (name: string) => ({ 'app.kubernetes.io/name': name })
const kinds = [
  deployment,
  service,
  configMap,
  configMap,
  secret,
  deployment,
  service,
  configMap,
  configMap,
  serviceAccount,
]

/** A repository with a folder for each application; answers its path. */
export function writeRepository(folder: string, workload: Workload): string {
  const path = join(folder, 'bench')
  for (let index = 0; index < workload.applications; index++) {
    const place = join(path, applicationName(index))
    mkdirSync(place, { recursive: true })
    const objects = objectsOf(index, workload)
    writeObjects(join(place, 'all.yaml'), workload.hooks ? objects.map(inItsWave) : objects)
    if (workload.hooks) writeObjects(join(place, 'hook.yaml'), [preSyncJob('one')])
  }
  initialise(path)
  commit(path, 'Add')
  return path
}

function writeObjects(file: string, objects: KubeObject[]): void {
  writeFileSync(file, `${objects.map((object) => JSON.stringify(object)).join('\n---\n')}\n`)
}

function inItsWave(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment') return object
  return { ...object, metadata: { ...object.metadata, annotations: { 'argocd.argoproj.io/sync-wave': '1' } } }
}

function preSyncJob(version: string): KubeObject {
  const container = { name: 'main', image: 'registry.example.com/bench/job:1.0.0', args: [version] }
  const template = { spec: { restartPolicy: 'Never', containers: [container] } }
  const metadata = { name: 'before', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } }
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { backoffLimit: 0, template } }
}

/** A commit that concerns every application: each runs its hook again. */
export function changeAllHooks(path: string, { applications }: Workload): string {
  for (let index = 0; index < applications; index++) {
    const place = join(path, applicationName(index))
    writeObjects(join(place, 'hook.yaml'), [preSyncJob('two')])
    writeChanged(path, index)
  }
  return commit(path, 'Change every application')
}

export function initialise(path: string): void {
  git(path, 'init', '--quiet', '--initial-branch=main')
}

export function commit(path: string, message: string): string {
  git(path, 'add', '--all')
  git(path, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '--message', message)
  return git(path, 'rev-parse', 'HEAD')
}

function git(path: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: path, encoding: 'utf8' }).trim()
}

export function applicationOf(index: number, repoURL: string): Application {
  const name = applicationName(index)
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL, path: name, targetRevision: 'main' },
      destination: { name: 'in-cluster', namespace: name },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  }
}

/** Somebody has the repository of an application looked at, as a webhook does. */
export async function refreshed(client: KubeClient, { metadata: { name } }: Application): Promise<void> {
  const target = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name }
  const metadata = { annotations: { [annotation.refresh]: 'normal' } }
  await client.patch(target, { metadata }, { type: 'merge' })
}

/** Of one application; answers the revision. */
export function changeOne(path: string, index: number): string {
  writeChanged(path, index)
  return commit(path, 'Touch one application')
}

export function changeAll(path: string, { applications }: Workload): string {
  for (let index = 0; index < applications; index++) writeChanged(path, index)
  return commit(path, 'Touch every application')
}

function writeChanged(path: string, index: number): void {
  const file = join(path, applicationName(index), 'all.yaml')
  const text = readFileSync(file, 'utf8')
  const level = text.includes('"level":"info"') ? ['info', 'debug'] : ['debug', 'info']
  writeFileSync(file, text.replaceAll(`"level":"${level[0]}"`, `"level":"${level[1]}"`))
}
