import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../model/index.ts'
import { resourceActions } from './actions.ts'

const now = () => new Date('2026-01-02T03:04:05.678Z')

function actions(settings: Record<string, string> = {}) {
  const warnings: string[] = []
  return { ...resourceActions(settings, { now, warn: (message) => warnings.push(message) }), warnings }
}

function object(type: string, fields: object = {}): KubeObject {
  const [group = '', kind = ''] = type.split('/')
  return {
    apiVersion: group ? `${group}/v1` : 'v1',
    kind,
    metadata: { name: 'x', namespace: 'shop', uid: 'u' },
    ...fields,
  }
}

/** `restart pause -resume`: a minus before what is disabled. */
function listed(subject: KubeObject, settings: Record<string, string> = {}): string {
  const found = actions(settings).list(subject)
  return found.map(({ name, disabled }) => (disabled ? `-${name}` : name)).join(' ')
}

function patched(subject: KubeObject, name: string, parameters: Record<string, string> = {}): KubeObject | undefined {
  const [done, ...others] = actions().run(subject, name, parameters)
  expect(others).toEqual([])
  expect(done?.operation).toBe('patch')
  return done?.resource
}

describe('what is offered', () => {
  const ended = { conditions: [{ type: 'Complete', status: 'True' }] }
  test.each([
    ['apps/Deployment', { spec: {} }, 'pause restart -resume scale'],
    ['apps/Deployment', { spec: { paused: true } }, '-pause restart resume scale'],
    ['apps/StatefulSet', { spec: {} }, 'restart scale'],
    ['apps/DaemonSet', { spec: {} }, 'restart'],
    ['batch/CronJob', { spec: {} }, 'create-job suspend'],
    ['batch/CronJob', { spec: { suspend: true } }, 'create-job resume'],
    ['batch/Job', { spec: {}, status: {} }, 'suspend terminate'],
    ['batch/Job', { spec: { suspend: true } }, 'resume'],
    ['batch/Job', { spec: {}, status: ended }, ''],
    ['argoproj.io/Application', { spec: {} }, 'toggle-auto-sync'],
    ['argoproj.io/AnalysisRun', { status: { phase: 'Failed' } }, '-terminate'],
    ['argoproj.io/WorkflowTemplate', {}, 'create-workflow'],
    [
      'argoproj.io/Rollout',
      {
        spec: { strategy: { canary: { steps: [{}, {}] } } },
        status: { currentPodHash: 'b', stableRS: 'a', currentStepIndex: 1, observedGeneration: 1 },
        metadata: { name: 'x', generation: 1 },
      },
      'abort pause promote-full restart -resume -retry skip-current-step',
    ],
    ['helm.toolkit.fluxcd.io/HelmRelease', { spec: { suspend: true } }, '-reconcile resume -suspend'],
    ['notification.toolkit.fluxcd.io/Alert', { spec: {} }, '-resume suspend'],
    ['external-secrets.io/ExternalSecret', { spec: { refreshInterval: '0s' } }, '-refresh'],
    ['external-secrets.io/ExternalSecret', { spec: { refreshInterval: '0', refreshPolicy: 'OnChange' } }, 'refresh'],
    [
      'keda.sh/ScaledObject',
      { metadata: { name: 'x', annotations: { 'autoscaling.keda.sh/paused-replicas': '2' } } },
      '-pause paused-replicas resume',
    ],
    [
      'postgresql.cnpg.io/Cluster',
      { status: { instancesStatus: { healthy: ['x-1'] } } },
      '-promote reload restart suspend',
    ],
    [
      'numaflow.numaproj.io/Pipeline',
      { spec: { lifecycle: { desiredPhase: 'Paused' } } },
      '-delete -force-promote -pause -unpause-fast unpause-gradual',
    ],
    ['psmdb.percona.com/PerconaServerMongoDB', { spec: { pause: true } }, '-pause unpause'],
    ['/ConfigMap', {}, ''],
  ])('for %s %o', (type, fields, expected) => {
    expect(listed(object(type, fields))).toBe(expected)
  })

  test('a parameter says what it is when nothing is given', () => {
    const cluster = object('postgresql.cnpg.io/Cluster', { status: { instancesStatus: { healthy: ['x-1', 'x-2'] } } })
    expect(actions().list(cluster)[0]).toEqual({
      name: 'promote',
      disabled: false,
      displayName: 'Promote Replica to Primary',
      iconClass: 'fa fa-fw fa-angles-up',
      params: [{ name: 'instance', default: 'any' }],
    })
  })
})

