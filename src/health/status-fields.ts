/** Reading of status fields that may be absent or of an unexpected type. */
import type { KubeObject } from '../model/index.ts'

export type Fields = Record<string, unknown>

export function fieldsAt(object: unknown, ...path: string[]): Fields {
  let value = object
  for (const name of path) value = (value as Fields | undefined | null)?.[name]
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

export function listAt(object: unknown, ...path: string[]): Fields[] {
  const value = fieldsAt(object, ...path)
  return Array.isArray(value) ? value.filter((item): item is Fields => typeof item === 'object' && item !== null) : []
}

/** 0 when it is not there: Go leaves zeros out. */
export function numberAt(object: unknown, name: string): number {
  const value = (object as Fields | undefined)?.[name]
  return typeof value === 'number' ? value : 0
}

export function textAt(object: unknown, name: string): string {
  const value = (object as Fields | undefined | null)?.[name]
  return typeof value === 'string' ? value : ''
}

export interface Condition {
  type: string
  status: string
  reason: string
  message: string
}

export function conditionsOf(object: KubeObject): Condition[] {
  return listAt(object, 'status', 'conditions').map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
  }))
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type)
}

/** `Reason: message`, or the one of them that there is. */
export function conditionText({ reason, message }: Pick<Condition, 'reason' | 'message'>): string {
  return [reason, message].filter(Boolean).join(': ')
}

/** False while the controller of this kind has not yet looked at the newest spec. */
export function isObserved(object: KubeObject): boolean {
  return numberAt(fieldsAt(object, 'status'), 'observedGeneration') >= (object.metadata.generation ?? 0)
}
