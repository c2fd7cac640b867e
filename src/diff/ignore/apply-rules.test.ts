import { afterAll, describe, expect, test } from 'vitest'
import {
  fieldManager,
  type IgnoreDifferences,
  type KubeObject,
  keyOf,
  type ManagedFieldsEntry,
} from '../../model/index.ts'
import { ignoreDifferences, settleAll } from './apply-rules.ts'
import { openJq } from './jq-worker.ts'
import { compileRules } from './rules.ts'
import { heldValue } from './settle.ts'

const jq = openJq({ timeoutMs: () => 500 })
afterAll(() => jq.close())

function deployment(spec: object, managedFields?: ManagedFieldsEntry[]): KubeObject {
  const metadata = { name: 'web', namespace: 'shop', ...(managedFields && { managedFields }) }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }
}

function entry(
  manager: string,
  fieldsV1: Record<string, unknown>,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return { manager, operation: 'Update', apiVersion: 'apps/v1', fieldsV1, ...more }
}

const applied = (fieldsV1: Record<string, unknown>) => entry(fieldManager, fieldsV1, { operation: 'Apply' })

function rules(wanted: KubeObject, ignore: Partial<IgnoreDifferences>) {
  return compileRules(
    [{ group: 'apps', kind: 'Deployment', origin: 'spec.ignoreDifferences[0]', ...ignore }],
    jq,
  ).rulesFor(keyOf(wanted))
}

async function ignoring(states: { wanted: KubeObject; live: KubeObject }, ignore: Partial<IgnoreDifferences>) {
  const { object, ignored } = await ignoreDifferences(states, rules(states.wanted, ignore))
  return {
    spec: object.spec,
    ignored: ignored.map(({ path, desired, live }) => ({ path, desired, live })),
    same: object === states.wanted,
  }
}

async function holding(states: { wanted: KubeObject; live: KubeObject }, ignore: Partial<IgnoreDifferences>) {
  return (await settleAll(states, { rules: rules(states.wanted, ignore), keep: heldValue })).spec
}

