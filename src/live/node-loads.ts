/** What the Pods of each node take of it together, kept by every change of a Pod. */
import type { StoreChange } from '../kube/object-store.ts'
import type { LiveObject } from './live-object.ts'
import { type PodLoad, type PodRequests, takesNothing } from './pod-load.ts'

interface NodeLoad {
  pods: number
  taken: PodRequests
}

export class NodeLoads {
  readonly #nodes = new Map<string, NodeLoad>()

  apply({ previous, current }: StoreChange<LiveObject>): void {
    if (previous?.load) this.#add(previous.load, -1)
    if (current?.load) this.#add(current.load, 1)
  }

  on(node: string): PodRequests {
    return this.#nodes.get(node)?.taken ?? takesNothing
  }

  #add(load: PodLoad, sign: 1 | -1): void {
    const known = this.#nodes.get(load.node)
    const pods = (known?.pods ?? 0) + sign
    // Rounding of huge sums ends with the last Pod.
    if (pods === 0) this.#nodes.delete(load.node)
    else this.#nodes.set(load.node, { pods, taken: combined(known?.taken ?? takesNothing, load, sign) })
  }
}

/** Both together, or the one without the other. */
export function combined(one: PodRequests, other: PodRequests, sign: 1 | -1): PodRequests {
  return {
    cpu: one.cpu + sign * other.cpu,
    memory: one.memory + sign * other.memory,
    storage: one.storage + sign * other.storage,
  }
}
