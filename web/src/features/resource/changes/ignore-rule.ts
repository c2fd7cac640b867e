/** The rule by which a difference of one field would no longer count, ready for `spec.ignoreDifferences`. Pure. */
import { dump } from 'js-yaml'
import { type PathStep, pathSteps } from '../../../ui/yaml-path.ts'
import { isMap } from '../object-yaml.ts'
import type { ObjectAddress } from '../queries/object-address.ts'

/**
 * A JSON pointer where the path has names only; items of a list move, so that those are told by what they are, in jq.
 * `objects`: the object as it is, and as it is declared; keys in a path do not tell a text from a number.
 */
export function ignoreRule({ group, kind, namespace, name }: ObjectAddress, path: string, objects: unknown[]): string {
  const steps = pathSteps(path)
  const where = steps.every((step) => 'field' in step || /^\d+$/.test(step.item))
    ? { jsonPointers: [jsonPointer(steps)] }
    : { jqPathExpressions: [jqPath(steps, objects)] }
  return dump([{ ...(group && { group }), kind, name, ...(namespace && { namespace }), ...where }], { lineWidth: -1 })
}

function jsonPointer(steps: PathStep[]): string {
  const names = steps.map((step) => ('field' in step ? step.field : step.item))
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function jqPath(steps: PathStep[], objects: unknown[]): string {
  let text = ''
  let at = objects
  for (const step of steps) {
    if ('field' in step) {
      text += /^[A-Za-z_]\w*$/.test(step.field)
        ? `.${step.field}`
        : `${text === '' ? '.' : ''}[${JSON.stringify(step.field)}]`
      at = at.map((value) => (isMap(value) ? value[step.field] : undefined))
      continue
    }
    const items = at.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
    const condition = conditionFor(step.item, items)
    text += condition ? `[] | select(${condition})` : `[${step.item}]`
    at = condition ? items.filter((item) => isMeant(item, step.item)) : items.slice(Number(step.item))
  }
  return text
}

/** undefined: the step is an index. */
function conditionFor(step: string, items: unknown[]): string | undefined {
  if (/^\d+$/.test(step) && !items.some((item) => String(item) === step)) return undefined
  if (!step.includes('=') || items.some((item) => item === step)) {
    const member = items.find((item) => String(item) === step) ?? step
    return `. == ${JSON.stringify(member)}`
  }
  return keysIn(step)
    .map(([key, text]) => {
      const known = items.map((item) => (isMap(item) ? item[key] : undefined)).find((value) => String(value) === text)
      return `.${key} == ${JSON.stringify(known ?? text)}`
    })
    .join(' and ')
}

function isMeant(item: unknown, step: string): boolean {
  if (!isMap(item)) return String(item) === step
  return keysIn(step).every(([key, text]) => String(item[key]) === text)
}

function keysIn(step: string): [string, string][] {
  return step.split(',').map((pair) => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}
