/** The rule by which a field may differ from now on, from the path by which the server tells it. Pure. */
import type { ApplicationSpec, ResourceDiff } from '../../../lib/api.ts'

export type IgnoreRule = NonNullable<ApplicationSpec['ignoreDifferences']>[number]

/** `spec.containers[name=web].image` as jq says it; undefined for what it cannot say, such as a member of a set. */
export function jqOf(path: string): string | undefined {
  let rest = path
  let text = ''
  while (rest !== '') {
    const [token = '', name, quoted, place, keys] =
      /^(?:\.?([\w$-]+)|\['([^']*)'\]|\[(\d+)\]|\[([\w-]+=[^\]]*)\])/.exec(rest) ?? []
    if (token === '') return undefined
    if (name !== undefined) text += /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : inQuotes(text, name)
    else if (quoted !== undefined) text += inQuotes(text, quoted)
    else if (place !== undefined) text += `[${place}]`
    else if (keys !== undefined) text += `[] | select(${keys.split(',').map(condition).join(' and ')}) | `
    // After a pipe, a path begins anew.
    text = text.replace(/ \| \["/, ' | .["')
    rest = rest.slice(token.length)
  }
  return text.replace(/ \| $/, '')
}

function inQuotes(before: string, name: string): string {
  return `${before === '' ? '.' : ''}[${JSON.stringify(name)}]`
}

/** Keys can be numbers, such as ports: compared as the text that they are told as. */
function condition(pair: string): string {
  const equals = pair.indexOf('=')
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
  return /^\d+$/.test(value) ? `(.${name} | tostring) == "${value}"` : `.${name} == ${JSON.stringify(value)}`
}

/** For one object; undefined when none of its fields can be named. */
export function ignoreRule({ group, kind, namespace, name, drift }: ResourceDiff): IgnoreRule | undefined {
  const jqPathExpressions = drift.flatMap(({ path }) => jqOf(path) ?? [])
  if (jqPathExpressions.length === 0) return undefined
  return { ...(group && { group }), kind, name, ...(namespace && { namespace }), jqPathExpressions }
}
