/** The local comparison and the list of drifts, held against server-side apply as the sandbox carries it out. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldManager, type KubeObject } from '../model/index.ts'
import { applyPatch } from '../sandbox/typed/apply.ts'
import { builtinType } from '../sandbox/typed/builtin-type.ts'
import { normalize } from '../sandbox/typed/decode.ts'
import { trackUpdate } from '../sandbox/typed/managed-fields.ts'
import type { Type } from '../sandbox/typed/type.ts'
import { fieldDrifts } from './field-drifts.ts'
import { settleAll } from './ignore/apply-rules.ts'
import { compileRules } from './ignore/rules.ts'
import { heldValue } from './ignore/settle.ts'
import { matchesLocally } from './match-locally.ts'
import { predictLocally } from './predict-locally.ts'

const gvk = { group: 'apps', version: 'v1', kind: 'Deployment' }
const type = builtinType(gvk) as Type

type Stored = Parameters<typeof applyPatch>[0]['live']
const now = new Date('2026-01-01T00:00:00Z')

function apply(live: KubeObject | undefined, config: KubeObject, manager = fieldManager): KubeObject {
  const stored = live && { live: live as unknown as NonNullable<Stored> }
  const applied = applyPatch({ ...stored, config: config as never, type, gvk, manager, force: true, now })
  const object = normalize(applied, type)
  object.metadata.uid ??= 'uid'
  return object as unknown as KubeObject
}

function update(live: KubeObject, next: KubeObject, manager: string): KubeObject {
  const after = structuredClone({ ...next, metadata: { ...next.metadata, managedFields: undefined } })
  const options = { before: live as never, after: after as never, type, gvk, manager, now }
  const managedFields = trackUpdate(options) as KubeObject['metadata']['managedFields']
  const tracked = { ...after, metadata: { ...after.metadata, ...(managedFields ? { managedFields } : {}) } }
  return normalize(tracked as never, type) as unknown as KubeObject
}

function ownedByUs(live: KubeObject) {
  const entries = live.metadata.managedFields ?? []
  return entries.find(({ manager, operation }) => manager === fieldManager && operation === 'Apply')?.fieldsV1
}

function content({ metadata, ...rest }: KubeObject) {
  const { managedFields: _, ...meta } = metadata
  return JSON.parse(JSON.stringify({ ...rest, metadata: meta }))
}

const word = fc.constantFrom('a', 'b', 'c')
const labels = fc.dictionary(word, word, { maxKeys: 3 })
const byName = { selector: ({ name }: { name: string }) => name }
const some = { minLength: 1, maxLength: 3 }
const optional = { requiredKeys: [] as never[] }
const port = fc.record({ containerPort: fc.constantFrom(80, 443), protocol: fc.constantFrom('TCP', 'UDP') })
const container = fc
  .tuple(
    word,
    fc.record(
      {
        image: word,
        args: fc.array(word, { maxLength: 3 }),
        env: fc.uniqueArray(fc.record({ name: word, value: word }), { ...byName, ...some }),
        ports: fc.uniqueArray(port, { selector: (item) => JSON.stringify(item), ...some }),
        securityContext: fc.record({ privileged: fc.boolean(), runAsUser: fc.nat(3) }, optional),
      },
      optional,
    ),
  )
  .map(([name, fields]) => ({ name, ...fields }))
const podSpec = fc.record(
  {
    containers: fc.uniqueArray(container, { ...byName, minLength: 1, maxLength: 3 }),
    nodeSelector: labels,
    tolerations: fc.array(fc.record({ key: word, operator: fc.constant('Exists') }, optional), { maxLength: 2 }),
    volumes: fc.uniqueArray(fc.record({ name: word, emptyDir: fc.constant({}) }, { requiredKeys: ['name'] }), {
      ...byName,
      ...some,
    }),
  },
  { requiredKeys: ['containers'] },
)
const anyDeployment: fc.Arbitrary<KubeObject> = fc
  .record({
    replicas: fc.option(fc.nat(2), { nil: undefined }),
    matchLabels: fc.dictionary(word, word, { minKeys: 1, maxKeys: 2 }),
    meta: fc.record(
      { labels, annotations: labels, finalizers: fc.uniqueArray(fc.constantFrom('x/a', 'x/b', 'x/c'), some) },
      optional,
    ),
    pod: podSpec,
    podLabels: labels,
  })
  .map(({ replicas, matchLabels, meta, pod, podLabels }) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...meta },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels },
      template: { metadata: { labels: podLabels }, spec: pod },
    },
  }))

/** What others do to a live object between two looks of ours. */
const anyIntrusion = fc.tuple(fc.constantFrom('update', 'apply'), fc.constantFrom('kubectl-edit', 'hpa'), anyDeployment)
const anyLife = fc.record({
  first: anyDeployment,
  intrusions: fc.array(anyIntrusion, { maxLength: 3 }),
  same: fc.boolean(),
  second: anyDeployment,
})

function live({ first, intrusions }: { first: KubeObject; intrusions: [string, string, KubeObject][] }): KubeObject {
  let object = apply(undefined, first)
  for (const [how, manager, next] of intrusions) {
    if (how === 'apply') object = apply(object, next, manager)
    else object = update(object, { ...next, metadata: { ...next.metadata, uid: object.metadata.uid } }, manager)
  }
  return object
}

interface Container {
  name: string
  image?: string
  env?: unknown
}

interface PodSpec {
  containers: Container[]
  nodeSelector?: unknown
}

const imageRule = '.spec.template.spec.containers[].image'
const webKey = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
const noJq = { run: () => Promise.reject(new Error('no jq is needed')), close: async () => {} }