describe('what is done', () => {
  const stamp = '2026-01-02T03:04:05Z'
  const template = (annotations: object) => ({ spec: { template: { metadata: { annotations } } } })

  test('restart stamps the pod template and leaves the object as it was', () => {
    const before = object('apps/Deployment', { spec: { template: {} } })
    expect(patched(before, 'restart')).toMatchObject(template({ 'kubectl.kubernetes.io/restartedAt': stamp }))
    expect(before.spec).toEqual({ template: {} })
  })

  test('scale takes a number, and nothing else', () => {
    const deployment = object('apps/Deployment', { spec: { replicas: 1 } })
    expect(patched(deployment, 'scale', { replicas: '3' })?.spec).toEqual({ replicas: 3 })
    for (const replicas of ['many', '-1', '1.5', '']) {
      expect(() => actions().run(deployment, 'scale', { replicas })).toThrow(`invalid number: ${replicas}`)
    }
    expect(() => actions().run(deployment, 'scale')).toThrow('parameter replicas is missing')
  })

  test('resume takes the field away, as it was before', () => {
    expect(patched(object('apps/Deployment', { spec: { paused: true } }), 'resume')?.spec).toEqual({})
  })

  test('create-job makes a Job that the CronJob owns', () => {
    const jobTemplate = {
      metadata: { labels: { app: 'x' } },
      spec: { template: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } } },
    }
    const cronJob = object('batch/CronJob', { spec: { jobTemplate } })
    expect(actions().run(cronJob, 'create-job')).toEqual([
      {
        operation: 'create',
        resource: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            labels: { app: 'x' },
            name: 'x-2601020304',
            namespace: 'shop',
            annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
            ownerReferences: [
              {
                apiVersion: 'batch/v1',
                kind: 'CronJob',
                name: 'x',
                uid: 'u',
                blockOwnerDeletion: true,
                controller: true,
              },
            ],
          },
          spec: jobTemplate.spec,
        },
      },
    ])
  })

  test('terminate gives a Job the condition that ends it, once', () => {
    const job = object('batch/Job', { spec: {}, status: { active: 1 } })
    const ended = patched(job, 'terminate')
    expect(ended?.status).toMatchObject({
      active: 1,
      conditions: [{ type: 'FailureTarget', status: 'True', lastTransitionTime: stamp }],
    })
    expect(patched(ended ?? job, 'terminate')).toEqual(ended)
  })

  const rollout = object('argoproj.io/Rollout', {
    metadata: { name: 'x', generation: 2 },
    spec: { paused: true, strategy: { canary: { steps: [{}, {}] } } },
    status: { abort: true, pauseConditions: [{}], currentStepIndex: 0, observedGeneration: '2' },
  })
  test.each([
    ['restart', { spec: { restartAt: stamp } }],
    ['resume', { spec: { paused: false } }],
    ['promote-full', { status: { promoteFull: true } }],
    ['skip-current-step', { status: { currentStepIndex: 1 } }],
  ])('%s of a Rollout', (name, expected) => {
    expect(patched(rollout, name)).toMatchObject(expected)
  })

  test('retry of a Rollout takes its abortion back', () => {
    expect(patched(rollout, 'retry')?.status).not.toHaveProperty('abort')
  })

  test('auto-sync goes off and on again', () => {
    const application = object('argoproj.io/Application', { spec: { syncPolicy: { automated: { prune: true } } } })
    const off = patched(application, 'toggle-auto-sync')
    expect(off?.spec).toEqual({ syncPolicy: { automated: { prune: true, enabled: false } } })
    expect(patched(off ?? application, 'toggle-auto-sync')?.spec).toEqual({
      syncPolicy: { automated: { prune: true, enabled: true } },
    })
  })

  test.each([
    ['any', 'x-2'],
    ['1', 'x-1'],
    ['x-3', 'x-3'],
  ])('promote %s of a PostgreSQL cluster', (instance, primary) => {
    const status = { currentPrimary: 'x-1', instancesStatus: { healthy: ['x-1', 'x-2', 'x-3'] } }
    const cluster = object('postgresql.cnpg.io/Cluster', { status })
    expect(patched(cluster, 'promote', { instance })?.status).toMatchObject({ targetPrimary: primary })
    expect(() => actions().run(cluster, 'promote', { instance: '9' })).toThrow('healthy are x-1, x-2, x-3')
  })

  test('an action that is not there is refused with those that are', () => {
    expect(() => actions().run(object('apps/DaemonSet'), 'scale')).toThrow(
      'DaemonSet has no action scale: there is restart',
    )
  })
})

