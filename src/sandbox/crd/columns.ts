/** additionalPrinterColumns as the columns of a table. */
import type { TableColumn } from '../kinds/kind.ts'
import type { Json, KubeObject } from '../object.ts'
import { goFloat, goJson } from './fault.ts'
import { type JsonPath, parseJsonPath, valuesAt } from './json-path.ts'
import type { DefinitionVersion, PrinterColumn } from './schema.ts'

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'
const ageDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: nameDescription,
  priority: 0,
  cell: (object) => object.metadata.name ?? '',
}

const ageColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description: ageDescription,
  jsonPath: '.metadata.creationTimestamp',
}

/** The columns of a version: the name, then its own, or the age when it has none. */
export function columnsOf(version: DefinitionVersion): TableColumn[] {
  const own = version.additionalPrinterColumns
  return [nameColumn, ...(own?.length ? own : [ageColumn]).map(columnOf)]
}

function columnOf(column: PrinterColumn): TableColumn {
  const path = parseJsonPath(column.jsonPath) ?? []
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description || `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    priority: column.priority ?? 0,
    cell: (object, now) => cellOf(object, path, column.type, now),
  }
}

function cellOf(object: KubeObject, path: JsonPath, type: string, now: Date): string | number | boolean | null {
  const [value] = valuesAt(object as unknown as Json, path)
  if (value === undefined || value === null) return value === null && type === 'string' ? '<nil>' : null
  switch (type) {
    case 'integer':
      return typeof value === 'number' || typeof value === 'bigint' ? Math.trunc(Number(value)) : null
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? sinceText(value, now) : null
    default:
      return textOf(value)
  }
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && !Number.isInteger(value)) return goFloat(value)
  return goJson(value)
}

function sinceText(time: string, now: Date): string {
  const then = Date.parse(time)
  return Number.isNaN(then) ? '<invalid>' : durationText(Math.floor((now.getTime() - then) / 1000))
}

/** Seconds as kubectl prints an age: 90s, 5m30s, 3h20m, 2d4h, 30d, 2y10d. */
export function durationText(seconds: number): string {
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  const days = Math.floor(hours / 24)
  const years = Math.floor(days / 365)
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return pair(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  if (years < 8) return pair(years, 'y', days % 365, 'd')
  return `${years}y`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}
