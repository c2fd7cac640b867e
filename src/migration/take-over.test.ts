import { expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { takeOver } from './index.ts'

const argo = 'argoproj.io/v1alpha1'
const configMap = (name: string, data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})
const secret = (name: string, type: string, texts: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, labels: { 'argocd.argoproj.io/secret-type': type } },
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
})
const application = (name: string, spec: object): KubeObject => ({
  apiVersion: argo,
  kind: 'Application',
  metadata: { name },
  spec: { destination: {}, project: 'default', ...spec },
})
const found = (...objects: KubeObject[]) => takeOver(objects, 'argocd').map(({ level, about }) => `${level}: ${about}`)

test('an installation that uses nothing special needs no thought', () => {
  expect(
    found(
      configMap('argocd-cm', {
        url: 'https://cd.example.com',
        'timeout.reconciliation': '60s',
        'accounts.ann': 'login',
      }),
      secret('repo', 'repository', { url: 'https://git.example.com/a.git', username: 'a', password: 'b' }),
      secret('far', 'cluster', { server: 'https://far.example.com', config: '{"bearerToken":"t"}' }),
      application('shop', { source: { repoURL: 'https://git.example.com/a.git', path: '.' } }),
    ),
  ).toEqual([])
})

test('controllers that run are to be stopped, by a command that can be copied', () => {
  const statefulSet = (replicas?: number): KubeObject => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'cd-controller', labels: { 'app.kubernetes.io/name': 'argocd-application-controller' } },
    spec: { ...(replicas !== undefined && { replicas }) },
  })
  expect(takeOver([statefulSet(2)], 'argocd')).toEqual([
    {
      level: 'stop',
      about: 'StatefulSet cd-controller',
      message:
        'it syncs the same applications: before Tiphys starts, kubectl -n argocd scale statefulset/cd-controller --replicas=0',
    },
  ])
  // Without replicas Kubernetes runs one.
  expect(found(statefulSet())).toEqual(['stop: StatefulSet cd-controller'])
  expect(found(statefulSet(0))).toEqual([])
})

test('parameters that have an effect here are not told of, and others by name', () => {
  const data = {
    'reposerver.parallelism.limit': '2',
    'reposerver.enable.git.submodule': 'false',
    'reposerver.log.level': 'info',
  }
  expect(takeOver([configMap('argocd-cmd-params-cm', data)], 'argocd').map(({ message }) => message)).toEqual([
    'these have no effect: reposerver.log.level',
  ])
})

test('the gravest comes first', () => {
  expect(
    found(
      configMap('argocd-cmd-params-cm', {
        'server.insecure': 'true',
        'redis.server': 'redis:6379',
        'server.log.level': 'info',
      }),
      configMap('argocd-cm', { 'dex.config': 'connectors: []', 'kustomize.buildOptions': '--enable-helm' }),
    ),
  ).toEqual([
    'lost: argocd-cm kustomize.buildOptions',
    'decide: argocd-cm dex.config',
    'decide: argocd-cmd-params-cm reposerver.enable.git.submodule',
    'differs: argocd-cmd-params-cm',
    'differs: argocd-cmd-params-cm redis.server',
  ])
})

test('parameters that are read are not told of, and those that are missed are told of as lost', () => {
  const read = {
    'reposerver.enable.git.submodule': 'false',
    'otlp.address': 'c:4317',
    'otlp.sample.ratio': '1',
    'controller.ignore.normalizer.jq.timeout': '2s',
  }
  expect(found(configMap('argocd-cmd-params-cm', read))).toEqual([])
  const missed = {
    'reposerver.enable.git.submodule': 'false',
    'server.rootpath': '/argocd',
    'server.x.frame.options': '',
  }
  expect(found(configMap('argocd-cmd-params-cm', missed))).toEqual([
    'lost: argocd-cmd-params-cm server.rootpath',
    'lost: argocd-cmd-params-cm server.x.frame.options',
  ])
})

test('keys of versions count as their kind', () => {
  expect(found(configMap('argocd-cm', { 'kustomize.path.v4.5.7': '/k', 'extension.config.metrics': 'x' }))).toEqual([
    'lost: argocd-cm kustomize.path.v4.5.7',
    'lost: argocd-cm extension.config.metrics',
  ])
})