describe('ignoring', () => {
  test('a field keeps its live value, and what differed is told with its rule', async () => {
    const [wanted, live] = [deployment({ replicas: 2, paused: true }), deployment({ replicas: 5, paused: false })]
    const { object, ignored } = await ignoreDifferences(
      { wanted, live },
      rules(wanted, { jsonPointers: ['/spec/replicas'] }),
    )
    expect(object.spec).toEqual({ replicas: 5, paused: true })
    expect(ignored).toEqual([
      {
        path: 'spec.replicas',
        desired: 2,
        live: 5,
        ignoredBy: { origin: 'spec.ignoreDifferences[0]', jsonPointer: '/spec/replicas' },
      },
    ])
  })

  test('a rule that names nothing leaves the object itself', async () => {
    const states = { wanted: deployment({ replicas: 2 }), live: deployment({ replicas: 5 }) }
    expect(await ignoring(states, { jsonPointers: ['/spec/other', '/spec/replicas/x', '/spec/a/0'] })).toMatchObject({
      same: true,
    })
  })

  test('names with slashes and tildes are written ~1 and ~0', async () => {
    const states = { wanted: deployment({ 'a/b~c': 1 }), live: deployment({ 'a/b~c': 2 }) }
    expect(await ignoring(states, { jsonPointers: ['/spec/a~1b~0c'] })).toMatchObject({ spec: { 'a/b~c': 2 } })
  })

  test('a field that only Git has is left out, one that only the cluster has does not come in', async () => {
    const states = { wanted: deployment({ a: { b: 1 } }), live: deployment({ c: { d: 1 } }) }
    const { spec } = await ignoring(states, { jsonPointers: ['/spec/a/b', '/spec/c/d'] })
    expect(spec).toEqual({})
  })

  test('items are found by their names, wherever they stand', async () => {
    const wanted = deployment({
      containers: [
        { name: 'web', image: 'web:1' },
        { name: 'log', image: 'log:1' },
      ],
    })
    const live = deployment({
      containers: [
        { name: 'side', image: 'x' },
        { name: 'web', image: 'web:9' },
        { name: 'log', image: 'log:9' },
      ],
    })
    const jqPathExpressions = ['.spec.containers[] | select(.name == "web") | .image']
    expect(await ignoring({ wanted, live }, { jqPathExpressions })).toMatchObject({
      spec: {
        containers: [
          { name: 'web', image: 'web:9' },
          { name: 'log', image: 'log:1' },
        ],
      },
      ignored: [{ path: 'spec.containers[0].image', desired: 'web:1', live: 'web:9' }],
    })
  })

  test('an injected item of a list that is owned as a whole is taken over, and its place too', async () => {
    const wanted = deployment({ tolerations: [{ key: 'a' }, { key: 'b' }] })
    const live = deployment({ tolerations: [{ key: 'x' }, { key: 'a' }, { key: 'b' }] })
    const { spec } = await ignoring(
      { wanted, live },
      { jqPathExpressions: ['.spec.tolerations[] | select(.key == "x")'] },
    )
    expect(spec).toEqual(live.spec)
  })

  test('real jq reads what the simple paths cannot say', async () => {
    const states = { wanted: deployment({ a: { n: 1 }, b: { n: 1 } }), live: deployment({ a: { n: 2 }, b: { n: 2 } }) }
    const { spec } = await ignoring(states, {
      jqPathExpressions: ['.spec | to_entries[] as $e | getpath([$e.key]) | select($e.key == "b")'],
    })
    expect(spec).toEqual({ a: { n: 1 }, b: { n: 2 } })
  })

  test('a list is sliced', async () => {
    const states = { wanted: deployment({ args: [1, 2, 3] }), live: deployment({ args: [1, 8, 9] }) }
    expect(await ignoring(states, { jqPathExpressions: ['.spec.args[1:]'] })).toMatchObject({
      spec: { args: [1, 8, 9] },
    })
  })

  test('what a trusted manager has changed does not count, and only that', async () => {
    const hpa = entry('hpa', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' })
    const wanted = deployment({ replicas: 2, paused: true })
    const live = deployment({ replicas: 5, paused: false }, [hpa])
    expect(await ignoring({ wanted, live }, { managedFieldsManagers: ['hpa'] })).toMatchObject({
      spec: { replicas: 5, paused: true },
    })
    expect(await ignoring({ wanted, live }, { managedFieldsManagers: ['other'] })).toMatchObject({ same: true })
  })

  test('the value of a Secret is not told', async () => {
    const secret = (value: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { key: value },
    })
    const all = compileRules([{ group: '*', kind: '*', origin: 'all', jsonPointers: ['/data/key'] }], jq)
    const states = { wanted: secret('YQ=='), live: secret('Yg==') }
    const { ignored } = await ignoreDifferences(states, all.rulesFor(keyOf(states.wanted)))
    expect(JSON.stringify(ignored)).not.toMatch(/YQ|Yg/)
    expect(ignored).toMatchObject([{ path: 'data.key', desired: '++++++++', live: '++++++++++++' }])
  })
})

test('whatever a rule names, an object keeps its name and its application', async () => {
  const tracked = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' }
  const wanted = deployment({ a: 1 })
  wanted.metadata.annotations = { ...tracked, note: 'git' }
  const live = deployment({ a: 1 }, [applied({ 'f:metadata': { 'f:labels': { 'f:x': {} } } })])
  live.metadata.annotations = { note: 'live' }
  for (const jsonPointers of [['/metadata'], ['/metadata/annotations'], ['/kind', '/metadata/name']]) {
    const states = { wanted, live }
    const { object } = await ignoreDifferences(states, rules(wanted, { jsonPointers }))
    const held = await settleAll(states, { rules: rules(wanted, { jsonPointers }), keep: heldValue })
    for (const { kind, metadata } of [object, held]) {
      expect(kind).toBe('Deployment')
      expect(metadata).toMatchObject({ name: 'web', namespace: 'shop', annotations: tracked })
    }
  }
})

