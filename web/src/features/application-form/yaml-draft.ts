/** The draft as YAML, and what has been written there as a draft. Pure. */
import { dump, load } from 'js-yaml'
import { type Draft, declared } from './draft.ts'

export function yamlOf(draft: Draft): string {
  return dump(declared(draft), { lineWidth: -1, noRefs: true })
}

export type Read = { draft: Draft } | { broken: string } | { other: true }

export function readYaml(text: string): Read {
  let value: unknown
  try {
    value = load(text)
  } catch (error) {
    return { broken: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) }
  }
  if (!isRecord(value) || !isRecord(value.metadata) || !isRecord(value.spec)) return { other: true }
  const { status: _status, operation: _operation, ...rest } = value
  return { draft: rest as unknown as Draft }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
