/** The rules for the paths in a definition's version: printer columns, scale, selectable fields. */
import type { FieldFault } from '../status.ts'
import { child, duplicate, entry, invalidValue, required, tooMany } from './fault.ts'
import type { DefinitionVersion, JsonSchema, PrinterColumn } from './schema.ts'

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']
const mostSelectableFields = 8

function pathFaults(path: string, text: string): FieldFault[] {
  return text.startsWith('.') ? [] : [invalidValue(path, text, 'must be a simple json path starting with .')]
}

export function columnFaults(version: DefinitionVersion, path: string): FieldFault[] {
  return (version.additionalPrinterColumns ?? []).flatMap((column, index) => ofColumn(column, entry(path, index)))
}

function ofColumn(column: PrinterColumn, path: string): FieldFault[] {
  const faults: FieldFault[] = []
  const oneType = `must be one of ${columnTypes.join(',')}`
  if (!column.name) faults.push(required(child(path, 'name')))
  if (!column.type) faults.push(required(child(path, 'type'), oneType))
  else if (!columnTypes.includes(column.type)) faults.push(invalidValue(child(path, 'type'), column.type, oneType))
  if (column.format && !columnFormats.includes(column.format)) {
    faults.push(invalidValue(child(path, 'format'), column.format, `must be one of ${columnFormats.join(',')}`))
  }
  const at = child(path, 'JSONPath')
  return [...faults, ...(column.jsonPath ? pathFaults(at, column.jsonPath) : [required(at)])]
}

export function scalePathFaults(version: DefinitionVersion, path: string): FieldFault[] {
  const scale = version.subresources?.scale
  if (!scale) return []
  const below = (name: string, value: string | undefined, parts: string[], detail: string): FieldFault[] => {
    const at = child(path, `scale.${name}`)
    if (!value) return name === 'labelSelectorPath' ? [] : [required(at)]
    const faults = pathFaults(at, value)
    if (faults.length > 0 || parts.some((part) => value.startsWith(part))) return faults
    return [invalidValue(at, value, detail)]
  }
  return [
    ...below('specReplicasPath', scale.specReplicasPath, ['.spec.'], 'should be a json path under .spec'),
    ...below('statusReplicasPath', scale.statusReplicasPath, ['.status.'], 'should be a json path under .status'),
    ...below(
      'labelSelectorPath',
      scale.labelSelectorPath,
      ['.spec.', '.status.'],
      'should be a json path under either .spec or .status',
    ),
  ]
}

export function selectableFieldFaults(version: DefinitionVersion, path: string): FieldFault[] {
  const fields = version.selectableFields ?? []
  const seen = new Set<string>()
  const faults = fields.flatMap(({ jsonPath }, index) => {
    const at = child(entry(path, index), 'jsonPath')
    const found = ofSelectableField(jsonPath, version.schema?.openAPIV3Schema, at)
    if (seen.has(jsonPath)) found.push(duplicate(at, jsonPath))
    seen.add(jsonPath)
    return found
  })
  if (seen.size > mostSelectableFields) faults.push(tooMany(path, seen.size, mostSelectableFields))
  return faults
}

function ofSelectableField(jsonPath: string, schema: JsonSchema | undefined, path: string): FieldFault[] {
  if (!jsonPath) return [required(path)]
  if (!jsonPath.startsWith('.')) {
    return [invalidValue(path, jsonPath, `is an invalid path: expected [ or . but got: ${jsonPath.split('.')[0]}`)]
  }
  const names = jsonPath.slice(1).split('.')
  const found = names.reduce<JsonSchema | undefined>((at, name) => at?.properties?.[name], schema)
  if (!found) return [invalidValue(path, jsonPath, 'is an invalid path: does not refer to a valid field')]
  const faults: FieldFault[] = []
  if (names[0] === 'metadata') faults.push(invalidValue(path, jsonPath, 'must not point to fields in metadata'))
  if (!['string', 'boolean', 'integer'].includes(found.type ?? '')) {
    const detail =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
    faults.push(invalidValue(path, jsonPath, detail))
  }
  return faults
}