describe('holding on to ignored fields in what is applied', () => {
  const replicas = { jsonPointers: ['/spec/replicas'] }
  const spec = (...names: string[]) => ({ 'f:spec': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) })

  test('what another manager owns is left to it', async () => {
    const live = deployment({ replicas: 5 }, [
      applied(spec('paused')),
      entry('hpa', spec('replicas'), { subresource: 'scale' }),
    ])
    expect(await holding({ wanted: deployment({ replicas: 2, paused: true }), live }, replicas)).toEqual({
      paused: true,
    })
  })

  test('what is ours alone stays declared, with the value that it has', async () => {
    const live = deployment({ replicas: 5 }, [applied(spec('replicas'))])
    expect(await holding({ wanted: deployment({ replicas: 2 }), live }, replicas)).toEqual({ replicas: 5 })
  })

  test('what Git no longer declares and is ours alone stays too', async () => {
    const live = deployment({ replicas: 5 }, [applied(spec('replicas'))])
    expect(await holding({ wanted: deployment({}), live }, replicas)).toEqual({ replicas: 5 })
  })

  test('what was applied client-side counts as ours, because a sync takes it over', async () => {
    const live = deployment({ replicas: 5 }, [entry('kubectl-client-side-apply', spec('replicas'))])
    expect(await holding({ wanted: deployment({ replicas: 2 }), live }, replicas)).toEqual({ replicas: 5 })
  })

  test('what nobody owns is left out, and what is not there yet stays away', async () => {
    const live = deployment({ replicas: 1 }, [applied(spec('paused'))])
    expect(await holding({ wanted: deployment({ replicas: 2 }), live }, replicas)).toEqual({})
    const empty = deployment({}, [applied(spec('paused'))])
    expect(await holding({ wanted: deployment({ replicas: 2 }), live: empty }, replicas)).toEqual({})
  })

  test('an item of a list that is ours keeps its key', async () => {
    const key = 'k:{"name":"web"}'
    const owned = { 'f:spec': { 'f:containers': { [key]: { '.': {}, 'f:name': {}, 'f:image': {} } } } }
    const live = deployment({ containers: [{ name: 'web', image: 'web:9' }] }, [applied(owned)])
    const jqPathExpressions = ['.spec.containers[].image']
    expect(await holding({ wanted: deployment({}), live }, { jqPathExpressions })).toEqual({
      containers: [{ name: 'web', image: 'web:9' }],
    })
  })

  test('within a list that is owned as a whole the live value stands', async () => {
    const live = deployment({ args: ['a', 'b'] }, [applied(spec('args'))])
    expect(
      await holding({ wanted: deployment({ args: ['a', 'z'] }), live }, { jsonPointers: ['/spec/args/1'] }),
    ).toEqual({
      args: ['a', 'b'],
    })
  })
})

describe('which objects a rule is about', () => {
  const entryFor = (more: object) =>
    compileRules([{ kind: 'Deployment', origin: 'x', jsonPointers: ['/a'], ...more }], jq)
  const key = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }

  test.each([
    [{ group: 'apps' }, 1],
    [{ group: '*', kind: '*' }, 1],
    [{ group: 'a*', kind: 'Deploy*' }, 1],
    [{}, 0],
    [{ group: 'apps', name: 'web', namespace: 'shop' }, 1],
    [{ group: 'apps', name: 'other' }, 0],
    [{ group: 'apps', namespace: 'other' }, 0],
    [{ group: 'apps', name: '', namespace: '' }, 1],
  ])('%o: %i', (more, count) => {
    expect(entryFor(more).rulesFor(key)).toHaveLength(count)
  })
})

describe('faults', () => {
  const faultsOf = (more: Partial<IgnoreDifferences>) =>
    compileRules([{ kind: '*', group: '*', origin: 'spec.ignoreDifferences[0]', ...more }], jq).faults()

  test('an expression that jq does not understand is named', async () => {
    const [fault] = await faultsOf({ jqPathExpressions: ['.spec |', '.a'] })
    expect(fault).toMatch(
      /^spec\.ignoreDifferences\[0\]: the jq path expression "\.spec \|" cannot be followed: syntax error/,
    )
  })

  test('a pointer without its slash is named', async () => {
    expect(await faultsOf({ jsonPointers: ['spec/replicas'] })).toEqual([
      expect.stringContaining('"spec/replicas" is no JSON pointer'),
    ])
  })

  test('an expression that does not end is given up, and the next one is answered', async () => {
    const slow = { jqPathExpressions: ['.spec | until(false; .)'] }
    const states = { wanted: deployment({ a: 1 }), live: deployment({ a: 2 }) }
    await expect(ignoring(states, slow)).rejects.toThrow(/until\(false; \.\).*longer than 500 ms/)
    expect(await ignoring(states, { jqPathExpressions: ['.spec | (.a, .b)'] })).toMatchObject({ spec: { a: 2 } })
  })

  test('an expression that wants all memory is given up', async () => {
    const patient = openJq({ timeoutMs: () => 20_000 })
    const { fatal, error } = await patient.run('[range(100000000)] | length', 'null')
    await patient.close()
    expect({ fatal, error }).toEqual({ fatal: true, error: expect.stringContaining('memory') })
  })

  test('an expression that does not suit an object names nothing in it', async () => {
    const states = { wanted: deployment({ a: 1 }), live: deployment({ a: 2 }) }
    expect(await ignoring(states, { jqPathExpressions: ['.spec.a[] | tostring', '.x[]'] })).toMatchObject({
      same: true,
    })
  })
})
