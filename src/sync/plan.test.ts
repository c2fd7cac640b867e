import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientSideManagers, type KubeObject, keyOf, keyText, track } from '../model/index.ts'
import { waveOf } from './hooks.ts'
import { kindRank } from './kind-order.ts'
import { planSync, type SyncRequest } from './plan.ts'
import { type SyncPlan, type SyncStep, stepsOf } from './step.ts'

type Meta = Partial<KubeObject['metadata']>

function object(kind: string, name: string, metadata: Meta = {}): KubeObject {
  return { apiVersion: apiVersions[kind] ?? 'v1', kind, metadata: { name, namespace: 'shop', ...metadata } }
}

const apiVersions: Record<string, string> = {
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  Ingress: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  Widget: 'example.com/v1',
}

function namespace(name: string, metadata: Meta = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } }
}

function definition(kind: string, metadata: Meta = {}): KubeObject {
  const name = `${kind.toLowerCase()}s.example.com`
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name, ...metadata },
    spec: { group: 'example.com', names: { kind } },
  }
}

const wave = (number: number | string): Meta => ({
  annotations: { 'argocd.argoproj.io/sync-wave': String(number) },
})

const hook = (types: string, more: Record<string, string> = {}): Meta => ({
  annotations: { 'argocd.argoproj.io/hook': types, ...more },
})

function tracked(live: KubeObject, uid = `uid-${live.metadata.name}`): KubeObject {
  const marked = track(live, 'shop')
  return { ...marked, metadata: { ...marked.metadata, uid } }
}

function plan(objects: KubeObject[], request: Partial<SyncRequest> = {}): SyncPlan {
  return planSync({
    instanceName: 'shop',
    manifests: objects.map((object) => ({ object })),
    live: [],
    operation: {},
    revision: '0123456789abcdef0123456789abcdef01234567',
    startedAt: '2026-01-02T03:04:05Z',
    ...request,
  })
}

/** `phase/wave verb Kind name`; steps that go at once stand between the same bars. */
function outline({ namespace, waves, onFailure }: SyncPlan): string[] {
  const text = (step: SyncStep) => `${step.verb} ${step.target.kind} ${step.target.name}`
  const lines = [...waves, ...onFailure].flatMap(({ phase, wave, prune, groups }) =>
    [prune, ...groups]
      .filter((group) => group.length > 0)
      .map((group) => `${phase}/${wave} ${group.map(text).join(' | ')}`),
  )
  return namespace ? [text(namespace), ...lines] : lines
}

describe('the order of a sync', () => {
  test('goes by kind, and by name within a kind', () => {
    const objects = ['Ingress', 'Widget', 'Deployment', 'Service', 'ConfigMap', 'Secret'].map((kind) =>
      object(kind, 'a'),
    )
    expect(outline(plan([...objects, object('ConfigMap', 'b'), namespace('shop')]))).toEqual([
      'Sync/0 apply Namespace shop',
      'Sync/0 apply Secret a',
      'Sync/0 apply ConfigMap a | apply ConfigMap b',
      'Sync/0 apply Service a',
      'Sync/0 apply Deployment a',
      'Sync/0 apply Ingress a',
      'Sync/0 apply Widget a',
    ])
  })

  test('goes by phase before wave, and by wave before kind', () => {
    const objects = [
      object('Job', 'after', hook('PostSync')),
      object('ConfigMap', 'late', wave(2)),
      object('Deployment', 'early', wave(-1)),
      object('Job', 'before', { annotations: { ...hook('PreSync').annotations, ...wave(5).annotations } }),
      object('Job', 'rescue', hook('SyncFail')),
    ]
    expect(outline(plan(objects))).toEqual([
      'PreSync/5 hook Job before',
      'Sync/-1 apply Deployment early',
      'Sync/2 apply ConfigMap late',
      'PostSync/0 hook Job after',
      'SyncFail/0 hook Job rescue',
    ])
  })

  test('brings a namespace forward to the first wave that needs it', () => {
    const objects = [object('ConfigMap', 'a', wave(-3)), namespace('shop', wave(4)), object('ConfigMap', 'b')]
    expect(outline(plan(objects))).toEqual([
      'Sync/-3 apply Namespace shop',
      'Sync/-3 apply ConfigMap a',
      'Sync/0 apply ConfigMap b',
    ])
  })

  test('brings a CRD forward to the first hook of its kind', () => {
    const objects = [object('Widget', 'w', hook('PreSync')), definition('Widget', wave(1))]
    expect(outline(plan(objects))).toEqual([
      'PreSync/0 apply CustomResourceDefinition widgets.example.com',
      'PreSync/0 hook Widget w',
    ])
  })

  test('puts a custom kind that is named like a built-in one after its CRD', () => {
    const service = { ...object('Service', 's'), apiVersion: 'example.com/v1' }
    const secret = { ...object('Secret', 's'), apiVersion: 'example.com/v1' }
    expect(outline(plan([secret, service, definition('Secret'), definition('Service')]))).toEqual([
      'Sync/0 apply CustomResourceDefinition secrets.example.com | apply CustomResourceDefinition services.example.com',
      'Sync/0 apply Secret s | apply Service s',
    ])
  })

  test('waits for health only when there is more than one wave', () => {
    expect(plan([object('Deployment', 'a'), object('ConfigMap', 'a')]).gated).toBe(false)
    expect(plan([object('Deployment', 'a'), object('ConfigMap', 'a', wave(1))]).gated).toBe(true)
    expect(plan([object('Deployment', 'a'), object('Job', 'a', hook('PreSync'))]).gated).toBe(true)
  })
})