describe('for any object, whatever others do to it', () => {
  test('the local comparison never calls equal what applying would change', () => {
    let equal = 0
    fc.assert(
      fc.property(anyLife, (life) => {
        const now = live(life)
        const desired = life.same ? life.first : life.second
        if (!matchesLocally(desired, now, ownedByUs(now))) return
        equal++
        expect(content(apply(now, desired))).toEqual(content(now))
      }),
      { numRuns: 600 },
    )
    expect(equal).toBeGreaterThan(20)
  })

  test('right after applying, the local comparison nearly always sees that nothing is to be done', () => {
    const verdicts = fc.sample(anyDeployment, { numRuns: 400, seed: 1 }).map((desired) => {
      const now = apply(undefined, desired)
      return matchesLocally(desired, now, ownedByUs(now))
    })
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(380)
  })

  test('there are drifts exactly when applying would change something', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const now = live(life)
        const desired = life.same ? life.first : life.second
        const predicted = apply(now, desired)
        const drifts = fieldDrifts({ desired, live: now, predicted })
        const changes = JSON.stringify(content(predicted)) !== JSON.stringify(content(now))
        expect(drifts.length > 0).toBe(changes)
      }),
      { numRuns: 300 },
    )
  })

  test('every value that differs from Git has an author', () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        const now = live(life)
        const desired = life.same ? life.first : life.second
        for (const drift of fieldDrifts({ desired, live: now, predicted: apply(now, desired) })) {
          if (drift.live != null) expect(drift.author, drift.path).toBeDefined()
        }
      }),
      { numRuns: 300 },
    )
  })

  const pointers = ['/spec/replicas', '/metadata/labels', '/metadata/annotations/a', '/spec/template/spec/nodeSelector']
  const anyRule: fc.Arbitrary<{ jsonPointers?: string[]; jqPathExpressions?: string[] }> = fc.oneof(
    fc.constantFrom(...pointers).map((jsonPointer) => ({ jsonPointers: [jsonPointer] })),
    fc
      .constantFrom(imageRule, '.spec.template.spec.containers[] | select(.name == "a") | .env')
      .map((expression) => ({ jqPathExpressions: [expression] })),
  )
  const ruleFor = (rule: object) =>
    compileRules([{ group: 'apps', kind: 'Deployment', origin: 'spec', ...rule }], noJq).rulesFor(webKey)

  /** What stands at the ignored places, by the names of containers. */
  function ignoredPart(
    { metadata, spec }: KubeObject,
    rule: { jsonPointers?: string[]; jqPathExpressions?: string[] },
  ) {
    const { replicas, template } = spec as { replicas?: number; template: { spec: PodSpec } }
    const { containers, nodeSelector } = template.spec
    if (!rule.jsonPointers) {
      const of = ({ image, env, name }: Container) =>
        rule.jqPathExpressions?.[0] === imageRule ? image : name === 'a' ? env : undefined
      return Object.fromEntries(containers.map((container) => [container.name, of(container)]))
    }
    const [pointer] = rule.jsonPointers
    if (pointer === '/spec/replicas') return replicas
    if (pointer === '/metadata/labels') return metadata.labels
    return pointer === '/spec/template/spec/nodeSelector' ? nodeSelector : metadata.annotations?.a
  }

  test('an apply that respects a rule leaves what is ignored as it is', async () => {
    let respected = 0
    await fc.assert(
      fc.asyncProperty(anyLife, anyRule, async (life, rule) => {
        const now = live(life)
        const desired = life.same ? life.first : life.second
        const held = await settleAll({ wanted: desired, live: now }, { rules: ruleFor(rule), keep: heldValue })
        const [before, after] = [ignoredPart(now, rule), ignoredPart(apply(now, held), rule)]
        if (rule.jsonPointers) expect(after ?? {}).toEqual(before ?? {})
        else
          for (const [name, value] of Object.entries(after as object)) {
            if (name in (before as object)) expect(value).toEqual((before as Record<string, unknown>)[name])
          }
        if (held !== desired) respected++
      }),
      { numRuns: 500 },
    )
    expect(respected).toBeGreaterThan(50)
  })

  test('a map that is taken as a whole is emptied again by the local prediction as well', () => {
    const declared = (nodeSelector: object) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        selector: { matchLabels: { a: 'a' } },
        template: { spec: { containers: [{ name: 'a' }], nodeSelector } },
      },
    })
    const first = declared({})
    const now = live({
      first,
      intrusions: [['update', 'kubectl-edit', declared({ a: 'a' })]],
    })
    expect(content(apply(now, first))).not.toEqual(content(now))
    const predicted = predictLocally(first, now)
    const drifts = fieldDrifts({ desired: first, live: now, predicted, includeMutations: true })
    expect(drifts.map(({ path }) => path)).toHaveLength(1)
  })

  test('the local prediction says what the server says', () => {
    const counts = { changed: 0, same: 0 }
    fc.assert(
      fc.property(anyLife, (life) => {
        const now = live(life)
        const desired = life.same ? life.first : life.second
        const changes = JSON.stringify(content(apply(now, desired))) !== JSON.stringify(content(now))
        const predicted = predictLocally(desired, now)
        counts[changes ? 'changed' : 'same']++
        expect(fieldDrifts({ desired, live: now, predicted, includeMutations: true }).length > 0).toBe(changes)
      }),
      { numRuns: 600 },
    )
    expect(Math.min(counts.changed, counts.same)).toBeGreaterThan(50)
  })
})
