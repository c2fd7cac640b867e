/** What a container would find inside: its environment and the files its volumes bring. */
import type { Clock } from '../controllers/clock.ts'
import type { ControllerClient } from '../controllers/controller.ts'
import type { Container, Pod } from '../controllers/workload.ts'
import type { Machine } from './shell.ts'

interface KeyReference {
  name?: string
  key: string
}

interface ValueSource {
  configMapKeyRef?: KeyReference
  secretKeyRef?: KeyReference
  fieldRef?: { fieldPath: string }
}

interface Sources {
  client: ControllerClient
  pod: Pod
}

type Data = Record<string, string>

function configMapData({ client, pod }: Sources, name: string | undefined): Data {
  const reference = { group: '', version: 'v1', resource: 'configmaps', namespace: pod.metadata.namespace }
  return (client.get({ ...reference, name: name ?? '' })?.data ?? {}) as Data
}

function secretData({ client, pod }: Sources, name: string | undefined): Data {
  const reference = { group: '', version: 'v1', resource: 'secrets', namespace: pod.metadata.namespace }
  const data = (client.get({ ...reference, name: name ?? '' })?.data ?? {}) as Data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  )
}

function fieldOf({ pod }: Sources, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? ''
  const value = path.split('.').reduce<unknown>((at, key) => (at as Data | undefined)?.[key], pod)
  return typeof value === 'string' ? value : ''
}

function valueFrom(sources: Sources, source: ValueSource): string {
  if (source.fieldRef) return fieldOf(sources, source.fieldRef.fieldPath)
  const { configMapKeyRef, secretKeyRef } = source
  if (configMapKeyRef) return configMapData(sources, configMapKeyRef.name)[configMapKeyRef.key] ?? ''
  return secretKeyRef ? (secretData(sources, secretKeyRef.name)[secretKeyRef.key] ?? '') : ''
}

function environmentOf(sources: Sources, container: Container): Data {
  const env: Data = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOSTNAME: hostnameOf(sources.pod),
    HOME: '/root',
    KUBERNETES_SERVICE_HOST: '10.0.0.1',
    KUBERNETES_SERVICE_PORT: '443',
  }
  const whole = (container.envFrom ?? []) as { configMapRef?: Data; secretRef?: Data; prefix?: string }[]
  for (const { configMapRef, secretRef, prefix = '' } of whole) {
    const data = configMapRef ? configMapData(sources, configMapRef.name) : secretData(sources, secretRef?.name)
    for (const [key, value] of Object.entries(data)) env[prefix + key] = value
  }
  for (const { name, value, valueFrom: source } of container.env ?? []) {
    const text = source ? valueFrom(sources, source as ValueSource) : (value ?? '')
    env[name] = text.replace(/\$\((\w+)\)/g, (whole, other: string) => env[other] ?? whole)
  }
  return env
}

interface FileVolume {
  name: string
  configMap?: { name?: string; items?: { key: string; path: string }[] }
  secret?: { secretName?: string; items?: { key: string; path: string }[] }
}

function volumeFiles(sources: Sources, volume: FileVolume): Data {
  const { configMap, secret } = volume
  const data = configMap ? configMapData(sources, configMap.name) : secret ? secretData(sources, secret.secretName) : {}
  const items = configMap?.items ?? secret?.items
  return items ? Object.fromEntries(items.map(({ key, path }) => [path, data[key] ?? ''])) : data
}

function mountedFiles(sources: Sources, container: Container): Map<string, string> {
  const files = new Map<string, string>()
  const mounts = (container.volumeMounts ?? []) as { name: string; mountPath: string; subPath?: string }[]
  for (const { name, mountPath, subPath } of mounts) {
    const volume = sources.pod.spec.volumes?.find((candidate) => candidate.name === name)
    const data = volume ? volumeFiles(sources, volume as FileVolume) : {}
    if (subPath !== undefined) files.set(mountPath, data[subPath] ?? '')
    else for (const [path, text] of Object.entries(data)) files.set(`${mountPath.replace(/\/$/, '')}/${path}`, text)
  }
  return files
}

function hostnameOf({ metadata, spec }: Pod): string {
  return spec.hostname ?? metadata.name ?? ''
}

/** The inside of a container of the pod, as far as it can be told from its spec and what it mounts. */
export function machineOf(
  pod: Pod,
  container: Container,
  { client, clock }: { client: ControllerClient; clock: Clock },
): Machine {
  const sources = { client, pod }
  const hostname = hostnameOf(pod)
  const files = mountedFiles(sources, container)
  files.set('/etc/hostname', `${hostname}\n`)
  files.set('/etc/hosts', `127.0.0.1\tlocalhost\n${pod.status?.podIP ?? '127.0.0.1'}\t${hostname}\n`)
  files.set(
    '/etc/os-release',
    `NAME="${container.image}"\nPRETTY_NAME="${container.image} (emulated by the sandbox)"\n`,
  )
  return {
    hostname,
    env: environmentOf(sources, container),
    files,
    workingDir: container.workingDir ?? '/',
    now: () => new Date(clock.now()),
  }
}
