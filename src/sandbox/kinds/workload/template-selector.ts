/** Rules of the selector of a workload: present, not empty, matching the template, and never changed. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { immutable, invalidValue, required } from '../fault.ts'
import { type Fields, fields, isFields } from '../fields.ts'
import { isEmptySelector, matchesSelector, validateSelector } from '../label-selector.ts'

export function templateLabels(spec: Fields): Record<string, string> | null {
  const { labels } = fields(fields(spec.template).metadata)
  return isFields(labels) && Object.keys(labels).length > 0 ? (labels as Record<string, string>) : null
}

export function selectorFaults(spec: Fields, kind: string): FieldFault[] {
  if (!isFields(spec.selector)) return [required('spec.selector')]
  const faults = validateSelector(spec.selector, 'spec.selector')
  if (isEmptySelector(spec.selector)) {
    faults.push(invalidValue('spec.selector', spec.selector, `empty selector is invalid for ${kind}`))
  }
  return faults
}

export function mismatchFaults(spec: Fields): FieldFault[] {
  const labels = templateLabels(spec)
  const matches = isFields(spec.selector) && matchesSelector(spec.selector, labels ?? {})
  const detail = '`selector` does not match template `labels`'
  return matches ? [] : [invalidValue('spec.template.metadata.labels', labels, detail)]
}

export function selectorChangeFaults(object: KubeObject, old: KubeObject): FieldFault[] {
  const { selector } = fields(object.spec)
  return deepEqual(selector, fields(old.spec).selector) ? [] : [immutable('spec.selector', selector ?? null)]
}
