/** PodDisruptionBudget. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { invalidValue, notSupported } from '../fault.ts'
import { child, fallback, isAbsent, isFields, number, text } from '../fields.ts'
import { atMostAll, countOrPercent } from '../int-or-percent.ts'
import type { Kind } from '../kind.ts'
import { validateSelector } from '../label-selector.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf, statusOf } from '../table.ts'

const counts = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget']

function validate(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults: FieldFault[] = []
  if (!isAbsent(spec.minAvailable) && !isAbsent(spec.maxUnavailable)) {
    faults.push(invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const name of ['minAvailable', 'maxUnavailable']) {
    if (!isAbsent(spec[name]))
      faults.push(...countOrPercent(spec[name], `spec.${name}`), ...atMostAll(spec[name], `spec.${name}`))
  }
  faults.push(...validateSelector(spec.selector, 'spec.selector'))
  const policy = spec.unhealthyPodEvictionPolicy
  if (!isAbsent(policy) && !evictionPolicies.includes(text(policy))) {
    faults.push(notSupported('spec.unhealthyPodEvictionPolicy', policy, evictionPolicies))
  }
  return faults
}

function amountCell(name: string) {
  return (object: KubeObject) => {
    const amount = specOf(object)[name]
    return isAbsent(amount) ? 'N/A' : String(amount)
  }
}

export const podDisruptionBudget: Kind = {
  ...withStatus({ initial: () => ({ ...counts }) }),
  ...validating(validate),
  needsResourceVersion: true,
  setDefaults(object) {
    child(object, 'spec')
    if (isFields(object.status)) for (const [name, none] of Object.entries(counts)) fallback(object.status, name, none)
  },
  columns: columns(
    column('Min Available', amountCell('minAvailable')),
    column('Max Unavailable', amountCell('maxUnavailable')),
    column('Allowed Disruptions', (object) => number(statusOf(object).disruptionsAllowed) ?? 0, { type: 'integer' }),
  ),
}
