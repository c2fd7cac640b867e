/** `ignoreResourceUpdates`: changes of objects that are no reason to look at an application. */
import { contentHash } from '../model/content-hash.ts'
import { annotation, type KubeObject, type ResourceKey } from '../model/index.ts'
import type { Jq } from './ignore/jq-worker.ts'
import { type Places, placesOf, withoutPlaces } from './ignore/json-path.ts'
import { compileRules, type IgnoreRule, type RuleEntry } from './ignore/rules.ts'
import { simpleJq } from './ignore/simple-jq.ts'

/** One version of an object; `object` is asked for only where a rule is about it. */
interface Version {
  key: ResourceKey
  instance: string | undefined
  readonly object: KubeObject
}

/** It is never asked: only expressions that need no jq are kept. */
const noJq: Jq = { run: () => Promise.reject(new Error('there is no jq here')), close: async () => {} }

/** Answers at once, for every event: expressions that would need jq do not count, and neither do managers. */
export function ignoredUpdates(entries: RuleEntry[]): (previous: Version, current: Version) => boolean {
  const { rulesFor } = compileRules(entries.map(simpleOnly), noJq)
  return (previous, current) => {
    const rules = rulesFor(current.key)
    if (rules.length === 0) return false
    // What no application declares is left out only where it asks for it.
    const asked = current.object.metadata.annotations?.[annotation.ignoreResourceUpdates] === 'true'
    if (current.instance === undefined && !asked) return false
    const rest = ({ object }: Version) => contentHash(withoutPlaces(object, placesIn(object, rules)) as KubeObject)
    return rest(previous) === rest(current)
  }
}

/** A rule about status alone has nothing to do: a change of status is told apart from others without rules. */
function simpleOnly(given: RuleEntry): RuleEntry {
  const { managedFieldsManagers: _managers, jqPathExpressions = [], jsonPointers = [], ...entry } = given
  return {
    ...entry,
    jsonPointers: jsonPointers.filter((pointer) => pointer !== '/status' && !pointer.startsWith('/status/')),
    jqPathExpressions: jqPathExpressions.filter((expression) => simpleJq(expression)),
  }
}

function placesIn(object: KubeObject, rules: readonly IgnoreRule[]): Places | undefined {
  const found = rules.map((rule) => rule.places(object))
  return placesOf(found.flatMap((paths) => (Array.isArray(paths) ? paths : [])))
}
