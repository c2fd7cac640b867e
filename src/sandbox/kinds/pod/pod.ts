/** Pod. */
import { deepEqual } from 'fast-equals'
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidValue } from '../fault.ts'
import { child, type Fields, fields, isAbsent, list, text } from '../fields.ts'
import { goJson } from '../go-value.ts'
import type { Kind } from '../kind.ts'
import { validating, withStatus } from '../subresource-status.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { imageBlankFaults } from './containers.ts'
import { defaultPod } from './defaults.ts'
import { validatePodSpec } from './pod-spec.ts'
import { isScheduled, isTerminal, podColumns } from './pod-table.ts'
import { qualityOfService } from './qos.ts'
import { podWarnings } from './warnings.ts'

function validatePod(object: KubeObject): FieldFault[] {
  const spec = fields(object.spec)
  return [...validatePodSpec(spec, 'spec'), ...imageBlankFaults(spec)]
}

const mayChange =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** A copy of `spec` where all that may change is as it was. */
function withOldFreedoms(spec: Fields, old: Fields): Fields {
  const copy = structuredClone(spec)
  for (const kind of ['containers', 'initContainers']) {
    const before = list(old[kind])
    for (const [index, container] of list(copy[kind]).entries())
      container.image = before[index]?.image ?? container.image
  }
  for (const name of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) {
    if (isAbsent(old[name])) delete copy[name]
    else copy[name] = old[name]
  }
  const [grace, oldGrace] = [copy.terminationGracePeriodSeconds, old.terminationGracePeriodSeconds]
  if (grace === 1 && typeof oldGrace === 'number' && oldGrace < 0) copy.terminationGracePeriodSeconds = oldGrace
  return copy
}

function deadlineFaults(spec: Fields, old: Fields): FieldFault[] {
  const field = 'spec.activeDeadlineSeconds'
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds]
  if (typeof before !== 'number') return []
  if (typeof now !== 'number')
    return [invalidValue(field, null, 'must not update from a positive integer to nil value')]
  return now > before ? [invalidValue(field, now, `must be less than or equal to previous value`)] : []
}

function tolerationFaults(spec: Fields, old: Fields): FieldFault[] {
  const now = list(spec.tolerations)
  const unchanged = list(old.tolerations).every((before) =>
    now.some((each) => deepEqual({ ...each, tolerationSeconds: 0 }, { ...before, tolerationSeconds: 0 })),
  )
  return unchanged
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
}

function validatePodChange(object: KubeObject, old: KubeObject): FieldFault[] {
  const [spec, before] = [fields(object.spec), fields(old.spec)]
  for (const kind of ['containers', 'initContainers']) {
    if (list(spec[kind]).length !== list(before[kind]).length) {
      const added = 'pod updates may not add or remove containers'
      return [forbidden(`spec.${kind}`, added)]
    }
  }
  const faults = [...deadlineFaults(spec, before), ...tolerationFaults(spec, before)]
  const held = withOldFreedoms(spec, before)
  if (!deepEqual(held, before)) {
    const diff = unifiedDiff(goJson(before, 1), goJson(held, 1))
    faults.push(forbidden('spec', `${mayChange}\n${diff}`))
  }
  return faults
}

/** A pod's resources show its class; it never changes afterwards. */
function initialStatus(object: KubeObject): Fields {
  return { phase: 'Pending', qosClass: qualityOfService(fields(object.spec)) }
}

export const pod: Kind = {
  ...withStatus({ initial: initialStatus }),
  ...validating(validatePod, validatePodChange),
  setDefaults(object) {
    defaultPod(child(object, 'spec'))
  },
  warnings: (object) => podWarnings(object, ''),
  gracePeriod(object, asked) {
    if (!isScheduled(object) || isTerminal(object)) return 0
    const own = fields(object.spec).terminationGracePeriodSeconds
    const period = asked ?? (typeof own === 'number' ? own : 30)
    return period < 0 ? 1 : period
  },
  selectableFields(object) {
    const [spec, status] = [fields(object.spec), fields(object.status)]
    return {
      'spec.nodeName': text(spec.nodeName),
      'spec.restartPolicy': text(spec.restartPolicy),
      'spec.schedulerName': text(spec.schedulerName),
      'spec.serviceAccountName': text(spec.serviceAccountName),
      'spec.hostNetwork': String(spec.hostNetwork ?? false),
      'status.phase': text(status.phase),
      'status.podIP': text(list(status.podIPs)[0]?.ip) || text(status.podIP),
      'status.podIPs': text(list(status.podIPs)[0]?.ip) || text(status.podIP),
      'status.nominatedNodeName': text(status.nominatedNodeName),
    }
  },
  columns: podColumns,
}
