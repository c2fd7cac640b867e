/** Addresses of pods: one each, out of 10.244.0.0/14, free again when the pod is gone. */
import type { Informer } from '../controllers/informer.ts'
import type { Pod } from '../controllers/workload.ts'

const size = 2 ** 18
const first = (10 << 24) + (244 << 16)

function dotted(offset: number): string {
  const address = first + offset
  return [24, 16, 8, 0].map((shift) => (address >> shift) & 255).join('.')
}

/** Returns what hands out the next free address. */
export function podAddresses(pods: Informer<Pod>): () => string {
  const used = new Set<string>()
  let last = 0
  pods.onChange((now, old) => {
    if (old?.status?.podIP && old.status.podIP !== now?.status?.podIP) used.delete(old.status.podIP)
    if (now?.status?.podIP) used.add(now.status.podIP)
  })
  return () => {
    let address: string
    do {
      last = (last % (size - 2)) + 1
      address = dotted(last)
    } while (used.has(address))
    used.add(address)
    return address
  }
}
