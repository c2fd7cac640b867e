/** Storage and backup: Rook, Longhorn, Velero, snapshots, OpenShift Data Foundation, Astra. */
import type { Health } from '../../model/index.ts'
import { fieldsAt, textAt } from '../status-fields.ts'
import {
  always,
  at,
  degraded,
  healthy,
  hints,
  inTurn,
  kinds,
  no,
  present,
  progressing,
  type Rule,
  type RuleTable,
  rule,
  saying,
  suspended,
  type Test,
  told,
  unknown,
  words,
  yes,
} from './rule.ts'

/** What Ceph itself says, with its warnings, and what the operator says. */
const ceph: Rule = (object): Health => {
  const status = fieldsAt(object, 'status')
  const health = textAt(fieldsAt(status, 'ceph'), 'health')
  const state = textAt(status, 'state')
  const details = Object.values(fieldsAt(status, 'ceph', 'details')).map((detail) => textAt(detail, 'message'))
  const message = [health, ...details, state, textAt(status, 'message')].filter(Boolean).join('; ')
  if (health === 'HEALTH_ERR' || health === 'HEALTH_WARN') return { status: 'Degraded', message }
  if (health !== 'HEALTH_OK') return { status: 'Progressing', message: message || 'waiting for the state of Ceph' }
  if (state === 'Error') return { status: 'Degraded', message }
  return state === '' || state === 'Created' || state === 'Connected'
    ? { status: 'Healthy' }
    : { status: 'Progressing', message }
}

const rookPhase = words('status.phase', { Healthy: ['Ready', 'Connected'], Degraded: ['Failure', 'Failed'] })

const astraRun = rule(
  healthy(at('status.state', 'Completed')),
  progressing(at('status.state', 'Running')),
  degraded(present('status.state')),
)

const snapshot = rule(healthy(at('status.readyToUse', true)), degraded(present('status.error.message')))

const velero = words('status.phase', {
  Healthy: ['Completed'],
  Degraded: [
    'FailedValidation',
    'PartiallyFailed',
    'Failed',
    'WaitingForPluginOperationsPartiallyFailed',
    'FinalizingPartiallyFailed',
  ],
})

/** A volume that nobody has attached has no robustness, and that is well. */
const longhornVolume = rule(
  degraded(
    told(
      at('status.robustness', 'faulted', 'degraded'),
      (object) => `it is ${textAt(fieldsAt(object, 'status'), 'robustness')}`,
    ),
  ),
  healthy(at('status.robustness', 'healthy')),
  healthy(at('status.state', 'detached')),
)

const enabled: Test = at('spec.enabled', true)

export const storage: RuleTable = {
  'ceph.rook.io/CephCluster': ceph,
  ...kinds(
    'ceph.rook.io',
    'CephObjectStore CephBlockPool CephFilesystem CephObjectStoreUser CephFilesystemSubVolumeGroup CephNFS CephRBDMirror CephObjectZone CephObjectZoneGroup CephObjectRealm',
    rookPhase,
  ),
  'objectbucket.io/ObjectBucketClaim': words('status.phase', { Healthy: ['Bound'], Degraded: ['Failed'] }),
  'ocs.openshift.io/StorageCluster': inTurn(
    degraded(yes('Degraded')),
    progressing(yes('Progressing')),
    healthy(yes('Available')),
    unknown(saying('its state is not known')),
  ),
  'noobaa.io/NooBaa': hints('status.phase', { Healthy: ['Ready'], Degraded: ['Rejected'] }),
  ...kinds('snapshot.storage.k8s.io', 'VolumeSnapshot VolumeSnapshotContent', snapshot),
  ...kinds('velero.io', 'Backup Restore PodVolumeBackup PodVolumeRestore', velero),
  ...kinds(
    'velero.io',
    'DataUpload DataDownload',
    words('status.phase', { Healthy: ['Completed'], Degraded: ['Failed', 'Canceled'] }),
  ),
  'velero.io/Schedule': rule(
    suspended(told(at('spec.paused', true), saying('it is paused'))),
    healthy(at('status.phase', 'Enabled')),
    degraded(at('status.phase', 'FailedValidation')),
  ),
  'velero.io/BackupStorageLocation': words('status.phase', { Healthy: ['Available'], Degraded: ['Unavailable'] }),
  'velero.io/BackupRepository': words('status.phase', { Healthy: ['Ready'], Degraded: ['NotReady'] }),
  'longhorn.io/Volume': longhornVolume,
  'longhorn.io/Backup': words('status.state', { Healthy: ['Completed'], Degraded: ['Error', 'Unknown'] }),
  'longhorn.io/BackupTarget': rule(healthy(at('status.available', true)), degraded(yes('Unavailable'))),
  'longhorn.io/Node': inTurn(degraded(no('Ready')), healthy(yes('Ready'))),
  'longhorn.io/EngineImage': words('status.state', { Healthy: ['deployed'], Degraded: ['error', 'incompatible'] }),
  ...kinds('astra.netapp.io', 'Backup ExecHooksRun ResourceBackup ResticVolumeBackup Snapshot', astraRun),
  'astra.netapp.io/AppVault': words('status.state', {
    Healthy: ['available', 'Available'],
    Degraded: ['failed', 'Failed'],
  }),
  'astra.netapp.io/Application': rule(healthy(yes('Ready')), degraded(no('Ready'))),
  'astra.netapp.io/ExecHook': rule(
    healthy(enabled),
    suspended(told(at('spec.enabled', false), saying('it is switched off'))),
  ),
  'astra.netapp.io/Schedule': inTurn(healthy(always)),
  'piraeus.io/LinstorCluster': inTurn(
    degraded(no('Configured')),
    progressing(no('Available')),
    healthy(yes('Available')),
  ),
  'ramendr.openshift.io/DRPolicy': inTurn(degraded(no('Validated')), healthy(yes('Validated'))),
}
