/** The settings that all stages read: one object, renewed in place. */
import { deepEqual } from 'fast-equals'
import { ignoredUpdates } from '../diff/index.ts'
import type { ControlPlane, LiveSettings } from '../live/index.ts'
import type { Tracking } from '../model/index.ts'
import type { ControllerSettings } from '../reconcile/stages.ts'
import { controllerSettings, liveSettings } from './settings.ts'

export const parametersMap = 'argocd-cmd-params-cm'

export interface SettingsInputs {
  controlPlane: Pick<ControlPlane, 'settings' | 'setting'>
  env: Record<string, string | undefined>
  warn(message: string): void
}

export class SettingsInUse {
  readonly current: ControllerSettings
  readonly #inputs: SettingsInputs

  constructor(inputs: SettingsInputs) {
    this.#inputs = inputs
    this.current = this.#read()
  }

  get tracking(): Tracking {
    return this.current.tracking
  }

  /** The data of argocd-cm. */
  get texts(): Record<string, string> {
    return this.#inputs.controlPlane.settings()
  }

  /** Answers whether objects are tracked in another way now. */
  renew(): boolean {
    const { tracking } = this.current
    Object.assign(this.current, this.#read())
    if (!deepEqual(this.current.tracking, tracking)) return true
    // Who has looked at it may remember it by its identity.
    this.current.tracking = tracking
    return false
  }

  /** How clusters are followed. */
  followed(): Partial<LiveSettings> {
    const { controlPlane, warn } = this.#inputs
    const { ignoreUpdates } = this.current.diff
    return { ...liveSettings(controlPlane.setting, warn), ignoresUpdate: ignoredUpdates(ignoreUpdates) }
  }

  #read(): ControllerSettings {
    const { controlPlane, env, warn } = this.#inputs
    return controllerSettings(
      { settings: controlPlane.settings(), parameters: controlPlane.settings(parametersMap), env },
      warn,
    )
  }
}
