/** The rules of the level baseline, in the order they are told. */
import { fields, isFields, list, number, strings, text } from '../../kinds/fields.ts'
import { allContainers, type Check, called, contextOf, quoted, whoSet } from './pod.ts'

const usualCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])

const appArmor: Check = (spec, metadata) => {
  const profile = (holder: unknown) => text(fields(fields(holder).appArmorProfile).type)
  const bad = (type: string) => type !== '' && !['RuntimeDefault', 'Localhost'].includes(type)
  const pod = bad(profile(spec.securityContext))
  const containers = allContainers(spec).filter((container) => bad(profile(contextOf(container))))
  const values = [spec.securityContext, ...allContainers(spec).map(contextOf)].map(profile).filter(bad)
  const annotated = Object.entries(fields(metadata.annotations)).filter(
    ([key, value]) =>
      key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
      !['', 'runtime/default'].includes(text(value)) &&
      !text(value).startsWith('localhost/'),
  )
  if (values.length + annotated.length === 0) return undefined
  const told = [
    ...(values.length > 0
      ? [`${whoSet(pod, containers)} must not set AppArmor profile type to ${quoted(values)}`]
      : []),
    ...(annotated.length > 0
      ? [`annotations ${annotated.map(([key, value]) => `${key}="${text(value)}"`).join(', ')}`]
      : []),
  ]
  const plural = values.length + annotated.length > 1 ? 'profiles' : 'profile'
  return { reason: `forbidden AppArmor ${plural}`, detail: told.join(', ') }
}

const capabilities: Check = (spec) => {
  const added = (container: Record<string, unknown>) =>
    strings(fields(contextOf(container).capabilities).add).filter((name) => !usualCapabilities.has(name))
  const bad = allContainers(spec).filter((container) => added(container).length > 0)
  if (bad.length === 0) return undefined
  const detail = `${called(bad)} must not include ${quoted(bad.flatMap(added))} in securityContext.capabilities.add`
  return { reason: 'non-default capabilities', detail }
}

const hostNamespaces: Check = (spec) => {
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => spec[name] === true)
  if (shared.length === 0) return undefined
  return { reason: 'host namespaces', detail: shared.map((name) => `${name}=true`).join(', ') }
}

const hostPaths: Check = (spec) => {
  const bad = list(spec.volumes).filter(({ hostPath }) => isFields(hostPath))
  if (bad.length === 0) return undefined
  const names = bad.map(({ name }) => `"${text(name)}"`).join(', ')
  return { reason: 'hostPath volumes', detail: `${bad.length === 1 ? 'volume' : 'volumes'} ${names}` }
}

const hostPorts: Check = (spec) => {
  const ports = (container: Record<string, unknown>) =>
    list(container.ports).flatMap(({ hostPort }) => (number(hostPort) ? [number(hostPort) ?? 0] : []))
  const bad = allContainers(spec).filter((container) => ports(container).length > 0)
  if (bad.length === 0) return undefined
  const used = [...new Set(bad.flatMap(ports))].sort((a, b) => a - b)
  const [verb, noun] = [bad.length === 1 ? 'uses' : 'use', used.length === 1 ? 'hostPort' : 'hostPorts']
  return { reason: 'hostPort', detail: `${called(bad)} ${verb} ${noun} ${used.join(', ')}` }
}

const privileged: Check = (spec) => {
  const bad = allContainers(spec).filter((container) => contextOf(container).privileged === true)
  if (bad.length === 0) return undefined
  return { reason: 'privileged', detail: `${called(bad)} must not set securityContext.privileged=true` }
}

const procMount: Check = (spec) => {
  const mount = (container: Record<string, unknown>) => text(contextOf(container).procMount)
  const bad = allContainers(spec).filter((container) => !['', 'Default'].includes(mount(container)))
  if (bad.length === 0) return undefined
  return {
    reason: 'procMount',
    detail: `${called(bad)} must not set securityContext.procMount to ${quoted(bad.map(mount))}`,
  }
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']

const seLinux: Check = (spec) => {
  const options = (holder: unknown) => fields(fields(holder).seLinuxOptions)
  const bad = (holder: unknown) => {
    const { type, user, role } = options(holder)
    return !seLinuxTypes.includes(text(type)) || text(user) !== '' || text(role) !== ''
  }
  const pod = bad(spec.securityContext)
  const containers = allContainers(spec).filter((container) => bad(contextOf(container)))
  if (!pod && containers.length === 0) return undefined
  const holders = [...(pod ? [spec.securityContext] : []), ...containers.map(contextOf)]
  const types = holders.map((holder) => text(options(holder).type)).filter((type) => !seLinuxTypes.includes(type))
  const told = [
    ...(types.length > 0 ? [`type ${quoted(types)}`] : []),
    ...(holders.some((holder) => text(options(holder).user) !== '') ? ['user may not be set'] : []),
    ...(holders.some((holder) => text(options(holder).role) !== '') ? ['role may not be set'] : []),
  ]
  const detail = `${whoSet(pod, containers)} set forbidden securityContext.seLinuxOptions: ${told.join('; ')}`
  return { reason: 'seLinuxOptions', detail }
}

const seccomp: Check = (spec) => {
  const open = (holder: unknown) => fields(fields(holder).seccompProfile).type === 'Unconfined'
  const pod = open(spec.securityContext)
  const containers = allContainers(spec).filter((container) => open(contextOf(container)))
  if (!pod && containers.length === 0) return undefined
  const detail = `${whoSet(pod, containers)} must not set securityContext.seccompProfile.type to "Unconfined"`
  return { reason: 'seccompProfile', detail }
}

const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
])

const sysctls: Check = (spec) => {
  const bad = list(fields(spec.securityContext).sysctls)
    .map(({ name }) => text(name))
    .filter((name) => !safeSysctls.has(name))
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
}

const windowsHost: Check = (spec) => {
  const host = (holder: unknown) => fields(fields(holder).windowsOptions).hostProcess === true
  const pod = host(spec.securityContext)
  const containers = allContainers(spec).filter((container) => host(contextOf(container)))
  if (!pod && containers.length === 0) return undefined
  const detail = `${whoSet(pod, containers)} must not set securityContext.windowsOptions.hostProcess=true`
  return { reason: 'hostProcess', detail }
}

export const baseline: Record<string, Check> = {
  appArmor,
  capabilities,
  hostNamespaces,
  hostPaths,
  hostPorts,
  privileged,
  procMount,
  seLinux,
  seccomp,
  sysctls,
  windowsHost,
}