test('submodules are no matter where they are switched off', () => {
  const settings = configMap('argocd-cmd-params-cm', { 'reposerver.enable.git.submodule': 'false' })
  expect(found(settings)).toEqual([])
})

test('services that nothing is sent to are named, those that are there are not', () => {
  const data = { 'service.slack': '', 'service.newrelic': '', 'service.pagerduty.night': '', 'template.a': '' }
  expect(found(configMap('argocd-notifications-cm', data))).toEqual([
    'lost: argocd-notifications-cm service.newrelic',
    'lost: argocd-notifications-cm service.pagerduty.night',
  ])
})

test('notifications that applications configure in their own namespaces are named as lost, by setting or by flag', () => {
  const lost = ['lost: argocd-cmd-params-cm notificationscontroller.selfservice.enabled']
  const submodules = { 'reposerver.enable.git.submodule': 'false' }
  const setting = (value: string) =>
    found(configMap('argocd-cmd-params-cm', { 'notificationscontroller.selfservice.enabled': value, ...submodules }))
  expect(setting('true')).toEqual(lost)
  expect(setting('false')).toEqual([])
  const run = (flag: string) => {
    const containers = [{ args: ['/usr/local/bin/argocd-notifications', flag] }]
    const spec = { replicas: 0, template: { spec: { containers } } }
    return found({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'notifier' }, spec })
  }
  expect(run('--self-service-notification-enabled')).toEqual(lost)
  expect(run('--self-service-notification-enabled=false')).toEqual([])
})

test.each([
  ['https://', true],
  ['git@', true],
  ['', true],
  ['https://git.example.com', false],
  ['git@git.example.com:org', false],
  ['registry.example.com', false],
])('shared credentials for %j are lost: %j', (url, isLost) => {
  expect(found(secret('shared', 'repo-creds', { url }))).toEqual(isLost ? ['lost: Secret shared'] : [])
})

test('credentials in other forms are named, and nothing of what they hold', () => {
  const objects = [
    secret('google', 'repo-creds', { url: 'https://source.example.com', gcpServiceAccountKey: 'do-not-tell' }),
    secret('lfs', 'repository', { url: 'https://git.example.com/b.git', enableLfs: 'true' }),
    secret('plain', 'repository', { url: 'https://git.example.com/c.git', enableLfs: 'false' }),
    secret('aws', 'cluster', { config: '{"awsAuthConfig":{"clusterName":"do-not-tell"}}', shard: '1' }),
    secret('plugin', 'cluster', { config: '{"execProviderConfig":{"command":"gke-auth","args":["do-not-tell"]}}' }),
    secret('broken', 'cluster', { config: 'do-not-tell' }),
  ]
  expect(found(...objects)).toEqual([
    'lost: Secret google',
    'lost: Secret lfs',
    'decide: Secret aws',
    'decide: Secret plugin',
    'differs: Secret aws',
  ])
  expect(JSON.stringify(takeOver(objects, 'argocd'))).not.toContain('do-not-tell')
})

test('applications and sets that need what is not there are named', () => {
  const set = (name: string, generators: object[]): KubeObject => ({
    apiVersion: argo,
    kind: 'ApplicationSet',
    metadata: { name },
    spec: { generators },
  })
  expect(
    found(
      application('plugin', { source: { repoURL: 'a', path: '.', plugin: { name: 'x' } } }),
      application('one-of-two', { sources: [{ repoURL: 'a' }, { repoURL: 'b', plugin: { name: 'x' } }] }),
      application('hydrated', { sourceHydrator: { drySource: {} } }),
      set('github', [{ scmProvider: { github: {} } }]),
      set('bitbucket', [{ matrix: { generators: [{ scmProvider: { bitbucket: {} } }, { list: {} }] } }]),
      set('decision', [{ clusterDecisionResource: {} }]),
      set('app', [{ scmProvider: { github: { appSecretName: 'x' } } }]),
      set('own-host', [{ pullRequest: { gitlab: { api: 'https://git.example.com', tokenRef: {} } } }]),
    ),
  ).toEqual([
    'lost: Application plugin',
    'lost: Application one-of-two',
    'lost: Application hydrated',
    'lost: ApplicationSet bitbucket',
    'lost: ApplicationSet decision',
    'lost: ApplicationSet app',
    'decide: ApplicationSet own-host',
  ])
})
