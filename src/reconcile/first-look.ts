/** Waits for the first look at an application, as after a start. */
import type { Clusters } from '../clusters/index.ts'
import { type Application, instanceName } from '../model/index.ts'
import { deadlineIn } from '../process/deadline.ts'
import type { Controller } from './controller.ts'
import type { Observation } from './observe.ts'
import { isLeftAlone } from './stages.ts'

export interface FirstLookOptions {
  controlNamespace: string
  clusters: Pick<Clusters, 'fault'>
  signal: AbortSignal
  limitMs?: number
}

/** undefined: there has been none, and none is to be expected soon. */
export async function firstLook(
  application: Application,
  controller: Pick<Controller, 'look' | 'observation' | 'onLooked'>,
  { controlNamespace, clusters, signal, limitMs = 10_000 }: FirstLookOptions,
): Promise<Observation | undefined> {
  const instance = instanceName(application, controlNamespace)
  const known = controller.observation(instance)
  if (known || application.metadata.deletionTimestamp || isLeftAlone(application, clusters)) return known
  const deadline = deadlineIn(limitMs, signal)
  const ending = deadline.signal
  await new Promise<void>((resolve) => {
    const stopListening = controller.onLooked((name) => {
      if (name === instance) end()
    })
    const end = () => {
      stopListening()
      deadline.clear()
      ending.removeEventListener('abort', end)
      resolve()
    }
    ending.addEventListener('abort', end)
    controller.look(instance)
  })
  return controller.observation(instance)
}
