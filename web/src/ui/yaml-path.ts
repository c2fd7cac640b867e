/** Where a field such as `spec.template.spec.containers[name=web].image` stands in a YAML text. */
import { type YamlNode, yamlDocuments } from './yaml-tree.ts'

/** A field's name, or what stands in brackets: an index, the keys of an item, or the item itself. */
export type PathStep = { field: string } | { item: string }

export interface FieldPlace {
  /** From 1. */
  line: number
  /** False: the field is not there, and this is where the nearest one around it is. */
  isExact: boolean
}

/** As the API writes paths. What stands in `['…']` is taken as it is. */
export function pathSteps(path: string): PathStep[] {
  const pattern = /\.?([^.[\]]+)|\['(.*?)'\](?=$|[.[])|\[([^\]]*)\]/gy
  return [...path.matchAll(pattern)].map(([, name, quoted, item]) => {
    const field = name ?? quoted
    return field === undefined ? { item: item ?? '' } : { field }
  })
}

export function placeOfField(text: string, path: string): FieldPlace | undefined {
  let node = yamlDocuments(text)[0]
  if (!node) return undefined
  let at: number | undefined
  for (const step of pathSteps(path)) {
    const found = stepInto(node, step)
    if (!found) return at === undefined ? undefined : { line: lineAt(text, at), isExact: false }
    node = found.node
    at = found.at
  }
  return at === undefined ? undefined : { line: lineAt(text, at), isExact: true }
}

function stepInto(node: YamlNode, step: PathStep): { node: YamlNode; at: number } | undefined {
  if ('field' in step) {
    const entry = node.kind === 'map' ? node.entries.find(({ key }) => key === step.field) : undefined
    return entry && { node: entry.value, at: entry.from }
  }
  if (node.kind !== 'list') return undefined
  const item = findItem(node.items, step.item)
  return item && { node: item, at: item.from }
}

function findItem(items: YamlNode[], wanted: string): YamlNode | undefined {
  if (/^\d+$/.test(wanted) && items[Number(wanted)]) return items[Number(wanted)]
  const member = items.find((item) => item.kind === 'scalar' && item.text === wanted)
  return member ?? (wanted.includes('=') ? items.find((item) => hasKeys(item, wanted)) : undefined)
}

/** Keys that have a default may be left out, but not all of them. */
function hasKeys(item: YamlNode, wanted: string): boolean {
  if (item.kind !== 'map') return false
  const keys = wanted.split(',').map((pair) => {
    const at = pair.indexOf('=')
    const entry = item.entries.find(({ key }) => key === pair.slice(0, at))
    return entry?.value.kind === 'scalar' ? entry.value.text === pair.slice(at + 1) : undefined
  })
  return keys.includes(true) && !keys.includes(false)
}

function lineAt(text: string, position: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++
  return line
}
