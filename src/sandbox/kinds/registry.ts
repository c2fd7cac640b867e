/** Which Kind speaks for which group, version and kind. */
import { clusterRole, clusterRoleBinding, role, roleBinding } from './access/rbac.ts'
import { event, newEvent } from './cluster/event.ts'
import {
  apiService,
  certificateSigningRequest,
  flowSchema,
  ipAddress,
  priorityLevelConfiguration,
  serviceCidr,
} from './cluster/extension.ts'
import { lease } from './cluster/lease.ts'
import { namespace } from './cluster/namespace.ts'
import { node } from './cluster/node.ts'
import { priorityClass, runtimeClass } from './cluster/priority-class.ts'
import {
  admissionPolicyBinding,
  mutatingAdmissionPolicy,
  mutatingWebhookConfiguration,
  validatingAdmissionPolicy,
  validatingWebhookConfiguration,
} from './cluster/webhook.ts'
import { configMap } from './config/config-map.ts'
import { limitRange, resourceQuota } from './config/quota.ts'
import { secret } from './config/secret.ts'
import type { Kind } from './kind.ts'
import { endpointSlice, endpoints } from './network/endpoints.ts'
import { ingress, ingressClass } from './network/ingress.ts'
import { networkPolicy } from './network/network-policy.ts'
import { service } from './network/service.ts'
import { pod } from './pod/pod.ts'
import { persistentVolumeClaim } from './storage/claim.ts'
import {
  csiDriver,
  csiNode,
  csiStorageCapacity,
  storageClass,
  volumeAttachment,
  volumeAttributesClass,
} from './storage/storage-class.ts'
import { persistentVolume } from './storage/volume.ts'
import { columns, plainColumns } from './table.ts'
import { autoscaler, oldAutoscaler } from './workload/autoscaler.ts'
import { cronJob } from './workload/cron-job.ts'
import { daemonSet } from './workload/daemon-set.ts'
import { deployment } from './workload/deployment.ts'
import { podDisruptionBudget } from './workload/disruption-budget.ts'
import { job } from './workload/job.ts'
import { controllerRevision, podTemplate } from './workload/pod-template.ts'
import { replicaSet, replicationController } from './workload/replica-set.ts'
import { statefulSet } from './workload/stateful-set.ts'

const serviceAccount: Kind = { columns: columns() }

/** By `group/Kind`; the core group is empty. A version that differs has its own entry `group/version/Kind`. */
const kinds: Record<string, Kind> = {
  '/ConfigMap': configMap,
  '/Endpoints': endpoints,
  '/Event': event,
  '/LimitRange': limitRange,
  '/Namespace': namespace,
  '/Node': node,
  '/PersistentVolume': persistentVolume,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/Pod': pod,
  '/PodTemplate': podTemplate,
  '/ReplicationController': replicationController,
  '/ResourceQuota': resourceQuota,
  '/Secret': secret,
  '/Service': service,
  '/ServiceAccount': serviceAccount,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': mutatingAdmissionPolicy,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': admissionPolicyBinding,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': mutatingWebhookConfiguration,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': validatingAdmissionPolicy,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': admissionPolicyBinding,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': validatingWebhookConfiguration,
  'apiregistration.k8s.io/APIService': apiService,
  'apps/ControllerRevision': controllerRevision,
  'apps/DaemonSet': daemonSet,
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'autoscaling/v1/HorizontalPodAutoscaler': oldAutoscaler,
  'batch/CronJob': cronJob,
  'batch/Job': job,
  'certificates.k8s.io/CertificateSigningRequest': certificateSigningRequest,
  'coordination.k8s.io/Lease': lease,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'events.k8s.io/Event': newEvent,
  'flowcontrol.apiserver.k8s.io/FlowSchema': flowSchema,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': priorityLevelConfiguration,
  'networking.k8s.io/IPAddress': ipAddress,
  'networking.k8s.io/Ingress': ingress,
  'networking.k8s.io/IngressClass': ingressClass,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'networking.k8s.io/ServiceCIDR': serviceCidr,
  'node.k8s.io/RuntimeClass': runtimeClass,
  'policy/PodDisruptionBudget': podDisruptionBudget,
  'rbac.authorization.k8s.io/ClusterRole': clusterRole,
  'rbac.authorization.k8s.io/ClusterRoleBinding': clusterRoleBinding,
  'rbac.authorization.k8s.io/Role': role,
  'rbac.authorization.k8s.io/RoleBinding': roleBinding,
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'storage.k8s.io/CSIDriver': csiDriver,
  'storage.k8s.io/CSINode': csiNode,
  'storage.k8s.io/CSIStorageCapacity': csiStorageCapacity,
  'storage.k8s.io/StorageClass': storageClass,
  'storage.k8s.io/VolumeAttachment': volumeAttachment,
  'storage.k8s.io/VolumeAttributesClass': volumeAttributesClass,
}

const plain: Kind = {}

/** Always a Kind: one without rules for what the table doesn't know. Columns are always there. */
export function kindOf(group: string, version: string, kind: string): Kind & Required<Pick<Kind, 'columns'>> {
  const known = kinds[`${group}/${version}/${kind}`] ?? kinds[`${group}/${kind}`] ?? plain
  return { ...known, columns: known.columns ?? plainColumns }
}
