/** PodTemplate and ControllerRevision: kinds that only hold a template. */

import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import { immutable, invalidValue, required } from '../fault.ts'
import { fields, isAbsent, number, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { formatLabels } from '../label-selector.ts'
import { defaultTemplate } from '../pod/defaults.ts'
import { validateTemplate } from '../pod/pod-spec.ts'
import { podWarnings } from '../pod/warnings.ts'
import { counted, validating } from '../subresource-status.ts'
import { column, columns, templateColumns } from '../table.ts'

function labelsOf(object: KubeObject): string {
  return formatLabels(fields(fields(object.template).metadata).labels)
}

export const podTemplate: Kind = {
  ...counted,
  ...validating((object) => validateTemplate(object.template, 'template')),
  setDefaults(object) {
    defaultTemplate(object)
  },
  warnings: (object) => podWarnings(object.template, 'template'),
  columns: [
    ...columns(...templateColumns((object) => object.template))
      .filter(({ name }) => name !== 'Age')
      .map((each) => ({ ...each, priority: 0 })),
    column('Pod Labels', labelsOf),
  ],
}

function controllerCell(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller)
  if (!owner) return '<none>'
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

export const controllerRevision: Kind = {
  validate(object) {
    const revision = number(object.revision) ?? 0
    return [
      ...(isAbsent(object.data) ? [required('data', 'data is mandatory')] : []),
      ...(revision < 0 ? [invalidValue('revision', revision, 'must be greater than or equal to 0')] : []),
    ]
  },
  validateUpdate(object, old) {
    return deepEqual(object.data, old.data) ? [] : [immutable('data', text(object.data) || (object.data ?? null))]
  },
  columns: columns(
    column('Controller', controllerCell),
    column('Revision', (object) => number(object.revision) ?? 0),
  ),
}
