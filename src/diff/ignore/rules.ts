/** Which differences do not count: the rules of an Application and of the installation, compiled once. */

import {
  type IgnoreDifferences,
  type IgnoredBy,
  type KubeObject,
  matchesGlob,
  type ResourceKey,
  stringifyJson,
} from '../../model/index.ts'
import { type FieldsV1, hasKey, isLeaf, isMap } from '../field-path.ts'
import { expandPath, type JqPath } from './jq-path.ts'
import type { Jq } from './jq-worker.ts'
import { type JsonPath, pointerTokens, resolvePointer } from './json-path.ts'
import { simpleJq } from './simple-jq.ts'

/** One pointer, expression or manager. */
export interface IgnoreRule {
  by: IgnoredBy
  /** It reads managedFields of all managers. */
  needsManagers: boolean
  /** The places in an object that it names. Rejects with RuleFault when that cannot be told. */
  places(object: KubeObject): JsonPath[] | Promise<JsonPath[]>
}

/** A rule that cannot be followed: which differences count is not known then. */
export class RuleFault extends Error {}

/** An entry of `spec.ignoreDifferences`, or of the installation; `group` and `kind` may be globs. */
export interface RuleEntry extends IgnoreDifferences {
  /** Such as `spec.ignoreDifferences[0]`, or a key of argocd-cm. */
  origin: string
}

export interface IgnoreRules {
  /** Those that are about this object; empty for most. */
  rulesFor(key: ResourceKey): readonly IgnoreRule[]
  /** What is wrong with the rules, whatever they are asked about. */
  faults(): Promise<string[]>
}

const none: readonly IgnoreRule[] = []

export function compileRules(entries: RuleEntry[], jq: Jq): IgnoreRules {
  const compiled = entries.map((entry) => ({ entry, rules: rulesOf(entry, jq) }))
  const byKind = new Map<string, typeof compiled>()

  function ofKind({ group, kind }: ResourceKey): typeof compiled {
    const text = `${group}/${kind}`
    const known = byKind.get(text)
    if (known) return known
    const found = compiled.filter(({ entry }) => matches(entry.group, group) && matches(entry.kind, kind))
    byKind.set(text, found)
    return found
  }

  return {
    rulesFor(key) {
      const candidates = ofKind(key)
      if (candidates.length === 0) return none
      const meant = (own: string | undefined, name: string) => own === undefined || own === '' || own === name
      return candidates
        .filter(({ entry }) => meant(entry.name, key.name) && meant(entry.namespace, key.namespace))
        .flatMap(({ rules }) => rules)
    },
    async faults() {
      const found = await Promise.all(entries.map((entry) => faultsOf(entry, jq)))
      return found.flat()
    },
  }
}

function matches(pattern: string | undefined, text: string): boolean {
  return (pattern ?? '') === text || matchesGlob(pattern ?? '', text)
}

function rulesOf({ origin, jsonPointers, jqPathExpressions, managedFieldsManagers }: RuleEntry, jq: Jq): IgnoreRule[] {
  return [
    ...(jsonPointers ?? []).filter(isPointer).map((jsonPointer) => pointerRule({ origin, jsonPointer })),
    ...(jqPathExpressions ?? []).map((jqPathExpression) => jqRule({ origin, jqPathExpression }, jq)),
    ...(managedFieldsManagers ?? []).map((managedFieldsManager) => managerRule({ origin, managedFieldsManager })),
  ]
}

function isPointer(pointer: string): boolean {
  return pointer.startsWith('/') && pointerTokens(pointer).some((token) => token !== '')
}

function pointerRule(by: IgnoredBy & { jsonPointer: string }): IgnoreRule {
  return { by, needsManagers: false, places: (object) => resolvePointer(by.jsonPointer, object) }
}

function jqRule(by: IgnoredBy & { jqPathExpression: string }, jq: Jq): IgnoreRule {
  const walk = simpleJq(by.jqPathExpression)
  const ask = async (object: KubeObject): Promise<JqPath[]> => {
    const { output, error, fatal } = await jq.run(`[path(${by.jqPathExpression})]`, stringifyJson(object))
    if (fatal) throw new RuleFault(jqFault(by, error))
    // An expression that does not suit the object names nothing in it.
    return output === undefined ? [] : (JSON.parse(output) as JqPath[])
  }
  const places = (object: KubeObject, paths: JqPath[]) => paths.flatMap((path) => expandPath(path, object))
  return {
    by,
    needsManagers: false,
    places: (object) => (walk ? places(object, walk(object)) : ask(object).then((paths) => places(object, paths))),
  }
}

function jqFault({ origin, jqPathExpression }: IgnoredBy, error = ''): string {
  const [first = ''] = error.replace(/^jq: error: /, '').split('\n')
  return `${origin}: the jq path expression ${JSON.stringify(jqPathExpression)} cannot be followed: ${first}: correct it, or take it out`
}

function managerRule(by: IgnoredBy & { managedFieldsManager: string }): IgnoreRule {
  return {
    by,
    needsManagers: true,
    places: ({ metadata, ...object }) => {
      const entries = (metadata.managedFields ?? []).filter(({ manager }) => manager === by.managedFieldsManager)
      return entries.flatMap(({ fieldsV1 }) => ownedPlaces(fieldsV1 ?? {}, { ...object, metadata }))
    },
  }
}

/** The places in an object that a field set holds. */
function ownedPlaces(owned: FieldsV1, value: unknown, path: JsonPath = []): JsonPath[] {
  if (isLeaf(owned)) return path.length > 0 ? [path] : []
  return Object.entries(owned).flatMap(([name, node]) => {
    if (name === '.') return []
    const step = stepTo(name, value)
    if (step === undefined) return []
    const inner = (value as Record<string | number, unknown>)[step]
    return inner === undefined ? [] : ownedPlaces(node as FieldsV1, inner, [...path, step])
  })
}

function stepTo(name: string, value: unknown): string | number | undefined {
  if (name.startsWith('f:')) return isMap(value) ? name.slice(2) : undefined
  if (!Array.isArray(value)) return undefined
  const wanted = JSON.parse(name.slice(2)) as unknown
  const index = name.startsWith('k:')
    ? value.findIndex((item) => hasKey(item, wanted as FieldsV1))
    : value.indexOf(wanted)
  return index < 0 ? undefined : index
}

async function faultsOf({ origin, jsonPointers, jqPathExpressions }: RuleEntry, jq: Jq): Promise<string[]> {
  const pointers = (jsonPointers ?? []).filter((pointer) => !isPointer(pointer))
  const faults = pointers.map(
    (pointer) =>
      `${origin}: ${JSON.stringify(pointer)} is no JSON pointer: it begins with a slash, such as /spec/replicas`,
  )
  for (const jqPathExpression of jqPathExpressions ?? []) {
    if (simpleJq(jqPathExpression)) continue
    const { error, fatal } = await jq.run(`[path(${jqPathExpression})]`, 'null')
    if (fatal) faults.push(jqFault({ origin, jqPathExpression }, error))
  }
  return faults
}
