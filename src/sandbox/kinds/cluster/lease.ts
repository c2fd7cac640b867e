/** Lease. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { nonNegative, positive } from '../fault.ts'
import { child, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { validating } from '../subresource-status.ts'
import { column, columns, specOf } from '../table.ts'

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  return [
    ...positive('spec.leaseDurationSeconds', spec.leaseDurationSeconds),
    ...nonNegative('spec.leaseTransitions', spec.leaseTransitions),
  ]
}

export const lease: Kind = {
  ...validating(validate),
  createsOnUpdate: true,
  needsResourceVersion: true,
  setDefaults(object) {
    child(object, 'spec')
  },
  columns: columns(column('Holder', (object) => text(specOf(object).holderIdentity))),
}
