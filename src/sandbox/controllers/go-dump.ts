/** A pod template printed as Go prints the struct it is there: what its hash, and so a ReplicaSet's name, is made of. */
import layout from './data/pod-template-layout.json' with { type: 'json' }

interface Field {
  goName: string
  /** Empty for an embedded struct, whose fields stand beside the others in JSON. */
  jsonName: string
  type: string
}

type JsonObject = Record<string, unknown>

const fieldsOf = new Map<string, Field[]>()

/** The fields of a Go struct in their order; undefined for every other type. */
function structFields(type: string): Field[] | undefined {
  const known = fieldsOf.get(type)
  if (known || !Object.hasOwn(layout, type)) return known
  const fields = layout[type as keyof typeof layout].split(' ').map((text) => {
    const [goName = '', jsonName = '', ...rest] = text.split(':')
    return { goName, jsonName, type: rest.join(':') }
  })
  fieldsOf.set(type, fields)
  return fields
}

const zeroTime = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'

const exponents: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const powers: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }

/** How Go keeps an amount: digits and scale, and the text itself when that is the canonical form. */
function amount(text: string): { value: bigint; scale: number; format: string; isKept: boolean } {
  const [, sign = '', whole = '', fraction = '', suffix = ''] = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/.exec(text) ?? []
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}` || '0')
  const power = powers[suffix]
  if (power !== undefined) {
    const value = (digits * 2n ** BigInt(power)) / 10n ** BigInt(fraction.length)
    return { value, scale: 0, format: 'BinarySI', isKept: digits % 8n !== 0n && fraction === '' }
  }
  const isExponent = /^[eE][+-]?\d+$/.test(suffix)
  const scale = (isExponent ? Number(suffix.slice(1)) : (exponents[suffix] ?? 0)) - fraction.length
  const shifted = whole + fraction
  const isKept = text === '0' || (scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0'))
  return { value: digits, scale, format: isExponent ? 'DecimalExponent' : 'DecimalSI', isKept }
}

function dumpQuantity(given: unknown): string {
  const text = String(given ?? '')
  const { value, scale, format, isKept } = amount(text)
  const number = `{value:(int64)${value} scale:(resource.Scale)${scale}}`
  const kept = isKept ? text : ''
  return `{i:(resource.int64Amount)${number} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${kept} Format:(resource.Format)${format}}`
}

function dumpIntOrString(value: unknown): string {
  return typeof value === 'string'
    ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
    : `{Type:(intstr.Type)0 IntVal:(int32)${value ?? 0} StrVal:(string)}`
}

const special: Record<string, (value: unknown) => string> = {
  'resource.Quantity': dumpQuantity,
  'intstr.IntOrString': dumpIntOrString,
  'v1.Time': () => zeroTime,
  bool: (value) => String(value ?? false),
  int32: (value) => String(value ?? 0),
  int64: (value) => String(value ?? 0),
}

function dumpList(value: unknown, type: string): string {
  // The wire does not tell an empty list from none
  if (!Array.isArray(value) || value.length === 0) return '<nil>'
  return `[${value.map((item) => dump(item, type)).join(' ')}]`
}

function dumpMap(value: unknown, type: string): string {
  const entries = Object.entries((value ?? {}) as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return '<nil>'
  return `map[${entries.map(([key, inner]) => `${key}:${dump(inner, type)}`).join(' ')}]`
}

function dumpStruct(value: JsonObject, fields: Field[]): string {
  const parts = fields.map(({ goName, jsonName, type }) => {
    const inner = jsonName === '' ? value : value[jsonName]
    return `${goName}:(${type})${dump(inner, type)}`
  })
  return `{${parts.join(' ')}}`
}

function dump(value: unknown, type: string): string {
  if (type.startsWith('*')) return value === undefined || value === null ? '<nil>' : dump(value, type.slice(1))
  if (type.startsWith('[]')) return dumpList(value, type.slice(2))
  if (type.startsWith('map[string]')) return dumpMap(value, type.slice('map[string]'.length))
  if (type === 'v1.ResourceList') return dumpMap(value, 'resource.Quantity')
  const print = special[type]
  if (print) return print(value)
  const fields = structFields(type)
  // What is left are strings with a name of their own
  return fields ? dumpStruct((value ?? {}) as JsonObject, fields) : String(value ?? '')
}

/** `template` with every default filled in. */
export function dumpPodTemplate(template: object): string {
  return `(v1.PodTemplateSpec)${dump(template, 'v1.PodTemplateSpec')}`
}
