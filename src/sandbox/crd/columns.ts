/** additionalPrinterColumns as the columns of a table. */
import { humanDuration } from '../kinds/human-duration.ts'
import type { TableColumn } from '../kinds/kind.ts'
import { ageColumn, nameColumn } from '../kinds/table.ts'
import type { Json, KubeObject } from '../object.ts'
import { goFloat, goJson } from './fault.ts'
import { type JsonPath, parseJsonPath, valuesAt } from './json-path.ts'
import type { DefinitionVersion, PrinterColumn } from './schema.ts'

const age: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description: ageColumn.description,
  jsonPath: '.metadata.creationTimestamp',
}

/** The columns of a version: the name, then its own, or the age when it has none. */
export function columnsOf(version: DefinitionVersion): TableColumn[] {
  const own = version.additionalPrinterColumns
  return [nameColumn, ...(own?.length ? own : [age]).map(columnOf)]
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
  return Number.isNaN(then) ? '<invalid>' : humanDuration(now.getTime() - then)
}
