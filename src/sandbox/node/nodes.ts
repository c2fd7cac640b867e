/** The sandbox's Node objects: made once, reported Ready, and left alone (a heartbeat would be a write without news). */
import { deepEqual } from 'fast-equals'
import { timestamp } from '../controllers/clock.ts'
import type { ControllerContext } from '../controllers/context.ts'
import { conditionOf } from '../controllers/pod-state.ts'
import type { Condition, Node } from '../controllers/workload.ts'

const resources = { cpu: '64', memory: '256Gi', pods: '100000', 'ephemeral-storage': '1Ti' }

const nodeInfo = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: 'sandbox',
  osImage: 'Tiphys sandbox',
  containerRuntimeVersion: 'sandbox://1.0',
  kubeletVersion: 'v1.36.2',
  kubeProxyVersion: '',
  operatingSystem: 'linux',
  architecture: 'amd64',
}

const healthy = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const

function conditions(old: Condition[] | undefined, now: string) {
  return healthy.map(([type, status, reason, message]) => {
    const before = conditionOf(old, type)
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now
    return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message }
  })
}

function nodeObject(name: string): Node {
  const labels = {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
  }
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } }
}

function statusOf(node: Node, address: string, now: string): Node['status'] {
  return {
    ...node.status,
    capacity: resources,
    allocatable: resources,
    conditions: conditions(node.status?.conditions, now),
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: node.metadata.name },
    ],
    nodeInfo,
  }
}

function register(context: ControllerContext, name: string, address: string): void {
  const { clock, informers } = context
  const client = context.client.as('kubelet')
  const { resource } = informers.nodes
  const node = informers.nodes.get(undefined, name) ?? (client.create(resource, nodeObject(name)) as Node)
  const now = timestamp(clock.now())
  const ready = client.updateStatus(resource, { ...node, status: statusOf(node, address, now) }) as Node
  const taints = ready.spec?.taints?.filter(({ key }) => key !== 'node.kubernetes.io/not-ready') ?? []
  if (deepEqual(taints, ready.spec?.taints ?? [])) return
  const { taints: _, ...spec } = ready.spec ?? {}
  client.update(resource, { ...ready, spec: taints.length > 0 ? { ...spec, taints } : spec })
}

/** Makes `count` nodes where they are not there yet; returns the address of each by its name. */
export function registerNodes(context: ControllerContext, count: number): Map<string, string> {
  const nodes = new Map(Array.from({ length: count }, (_, index) => [`sandbox-${index}`, `10.0.0.${index + 10}`]))
  for (const [name, address] of nodes) register(context, name, address)
  return nodes
}