describe('actions by script', () => {
  const key = 'resource.customizations.actions.example.com_Widget'
  const widget = object('example.com/Widget', {
    spec: { size: 1, empty: {}, list: [], big: 9223372036854775807n, absent: null },
  })
  const scripts = (more = '') => ({
    [key]: `${more}
discovery.lua: |
  return { grow = { displayName = "Grow", disabled = obj.spec.size > 5, params = {{ name = "by", default = "1" }} } }
definitions:
- name: grow
  action.lua: |
    obj.spec.size = obj.spec.size + tonumber(actionParams.by or "1")
    return obj
- name: copy
  action.lua: |
    local copy = { apiVersion = "v1", kind = "ConfigMap", metadata = { name = obj.metadata.name .. "-copy" } }
    obj.metadata.annotations = { copied = "true" }
    return { { operation = "create", resource = copy }, { operation = "patch", resource = obj } }
- name: replace
  action.lua: |
    obj.metadata.name = "other"
    return obj
- name: delete
  action.lua: 'return { { operation = "delete", resource = obj } }'
- name: wrong
  action.lua: |

    return obj.status.phase
`,
  })

  test('are listed', () => {
    expect(actions(scripts()).list(widget)).toEqual([
      { name: 'grow', displayName: 'Grow', disabled: false, params: [{ name: 'by', default: '1' }] },
    ])
  })

  test('change the object, and nothing that they do not touch', () => {
    const [done] = actions(scripts()).run(widget, 'grow', { by: '2' })
    expect(done).toEqual({ operation: 'patch', resource: { ...widget, spec: { ...(widget.spec as object), size: 3 } } })
  })

  test('make others', () => {
    expect(
      actions(scripts())
        .run(widget, 'copy')
        .map(({ operation, resource }) => `${operation} ${resource.kind} ${resource.metadata.name}`),
    ).toEqual(['create ConfigMap x-copy', 'patch Widget x'])
  })

  test.each([
    [
      'replace',
      'action replace in resource.customizations.actions.example.com_Widget of argocd-cm patches another object',
    ],
    ['delete', 'unsupported operation: "delete"; there are create and patch'],
    ['wrong', `action wrong in ${key} of argocd-cm, line 2: attempt to index a nil value (field 'status')`],
    ['none', 'Widget has no action none: there is grow'],
  ])('%s is refused', (name, message) => {
    expect(() => actions(scripts()).run(widget, name)).toThrow(message)
  })

  test('take the place of the built-in ones, or stand beside them', () => {
    const deployment = object('apps/Deployment', { spec: {} })
    const of = (more: string) => ({
      'resource.customizations.actions.apps_Deployment': `${more}
discovery.lua: 'return { restart = { disabled = true }, greet = {} }'
definitions: [{ name: greet, action.lua: return obj }]`,
    })
    expect(listed(deployment, of(''))).toBe('greet -restart')
    expect(listed(deployment, of('mergeBuiltinActions: true'))).toBe('greet pause -restart -resume scale')
  })

  test('that cannot be read are reported, and the built-in ones stay', () => {
    const made = actions({ 'resource.customizations.actions.apps_DaemonSet': 'a: [' })
    expect(made.warnings.join()).toContain('resource.customizations.actions.apps_DaemonSet cannot be read')
    expect(made.list(object('apps/DaemonSet')).map(({ name }) => name)).toEqual(['restart'])
  })
})
