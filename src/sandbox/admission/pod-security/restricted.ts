/** The rules of the level restricted beyond those of baseline. */
import { fields, isAbsent, isFields, list, number, strings, text } from '../../kinds/fields.ts'
import { sourcesOf } from '../../kinds/pod/volume-defaults.ts'
import { allContainers, type Check, called, contextOf, isWindows, quoted, whoSet } from './pod.ts'

const escalation: Check = (spec) => {
  if (isWindows(spec)) return undefined
  const bad = allContainers(spec).filter((container) => contextOf(container).allowPrivilegeEscalation !== false)
  if (bad.length === 0) return undefined
  const detail = `${called(bad)} must set securityContext.allowPrivilegeEscalation=false`
  return { reason: 'allowPrivilegeEscalation != false', detail }
}

const capabilities: Check = (spec) => {
  if (isWindows(spec)) return undefined
  const of = (container: Record<string, unknown>) => fields(contextOf(container).capabilities)
  const keeping = allContainers(spec).filter((container) => !strings(of(container).drop).includes('ALL'))
  const extra = (container: Record<string, unknown>) =>
    strings(of(container).add).filter((name) => name !== 'NET_BIND_SERVICE')
  const adding = allContainers(spec).filter((container) => extra(container).length > 0)
  if (keeping.length + adding.length === 0) return undefined
  const told = [
    ...(keeping.length > 0 ? [`${called(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [`${called(adding)} must not include ${quoted(adding.flatMap(extra))} in securityContext.capabilities.add`]
      : []),
  ]
  return { reason: 'unrestricted capabilities', detail: told.join('; ') }
}

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

const volumes: Check = (spec) => {
  const source = (volume: Record<string, unknown>) => sourcesOf(volume).find((name) => !allowedVolumes.has(name))
  const bad = list(spec.volumes).filter((volume) => source(volume) !== undefined)
  if (bad.length === 0) return undefined
  const types = quoted(bad.map((volume) => source(volume) ?? ''))
  const names = quoted(bad.map(({ name }) => text(name)))
  const [noun, verb] = bad.length === 1 ? ['volume', 'uses'] : ['volumes', 'use']
  const kinds = new Set(bad.map(source)).size === 1 ? 'type' : 'types'
  return { reason: 'restricted volume types', detail: `${noun} ${names} ${verb} restricted volume ${kinds} ${types}` }
}

/** What the pod says goes for containers that say nothing. */
const runAsNonRoot: Check = (spec) => {
  const pod = fields(spec.securityContext).runAsNonRoot
  const containers = allContainers(spec)
  const refusing = containers.filter((container) => contextOf(container).runAsNonRoot === false)
  const silent = containers.filter((container) => isAbsent(contextOf(container).runAsNonRoot))
  const told: string[] = []
  if (pod === false) told.push('pod must not set securityContext.runAsNonRoot=false')
  if (refusing.length > 0) told.push(`${called(refusing)} must not set securityContext.runAsNonRoot=false`)
  if (told.length > 0) return { reason: 'runAsNonRoot != true', detail: told.join('; ') }
  if (pod === true || silent.length === 0) return undefined
  return {
    reason: 'runAsNonRoot != true',
    detail: `pod or ${called(silent)} must set securityContext.runAsNonRoot=true`,
  }
}

const runAsUser: Check = (spec) => {
  const root = (holder: unknown) => number(fields(holder).runAsUser) === 0
  const pod = root(spec.securityContext)
  const containers = allContainers(spec).filter((container) => root(contextOf(container)))
  if (!pod && containers.length === 0) return undefined
  return { reason: 'runAsUser=0', detail: `${whoSet(pod, containers)} must not set runAsUser=0` }
}

const confined = ['RuntimeDefault', 'Localhost']

const seccomp: Check = (spec) => {
  if (isWindows(spec)) return undefined
  const profile = (holder: unknown) => fields(holder).seccompProfile
  const type = (holder: unknown) => text(fields(profile(holder)).type)
  const bad = (holder: unknown) => isFields(profile(holder)) && !confined.includes(type(holder))
  const containers = allContainers(spec)
  const wrong = containers.filter((container) => bad(contextOf(container)))
  const podBad = bad(spec.securityContext)
  if (podBad || wrong.length > 0) {
    const holders = [...(podBad ? [spec.securityContext] : []), ...wrong.map(contextOf)]
    const detail = `${whoSet(podBad, wrong)} must not set securityContext.seccompProfile.type to ${quoted(holders.map(type))}`
    return { reason: 'seccompProfile', detail }
  }
  const silent = containers.filter((container) => !isFields(profile(contextOf(container))))
  if (isFields(profile(spec.securityContext)) || silent.length === 0) return undefined
  const right = 'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
  return { reason: 'seccompProfile', detail: `pod or ${called(silent)} ${right}` }
}

export const restricted: Record<string, Check> = {
  escalation,
  capabilities,
  volumes,
  runAsNonRoot,
  runAsUser,
  seccomp,
}
