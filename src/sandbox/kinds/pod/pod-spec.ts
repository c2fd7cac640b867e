/** The rules of a pod spec, alone or in a template. */
import type { FieldFault } from '../../status.ts'
import { forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, strings, text } from '../fields.ts'
import { validateAnnotations, validateLabels } from '../metadata.ts'
import { dnsLabel, labelValue, qualifiedName, subdomainName } from '../name-rules.ts'
import { validateContainers, validateInitContainers } from './containers.ts'
import { validateAffinity, validateSpread, validateTolerations } from './placement.ts'
import { amountFaults } from './resources.ts'
import { validatePodSecurity } from './security.ts'
import { validateVolumes } from './volumes.ts'

const restartPolicies = ['Always', 'OnFailure', 'Never']
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const preemption = ['PreemptLowerPriority', 'Never']

function dnsFaults(spec: Fields, field: string): FieldFault[] {
  const config = fields(spec.dnsConfig)
  const servers = strings(config.nameservers)
  const faults: FieldFault[] = []
  if (spec.dnsPolicy === 'None') {
    if (!isFields(spec.dnsConfig)) {
      return [required(`${field}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    }
    if (servers.length === 0) {
      const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
      faults.push(required(`${field}.dnsConfig.nameservers`, detail))
    }
  }
  if (servers.length > 3) {
    faults.push(invalidValue(`${field}.dnsConfig.nameservers`, servers, 'must not have more than 3 nameservers'))
  }
  for (const [index, option] of list(config.options).entries()) {
    if (text(option.name) === '') faults.push(required(`${field}.dnsConfig.options[${index}]`, 'must not be empty'))
  }
  return faults
}

function selectorFaults(selector: unknown, field: string): FieldFault[] {
  return Object.entries(fields(selector)).flatMap(([key, value]) => [
    ...invalidFor(field, key, qualifiedName(key)),
    ...invalidFor(field, value, labelValue(text(value))),
  ])
}

function namedFaults(spec: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  for (const name of ['serviceAccountName', 'nodeName'] as const) {
    const value = text(spec[name])
    if (value !== '') faults.push(...invalidFor(`${field}.${name}`, value, subdomainName(value)))
  }
  const deadline = spec.activeDeadlineSeconds
  if (typeof deadline === 'number' && (deadline < 1 || deadline > 2147483647)) {
    faults.push(invalidValue(`${field}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'))
  }
  for (const name of ['hostname', 'subdomain'] as const) {
    const value = text(spec[name])
    if (value !== '') faults.push(...invalidFor(`${field}.${name}`, value, dnsLabel(value)))
  }
  return faults
}

function lateFaults(spec: Fields, field: string): FieldFault[] {
  const faults = validateTolerations(spec.tolerations, `${field}.tolerations`)
  for (const [index, alias] of list(spec.hostAliases).entries()) {
    if (text(alias.ip) === '') faults.push(required(`${field}.hostAliases[${index}].ip`))
    for (const host of strings(alias.hostnames)) {
      faults.push(...invalidFor(`${field}.hostAliases[${index}].hostnames`, host, subdomainName(host)))
    }
  }
  for (const name of ['priorityClassName', 'runtimeClassName'] as const) {
    const value = text(spec[name])
    if (value !== '') faults.push(...invalidFor(`${field}.${name}`, value, subdomainName(value)))
  }
  if (!isAbsent(spec.preemptionPolicy) && !preemption.includes(text(spec.preemptionPolicy))) {
    faults.push(notSupported(`${field}.preemptionPolicy`, spec.preemptionPolicy, preemption))
  }
  for (const [name, amount] of Object.entries(fields(spec.overhead))) {
    faults.push(...amountFaults(name, String(amount), `${field}.overhead[${name}]`))
  }
  return faults
}

export function validatePodSpec(spec: Fields, field: string): FieldFault[] {
  const volumes = new Set(list(spec.volumes).map(({ name }) => text(name)))
  const faults = [
    ...validateVolumes(spec.volumes, `${field}.volumes`),
    ...validateContainers(list(spec.containers), volumes, `${field}.containers`),
    ...validateInitContainers(spec, volumes, `${field}.initContainers`),
  ]
  if (!restartPolicies.includes(text(spec.restartPolicy))) {
    faults.push(notSupported(`${field}.restartPolicy`, text(spec.restartPolicy), restartPolicies))
  }
  if (!dnsPolicies.includes(text(spec.dnsPolicy))) {
    faults.push(notSupported(`${field}.dnsPolicy`, text(spec.dnsPolicy), dnsPolicies))
  }
  faults.push(
    ...selectorFaults(spec.nodeSelector, `${field}.nodeSelector`),
    ...validatePodSecurity(spec, `${field}.securityContext`),
    ...validateAffinity(spec.affinity, `${field}.affinity`),
    ...dnsFaults(spec, field),
    ...validateSpread(spec.topologySpreadConstraints, `${field}.topologySpreadConstraints`),
    ...namedFaults(spec, field),
    ...lateFaults(spec, field),
  )
  return faults
}

/** `{ metadata, spec }` under `field`. */
export function validateTemplate(template: unknown, field: string): FieldFault[] {
  const { metadata, spec } = fields(template)
  const faults = [
    ...validateLabels(fields(fields(metadata).labels) as Record<string, string>, `${field}.metadata.labels`),
    ...validateAnnotations(
      fields(fields(metadata).annotations) as Record<string, string>,
      `${field}.metadata.annotations`,
    ),
    ...validatePodSpec(fields(spec), `${field}.spec`),
  ]
  if (list(fields(spec).ephemeralContainers).length > 0) {
    faults.push(forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'))
  }
  return faults
}

/** Templates of what must keep running: only restartPolicy Always, and no deadline. */
export function validateRunningTemplate(template: unknown, field: string): FieldFault[] {
  const faults = validateTemplate(template, field)
  const spec = fields(fields(template).spec)
  if (spec.restartPolicy !== 'Always') {
    faults.push(notSupported(`${field}.spec.restartPolicy`, text(spec.restartPolicy), ['Always']))
  }
  if (!isAbsent(spec.activeDeadlineSeconds)) {
    faults.push(
      forbidden(`${field}.spec.activeDeadlineSeconds`, 'activeDeadlineSeconds in ReplicaSet is not Supported'),
    )
  }
  return faults
}
