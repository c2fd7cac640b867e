/** What the server warns of in a pod spec though it takes it. */
import { type Fields, fields, isAbsent, isFields, list, text } from '../fields.ts'
import { quote } from '../go-value.ts'
import { parseQuantity } from '../quantity.ts'
import { amountsOf } from '../resource-list.ts'

const oldNodeLabels: Record<string, string> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

const oldVolumes: Record<string, string> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}

function nodeLabelWarnings(spec: Fields, field: string): string[] {
  return Object.keys(fields(spec.nodeSelector)).flatMap((key) => {
    const told = oldNodeLabels[key]
    return told === undefined ? [] : [`${field}.nodeSelector[${key}]: ${told}`]
  })
}

function spreadWarnings(spec: Fields, field: string): string[] {
  return list(spec.topologySpreadConstraints).flatMap((constraint, index) => {
    const at = `${field}.topologySpreadConstraints[${index}]`
    const told = oldNodeLabels[text(constraint.topologyKey)]
    return [
      ...(told === undefined ? [] : [`${at}.topologyKey: ${text(constraint.topologyKey)} is ${told}`]),
      ...(isAbsent(constraint.labelSelector)
        ? [`${at}.labelSelector: a null labelSelector results in matching no pod`]
        : []),
    ]
  })
}

function aliasWarnings(spec: Fields, field: string): string[] {
  const seen = new Map<string, number>()
  return list(spec.hostAliases).flatMap(({ ip }, index) => {
    const first = seen.get(text(ip))
    if (first === undefined) seen.set(text(ip), index)
    return first === undefined
      ? []
      : [`${field}.hostAliases[${index}].ip: duplicates value of ${field}.hostAliases[${first}].ip`]
  })
}

function secretWarnings(spec: Fields, field: string): string[] {
  const seen = new Map<string, number>()
  return list(spec.imagePullSecrets).flatMap(({ name }, index) => {
    const value = text(name)
    const at = `${field}.imagePullSecrets[${index}].name`
    if (value === '') return [`${field}.imagePullSecrets[${index}]: invalid empty name ${quote(value)}`]
    const first = seen.get(value)
    if (first === undefined) seen.set(value, index)
    return first === undefined ? [] : [`${at}: duplicates value of ${field}.imagePullSecrets[${first}].name`]
  })
}

function volumeWarnings(spec: Fields, field: string): string[] {
  return list(spec.volumes).flatMap((volume, index) =>
    Object.entries(oldVolumes)
      .filter(([source]) => isFields(volume[source]))
      .map(([source, told]) => `${field}.volumes[${index}].${source}: ${told}`),
  )
}

function environmentWarnings(container: Fields, at: string): string[] {
  const seen = new Set<string>()
  return list(container.env).flatMap(({ name }, index) => {
    const value = text(name)
    const again = seen.has(value)
    seen.add(value)
    return again
      ? [`${at}.env[${index}]: hides previous definition of ${quote(value)}, which may be dropped when using apply`]
      : []
  })
}

function portWarnings(container: Fields, at: string): string[] {
  const seen = new Map<string, number>()
  return list(container.ports).flatMap((port, index) => {
    const key = [port.containerPort, port.hostPort ?? 0, text(port.hostIP), text(port.protocol)].join('/')
    const first = seen.get(key)
    if (first === undefined) seen.set(key, index)
    return first === undefined ? [] : [`${at}.ports[${index}]: duplicate port definition with ${at}.ports[${first}]`]
  })
}

/** Bytes come whole. */
function fractionWarnings(resources: unknown, at: string): string[] {
  return ['limits', 'requests'].flatMap((kind) =>
    Object.entries(amountsOf(fields(resources)[kind])).flatMap(([name, amount]) => {
      if (name !== 'memory' && name !== 'ephemeral-storage') return []
      const { digits, scale } = parseQuantity(amount)
      const whole = scale >= 0 || digits % 10n ** BigInt(-scale) === 0n
      return whole
        ? []
        : [`${at}.${kind}[${name}]: fractional byte value ${quote(amount)} is invalid, must be an integer`]
    }),
  )
}

function containerWarnings(spec: Fields, field: string): string[] {
  return ['initContainers', 'containers'].flatMap((kind) =>
    list(spec[kind]).flatMap((container, index) => {
      const at = `${field}.${kind}[${index}]`
      return [
        ...fractionWarnings(container.resources, `${at}.resources`),
        ...environmentWarnings(container, at),
        ...portWarnings(container, at),
      ]
    }),
  )
}

/** `{ metadata, spec }`: `field` is empty for a pod and spec.template for what makes pods. */
export function podWarnings(pod: unknown, field: string): string[] {
  const { spec, metadata } = fields(pod)
  const at = field === '' ? 'spec' : `${field}.spec`
  const body = fields(spec)
  const grace = body.terminationGracePeriodSeconds
  return [
    ...nodeLabelWarnings(body, at),
    ...Object.keys(fields(fields(metadata).annotations))
      .filter((key) => /^(container\.)?seccomp\.security\.alpha\.kubernetes\.io\//.test(key))
      .map((key) => {
        const where = field === '' ? 'metadata' : `${field}.metadata`
        return `${where}.annotations[${key}]: non-functional in v1.27+; use the "seccompProfile" field instead`
      }),
    ...volumeWarnings(body, at),
    ...spreadWarnings(body, at),
    ...aliasWarnings(body, at),
    ...secretWarnings(body, at),
    ...containerWarnings(body, at),
    ...(typeof grace === 'number' && grace < 0
      ? [`${at}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
  ]
}
