/** The tree of one application, told anew when something of it has changed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Application, instanceName, stringifyJson } from '../../model/index.ts'
import { permissionDenied } from '../api-error.ts'
import { changedNames } from '../changed-names.ts'
import { readyJson } from '../ready-json.ts'
import type { Services } from '../services.ts'
import { recheckMs, type StandingRights } from '../standing-rights.ts'
import { questionOf } from './find-application.ts'
import { applicationTree } from './tree/application-tree.ts'

export interface TreeWatch {
  application: Application
  rights: StandingRights
  signal: AbortSignal
}

/** Changes come many at a time: a tree is not made more often. */
const pauseMs = 300

/** Ends with the application. */
export async function* watchTree(
  { application, rights, signal }: TreeWatch,
  { controlPlane, controller, stages }: Pick<Services, 'controlPlane' | 'controller' | 'stages'>,
): AsyncGenerator<Buffer> {
  const instance = instanceName(application, controlPlane.namespace)
  const changes = changedNames<void>(signal)
  const noteIf = (isMeant: boolean) => {
    if (isMeant) changes.note(instance, undefined)
  }
  const stopListening = [
    controller.onLooked((name) => noteIf(name === instance)),
    stages.clusters.onChange(({ instances }) => noteIf(instances.includes(instance))),
  ]
  let told = ''
  try {
    while (!signal.aborted) {
      await rights.check()
      const current = controlPlane.application(instance)
      if (!current) return
      if (!rights.may(questionOf(current, 'get', controlPlane.namespace))) throw permissionDenied()
      const observation = controller.observation(instance)
      const text = stringifyJson(applicationTree({ application: current, observation }, stages))
      if (text !== told) yield readyJson(text)
      told = text
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
      await changes.next(recheckMs)
    }
  } finally {
    for (const stop of stopListening) stop()
  }
}
