/** What is under way for applications that replicas share: begun under a Lease of ours, and let go where that is lost. */
import type { Application } from '../model/index.ts'
import type { DeletionWork } from './deletion-work.ts'
import type { Memory } from './memory.ts'
import { looksAfter, type WriteGuard } from './share.ts'
import type { Stages } from './stages.ts'

export interface HandoverOptions {
  stages: Pick<Stages, 'share' | 'controlPlane'>
  /** By the application's name; what is known of none yet is made. */
  memory(name: string): Memory
  memories: ReadonlyMap<string, Memory>
  deletions: Pick<DeletionWork, 'letGo'>
  /** What was let go has come to rest. */
  look(name: string): void
}

export class Handover {
  readonly #options: HandoverOptions

  constructor(options: HandoverOptions) {
    this.#options = options
  }

  looksAfter(application: Application): boolean {
    const { share, controlPlane } = this.#options.stages
    return !share || looksAfter(application, share, controlPlane.namespace)
  }

  /** For what is begun now. Undefined where nobody else works on the same applications. */
  begin(name: string): WriteGuard | undefined {
    const { share } = this.#options.stages
    if (!share) return undefined
    const holder = share.holder()
    this.#options.memory(name).begunAs = holder
    return () => {
      if (holder !== undefined && share.holder() === holder) return undefined
      this.letGo(name)
      return 'this replica has lost its Lease: others go on with the application'
    }
  }

  /** Of all that was begun under another Lease than we have now. */
  letGoOfLost(): void {
    const holder = this.#options.stages.share?.holder()
    for (const [name, { begunAs }] of this.#options.memories) {
      if (begunAs !== undefined && begunAs !== holder) this.letGo(name)
    }
  }

  /** What is under way for it is left as it is, for another replica to go on with. */
  letGo(name: string): void {
    const { deletions, memories, look } = this.#options
    deletions.letGo(name)
    const memory = memories.get(name)
    if (!memory) return
    delete memory.begunAs
    delete memory.ended
    const { run } = memory
    // No other begins here before it has come to rest.
    void run?.stop().then(() => {
      if (memory.run === run) delete memory.run
      delete memory.ended
      look(name)
    })
  }
}
