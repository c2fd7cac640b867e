/** Rules of the security contexts of pods and containers. */
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, strings, text } from '../fields.ts'

const idRange = 'must be between 0 and 2147483647, inclusive'

function idFaults(context: Fields, names: string[], field: string): FieldFault[] {
  return names.flatMap((name) => {
    const id = context[name]
    return typeof id === 'number' && (id < 0 || id > 2147483647) ? [invalidValue(`${field}.${name}`, id, idRange)] : []
  })
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

function profileFaults(profile: unknown, field: string): FieldFault[] {
  if (!isFields(profile)) return []
  const type = text(profile.type)
  const local = text(profile.localhostProfile)
  if (type === '') return [required(`${field}.type`, 'type is required when seccompProfile is set')]
  if (!profileTypes.includes(type)) return [notSupported(`${field}.type`, type, profileTypes)]
  if (type === 'Localhost' && local === '') {
    return [required(`${field}.localhostProfile`, 'must be set when seccomp type is Localhost ')]
  }
  return type !== 'Localhost' && !isAbsent(profile.localhostProfile)
    ? [invalidValue(`${field}.localhostProfile`, local, 'can only be set when seccomp type is Localhost')]
    : []
}

export function validateContainerSecurity(value: unknown, field: string): FieldFault[] {
  if (!isFields(value)) return []
  const faults = idFaults(value, ['runAsUser', 'runAsGroup'], field)
  if (!isAbsent(value.procMount) && !['Default', 'Unmasked'].includes(text(value.procMount))) {
    faults.push(notSupported(`${field}.procMount`, value.procMount, ['Default', 'Unmasked']))
  }
  faults.push(...profileFaults(value.seccompProfile, `${field}.seccompProfile`))
  if (value.allowPrivilegeEscalation === false) {
    if (value.privileged === true) {
      faults.push(invalidValue(field, value, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    }
    if (strings(fields(value.capabilities).add).includes('CAP_SYS_ADMIN')) {
      faults.push(
        invalidValue(
          field,
          value,
          'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
        ),
      )
    }
  }
  return faults
}

export function validatePodSecurity(spec: Fields, field: string): FieldFault[] {
  const context = fields(spec.securityContext)
  const faults = idFaults(context, ['fsGroup', 'runAsUser', 'runAsGroup'], field)
  for (const [index, group] of (Array.isArray(context.supplementalGroups)
    ? context.supplementalGroups
    : []
  ).entries()) {
    if (typeof group === 'number' && (group < 0 || group > 2147483647)) {
      faults.push(invalidValue(`${field}.supplementalGroups[${index}]`, group, idRange))
    }
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    faults.push(
      invalidValue(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  }
  const names = new Set<string>()
  for (const [index, { name }] of list(context.sysctls).entries()) {
    const at = `${field}.sysctls[${index}].name`
    if (text(name) === '') faults.push(required(at))
    else if (names.has(text(name)))
      faults.push({ reason: 'FieldValueDuplicate', field: at, message: `Duplicate value: "${text(name)}"` })
    names.add(text(name))
  }
  const change = context.fsGroupChangePolicy
  if (!isAbsent(change) && !['Always', 'OnRootMismatch'].includes(text(change))) {
    faults.push(notSupported(`${field}.fsGroupChangePolicy`, change, ['OnRootMismatch', 'Always']))
  }
  return [
    ...faults,
    ...profileFaults(context.seccompProfile, `${field}.seccompProfile`),
    ...windowsFaults(context, field),
  ]
}

function windowsFaults(context: Fields, field: string): FieldFault[] {
  const options = context.windowsOptions
  if (!isFields(options) || options.gmsaCredentialSpec !== '') return []
  return [forbidden(`${field}.windowsOptions.gmsaCredentialSpec`, 'gmsaCredentialSpec cannot be an empty string')]
}