describe('hooks', () => {
  test('run in each of their phases', () => {
    expect(outline(plan([object('Job', 'a', hook('PreSync, PostSync'))]))).toEqual([
      'PreSync/0 hook Job a',
      'PostSync/0 hook Job a',
    ])
  })

  test('with generateName get a name that stays when the operation is resumed', () => {
    const job = object('Job', '', { name: '', generateName: 'Migrate-', ...hook('PreSync') })
    expect(stepsOf(plan([job])).map(({ target }) => target.name)).toEqual(['migrate-0123456-presync-1767323045'])
  })

  test.each([
    ['a sync of chosen resources', { resources: [{ group: 'batch', kind: 'Job', name: '*' }] }],
    ['a sync that only applies', { syncStrategy: { apply: {} } }],
  ])('do not run in %s', (_, operation) => {
    expect(outline(plan([object('Job', 'a', hook('PreSync'))], { operation }))).toEqual([])
  })

  test('of Helm are mapped, and other Helm hooks are left alone', () => {
    const helm = (name: string, annotations: Record<string, string>) => object('Job', name, { annotations })
    const objects = [
      helm('pre', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-weight': '-5' }),
      helm('post', { 'helm.sh/hook': 'post-upgrade', 'helm.sh/hook-delete-policy': 'hook-succeeded' }),
      helm('test', { 'helm.sh/hook': 'test' }),
      helm('gone', { 'helm.sh/hook': 'pre-delete' }),
      helm('crd', { 'helm.sh/hook': 'crd-install' }),
    ]
    const found = plan(objects)
    expect(outline(found)).toEqual(['PreSync/-5 hook Job pre', 'Sync/0 apply Job crd', 'PostSync/0 hook Job post'])
    const policies = stepsOf(found).map((step) => (step.verb === 'hook' ? step.deletePolicies : []))
    expect(policies).toEqual([['BeforeHookCreation'], [], ['HookSucceeded']])
  })

  test('marked Skip are neither applied nor pruned', () => {
    const skipped = object('ConfigMap', 'a', hook('Skip'))
    expect(outline(plan([skipped], { live: [tracked(skipped)], operation: { prune: true } }))).toEqual([])
  })
})

describe('pruning', () => {
  const prune = { operation: { prune: true } }

  test('takes what the application tracks and Git does not declare', () => {
    const live = [tracked(object('ConfigMap', 'old')), tracked(object('ConfigMap', 'kept'))]
    expect(outline(plan([object('ConfigMap', 'kept')], { live, ...prune }))).toEqual([
      'Sync/0 prune ConfigMap old',
      'Sync/0 apply ConfigMap kept',
    ])
  })

  test('leaves alone what is not the application’s to delete', () => {
    const foreign = track(object('ConfigMap', 'foreign'), 'other')
    const untracked = object('ConfigMap', 'untracked')
    const copied = object('ConfigMap', 'copy', { annotations: tracked(object('ConfigMap', 'a')).metadata.annotations })
    const owner = { apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u', controller: true }
    const owned = tracked(object('Secret', 'owned', { ownerReferences: [owner] }))
    const finishedHook = tracked(object('Job', 'hook', hook('PostSync')))
    expect(outline(plan([], { live: [foreign, untracked, copied, owned, finishedHook], ...prune }))).toEqual([])
  })

  test('does not take a declared object for another because it is read under another group', () => {
    const declared = object('Ingress', 'web')
    const live = [tracked(declared, 'one'), tracked({ ...declared, apiVersion: 'extensions/v1beta1' }, 'one')]
    expect(outline(plan([declared], { live, ...prune }))).toEqual(['Sync/0 apply Ingress web'])
  })

  test('goes through the waves backwards', () => {
    const live = [1, 2, 5].map((number) => tracked(object('ConfigMap', `w${number}`, wave(number))))
    expect(outline(plan([], { live, ...prune }))).toEqual([
      'Sync/1 prune ConfigMap w5',
      'Sync/2 prune ConfigMap w2',
      'Sync/5 prune ConfigMap w1',
    ])
  })

  test('with PruneLast comes after the last wave, for all or for one', () => {
    const live = [tracked(object('ConfigMap', 'old'))]
    const git = [object('ConfigMap', 'a'), object('ConfigMap', 'b', wave(7))]
    const expected = ['Sync/0 apply ConfigMap a', 'Sync/7 apply ConfigMap b', 'Sync/8 prune ConfigMap old']
    expect(outline(plan(git, { live, ...prune, syncOptions: ['PruneLast=true'] }))).toEqual(expected)
    const marked = object('ConfigMap', 'old', { annotations: { 'argocd.argoproj.io/sync-options': 'PruneLast=true' } })
    expect(outline(plan(git, { live: [tracked(marked)], ...prune }))).toEqual(expected)
  })

  test.each([
    ['nobody asked for pruning', {}, '', {}, 'ignored (requires pruning)'],
    ['the object says Prune=false', prune, 'Prune=false', {}, 'ignored (no prune)'],
    ['the application says Prune=false', prune, '', { syncOptions: ['Prune=false'] }, 'ignored (no prune)'],
    ['it waits for a confirmation', prune, 'Prune=confirm', {}, 'ignored (its pruning has to be confirmed first)'],
    ['it was confirmed', prune, 'Prune=confirm', { pruneConfirmed: true }, undefined],
    ['the object overrules the application', prune, 'Prune=true', { syncOptions: ['Prune=false'] }, undefined],
  ])('is kept or done rightly when %s', (_, operation, options, request, kept) => {
    const annotations = { 'argocd.argoproj.io/sync-options': options }
    const live = [tracked(object('ConfigMap', 'old', { annotations }))]
    const [step] = stepsOf(plan([], { live, ...operation, ...request }))
    expect(step).toMatchObject({ verb: 'prune', uid: 'uid-old', propagationPolicy: 'Foreground' })
    expect((step as { kept?: string }).kept).toBe(kept)
  })
})

describe('options', () => {
  test.each([
    [[], '', { replace: false, force: false, validate: true, migrate: clientSideManagers }],
    [
      ['Replace=true', 'Validate=false'],
      '',
      { replace: true, force: false, validate: false, migrate: clientSideManagers },
    ],
    [
      ['Replace=true'],
      'Replace=false,Force=true',
      { replace: false, force: true, validate: true, migrate: clientSideManagers },
    ],
    [['ClientSideApplyMigration=false'], ' Replace=true', { replace: true, force: false, validate: true, migrate: [] }],
  ])('%j and the annotation %j give %j', (syncOptions, annotated, method) => {
    const annotations = { 'argocd.argoproj.io/sync-options': annotated }
    const [step] = stepsOf(plan([object('ConfigMap', 'a', { annotations })], { syncOptions }))
    expect(step).toMatchObject({ method })
  })

  test('a forced operation forces every object', () => {
    const [step] = stepsOf(plan([object('ConfigMap', 'a')], { operation: { syncStrategy: { hook: { force: true } } } }))
    expect(step).toMatchObject({ method: { force: true } })
  })

  test('ApplyOutOfSyncOnly leaves out what is in sync', () => {
    const request = { isOutOfSync: (key: { name: string }) => key.name === 'b' }
    const objects = [object('ConfigMap', 'a'), object('ConfigMap', 'b')]
    expect(stepsOf(plan(objects, { ...request, syncOptions: ['ApplyOutOfSyncOnly=true'] }))).toHaveLength(1)
    expect(stepsOf(plan(objects, request))).toHaveLength(2)
  })

  test.each([
    ['one by name', [{ kind: 'ConfigMap', name: 'a' }], ['a']],
    ['one in its namespace', [{ kind: 'ConfigMap', name: 'a', namespace: 'shop' }], ['a']],
    ['one in another namespace', [{ kind: 'ConfigMap', name: 'a', namespace: 'elsewhere' }], []],
    ['a glob', [{ group: '*', kind: '*', name: 'b*' }], ['b', 'b2']],
    ['all but one', [{ kind: 'ConfigMap', name: 'b', exclude: true }], ['a', 'b2']],
    ['a group it is not in', [{ group: 'apps', kind: 'ConfigMap', name: 'a' }], []],
  ])('a choice of %s takes %j to %j', (_, resources, names) => {
    const objects = ['a', 'b', 'b2'].map((name) => object('ConfigMap', name))
    expect(stepsOf(plan(objects, { operation: { resources } })).map(({ target }) => target.name)).toEqual(names)
  })
})

describe('CreateNamespace', () => {
  const request = { syncOptions: ['CreateNamespace=true'], destinationNamespace: 'shop' }

  test('makes the namespace before everything else, and no wave of it', () => {
    const found = plan([object('ConfigMap', 'a')], request)
    expect(outline(found)).toEqual(['apply Namespace shop', 'Sync/0 apply ConfigMap a'])
    expect(found.gated).toBe(false)
    expect(found.namespace?.object.metadata).toEqual({ name: 'shop' })
  })

  test('has nothing to do when it is there with its metadata', () => {
    const managedNamespaceMetadata = { labels: { team: 'a' } }
    const there = (labels: Record<string, string>) => ({
      ...request,
      managedNamespaceMetadata,
      live: [namespace('shop', { labels })],
    })
    expect(plan([], there({ team: 'a', more: 'x' })).namespace).toBeUndefined()
    expect(plan([], there({ team: 'b' })).namespace?.object.metadata).toEqual({ name: 'shop', labels: { team: 'a' } })
  })

  test('yields to a Namespace that Git declares', () => {
    expect(plan([namespace('shop')], request).namespace).toBeUndefined()
  })
})

describe('for any objects and annotations', () => {
  const anyWave = fc.integer({ min: -3, max: 3 }).map((number) => wave(number))
  const anyHook = fc.constantFrom('PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreSync,PostSync', 'Skip')
  const anyMeta = fc.oneof(
    anyWave,
    fc.tuple(anyWave, anyHook).map(([meta, types]) => ({
      annotations: { ...meta.annotations, ...hook(types).annotations },
    })),
  )
  const plain = fc
    .tuple(
      fc.constantFrom('ConfigMap', 'Secret', 'Deployment', 'Job', 'Widget', 'Service'),
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('one', 'two'),
      anyMeta,
    )
    .map(([kind, name, namespace, meta]) => object(kind, name, { ...meta, namespace }))
  const cluster = fc.oneof(
    fc.tuple(fc.constantFrom('one', 'two'), anyWave).map(([name, meta]) => namespace(name, meta)),
    anyWave.map((meta) => definition('Widget', meta)),
  )
  const anyObjects = fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: cluster }), {
    selector: (item) => keyText(keyOf(item)),
    maxLength: 25,
  })
  const options = fc.subarray(['PruneLast=true', 'Replace=true', 'CreateNamespace=true', 'ApplyOutOfSyncOnly=true'])

  /** Steps with their moment: steps of one moment go at once. */
  function moments({ waves }: SyncPlan): { moment: number; step: SyncStep }[] {
    const groups = waves.flatMap(({ prune, groups }) => [prune, ...groups])
    return groups.flatMap((steps: SyncStep[], moment) => steps.map((step) => ({ moment, step })))
  }

  test('nothing comes before the namespace or the CRD that it needs', () => {
    fc.assert(
      fc.property(anyObjects, options, (objects, syncOptions) => {
        const steps = moments(plan(objects, { syncOptions })).filter(({ step }) => step.verb !== 'prune')
        for (const { moment, step } of steps) {
          const needed = steps.filter(
            ({ step: { target } }) =>
              (target.kind === 'Namespace' && target.name === step.target.namespace) ||
              (target.kind === 'CustomResourceDefinition' && step.target.kind === 'Widget'),
          )
          for (const need of needed) expect(need.moment).toBeLessThan(moment)
        }
      }),
    )
  })

  test('everything declared is applied exactly once, or runs once in each of its phases', () => {
    fc.assert(
      fc.property(anyObjects, (objects) => {
        const counts = new Map<string, number>()
        for (const { target } of stepsOf(plan(objects))) {
          counts.set(keyText(target), (counts.get(keyText(target)) ?? 0) + 1)
        }
        for (const object of objects) {
          const types = object.metadata.annotations?.['argocd.argoproj.io/hook']
          const times = types === undefined ? 1 : types === 'Skip' ? 0 : types.split(',').length
          expect(counts.get(keyText(keyOf(object))) ?? 0).toBe(times)
        }
      }),
    )
  })

  test('nothing declared is ever pruned, and everything else that is tracked is, once', () => {
    fc.assert(
      fc.property(anyObjects, anyObjects, options, (declared, others, syncOptions) => {
        const live = [...declared, ...others].map((item) => tracked(item, keyText(keyOf(item))))
        const pruned = stepsOf(plan(declared, { live, syncOptions, operation: { prune: true } }))
          .filter(({ verb }) => verb === 'prune')
          .map(({ target }) => keyText(target))
        const names = new Set(declared.map((item) => keyText(keyOf(item))))
        const hooks = (item: KubeObject) => {
          const types = item.metadata.annotations?.['argocd.argoproj.io/hook']
          return types !== undefined && types !== 'Skip'
        }
        const expected = others.filter((item) => !hooks(item) && !names.has(keyText(keyOf(item))))
        expect(pruned.toSorted()).toEqual(expected.map((item) => keyText(keyOf(item))).toSorted())
      }),
    )
  })

  test('phases, waves and kinds follow each other, but for what comes forward because it is needed', () => {
    const phaseOrder = ['PreSync', 'Sync', 'PostSync']
    const comesForward = new Set(['Namespace', 'CustomResourceDefinition'])
    fc.assert(
      fc.property(anyObjects, options, (objects, syncOptions) => {
        const steps = moments(plan(objects, { syncOptions })).filter(({ step }) => !comesForward.has(step.target.kind))
        for (const [index, { moment, step }] of steps.entries()) {
          const later = steps.slice(index + 1).find(({ moment: after }) => after > moment)?.step
          if (!later) continue
          const phases = phaseOrder.indexOf(later.phase) - phaseOrder.indexOf(step.phase)
          expect(phases).toBeGreaterThanOrEqual(0)
          if (phases === 0) expect(later.wave).toBeGreaterThanOrEqual(step.wave)
          if (phases === 0 && later.wave === step.wave) {
            expect(kindRank(later.target.kind)).toBeGreaterThan(kindRank(step.target.kind))
          }
        }
      }),
    )
  })

  test('what is pruned goes in the reverse of the order in which it came, and with PruneLast after everything else', () => {
    fc.assert(
      fc.property(anyObjects, anyObjects, fc.boolean(), (declared, others, last) => {
        const live = others.map((item) => tracked(item, keyText(keyOf(item))))
        const syncOptions = last ? ['PruneLast=true'] : []
        const { waves } = plan(declared, { live, syncOptions, operation: { prune: true } })
        const pruned = waves.flatMap(({ wave, prune }) => prune.map((step) => ({ wave, step })))
        const ownWave = new Map(others.map((item) => [keyText(keyOf(item)), waveOf(item)]))
        for (const [index, { wave, step }] of pruned.entries()) {
          for (const after of pruned.slice(index + 1)) {
            const own = ownWave.get(keyText(step.target)) ?? 0
            const next = ownWave.get(keyText(after.step.target)) ?? 0
            if (!last && after.wave > wave) expect(next).toBeLessThan(own)
          }
        }
        if (last && pruned.length > 0) {
          const highest = Math.max(...waves.filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave))
          expect(new Set(pruned.map(({ wave }) => wave))).toEqual(new Set([highest]))
          expect(waves.find(({ wave, prune }) => wave === highest && prune.length > 0)?.groups).toEqual([])
        }
      }),
    )
  })

  test('the order does not depend on the order of the manifests', () => {
    fc.assert(
      fc.property(anyObjects, fc.integer(), (objects, seed) => {
        const shuffled = objects.toSorted(
          (a, b) => ((keyText(keyOf(a)).length * seed) % 7) - ((keyText(keyOf(b)).length * seed) % 7),
        )
        expect(outline(plan(shuffled))).toEqual(outline(plan(objects)))
      }),
    )
  })
})
