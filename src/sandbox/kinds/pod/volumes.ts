/** Rules of a pod's volumes. */
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { type Fields, fields, isAbsent, isFields, list, text } from '../fields.ts'
import { dnsLabel } from '../name-rules.ts'

/** The order in which the server looks for a source. */
const sourceOrder = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flexVolume',
  'configMap',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'azureFile',
  'flocker',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
]

const requiredFields: Record<string, string[]> = {
  hostPath: ['path'],
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  secret: ['secretName'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  flexVolume: ['driver'],
  configMap: ['name'],
  rbd: ['image'],
  cinder: ['volumeID'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  scaleIO: ['gateway', 'system'],
  csi: ['driver'],
  persistentVolumeClaim: ['claimName'],
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

function hostPathFaults(source: Fields, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  const path = text(source.path)
  if (path.split('/').includes('..')) faults.push(invalidValue(`${field}.path`, path, "must not contain '..'"))
  if (!hostPathTypes.includes(text(source.type)))
    faults.push(notSupported(`${field}.type`, source.type, hostPathTypes.slice(1)))
  return faults
}

function modeFaults(source: Fields, field: string): FieldFault[] {
  const mode = source.defaultMode
  const wrong = typeof mode === 'number' && (mode < 0 || mode > 0o777)
  const detail = 'must be a number between 0 and 0777 (octal), both inclusive'
  const faults = wrong ? [invalidValue(`${field}.defaultMode`, mode, detail)] : []
  for (const [index, item] of list(source.items).entries()) {
    const at = `${field}.items[${index}]`
    if ('key' in item && text(item.key) === '') faults.push(required(`${at}.key`))
    const path = text(item.path)
    if (path === '') faults.push(required(`${at}.path`))
    else if (path.startsWith('/')) faults.push(invalidValue(`${at}.path`, path, 'must be a relative path'))
    else if (path.split('/').includes('..')) faults.push(invalidValue(`${at}.path`, path, "must not contain '..'"))
  }
  return faults
}

const special: Record<string, (source: Fields, field: string) => FieldFault[]> = {
  hostPath: hostPathFaults,
  secret: modeFaults,
  configMap: modeFaults,
  downwardAPI: modeFaults,
  projected: (source, field) => (isAbsent(source.sources) ? [required(`${field}.sources`)] : modeFaults(source, field)),
  ephemeral: (source, field) =>
    isFields(source.volumeClaimTemplate) ? [] : [required(`${field}.volumeClaimTemplate`)],
}

function sourceFaults(name: string, source: Fields, field: string): FieldFault[] {
  const missing = (requiredFields[name] ?? []).filter((each) => text(source[each]) === '')
  return [...missing.map((each) => required(`${field}.${each}`)), ...(special[name]?.(source, field) ?? [])]
}

function sourcesFaults(volume: Fields, field: string): FieldFault[] {
  const present = sourceOrder.filter((name) => isFields(volume[name]))
  if (present.length === 0) return [required(field, 'must specify a volume type')]
  return present.flatMap((name, index) =>
    index === 0
      ? sourceFaults(name, fields(volume[name]), `${field}.${name}`)
      : [forbidden(`${field}.${name}`, 'may not specify more than 1 volume type')],
  )
}

export function validateVolumes(volumes: unknown, field: string): FieldFault[] {
  const names = new Set<string>()
  return list(volumes).flatMap((volume, index) => {
    const at = `${field}[${index}]`
    const faults = sourcesFaults(volume, at)
    const name = text(volume.name)
    if (name === '') faults.push(required(`${at}.name`))
    else faults.push(...invalidFor(`${at}.name`, name, dnsLabel(name)))
    if (names.has(name)) faults.push(duplicate(`${at}.name`, name))
    names.add(name)
    return faults
  })
}
