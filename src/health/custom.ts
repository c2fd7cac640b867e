/** Health by the scripts of an installation, as `resource.customizations.health.*` in argocd-cm gives them. */
import { LuaError, LuaScript } from '../lua/index.ts'
import {
  customizationFor,
  customizationsOf,
  type Health,
  healthStatuses,
  type KubeObject,
  messageOf,
  type ResourceCustomization,
} from '../model/index.ts'

export interface CustomHealthOptions {
  warn(message: string): void
  now(): Date
}

/** The answer of a script; absent health: the script says nothing about this object. */
export interface CustomAnswer {
  health?: Health
}

/** undefined for an object whose kind has no script. */
export type CustomHealth = (object: KubeObject) => CustomAnswer | undefined

export function customHealth(settings: Record<string, string>, { warn, now }: CustomHealthOptions): CustomHealth {
  const customizations = customizationsOf('health', settings, warn).map((customization) => ({
    ...customization,
    script: new LuaScript(customization.text, { now, openLibraries: customization.openLibraries }),
    strikes: 0,
  }))
  return (object) => {
    const found = customizationFor(object, customizations)
    return found && answerOf(found, object)
  }
}

interface Customization extends ResourceCustomization {
  script: LuaScript
  /** How often in a row it has used up all it may. */
  strikes: number
}

/** So often may a script hold everything up; with thousands of objects nothing else would come to pass. */
const mostStrikes = 5

function answerOf(customization: Customization, object: KubeObject): CustomAnswer {
  const { key, script, strikes } = customization
  if (strikes >= mostStrikes) {
    return unknown(
      `${key} of argocd-cm has run for too long ${strikes} times, and is not run again until it is changed`,
    )
  }
  try {
    const result = script.run({ obj: object })
    customization.strikes = 0
    return answer(result, key)
  } catch (error) {
    if (error instanceof LuaError && error.isLimit) customization.strikes += 1
    const line = error instanceof LuaError && error.line ? `, line ${error.line}` : ''
    return unknown(`${key} of argocd-cm${line}: ${messageOf(error)}`)
  }
}

function answer(result: unknown, key: string): CustomAnswer {
  if (result === undefined || (Array.isArray(result) && result.length === 0)) return {}
  const { status, message } = result as { status?: unknown; message?: unknown }
  if (typeof result !== 'object' || Array.isArray(result)) {
    return unknown(`${key} of argocd-cm returns ${JSON.stringify(result)}: it has to return a table with a status`)
  }
  const known = healthStatuses.find((candidate) => candidate === status)
  if (!known) {
    const words = `${healthStatuses.slice(0, -1).join(', ')} or ${healthStatuses.at(-1)}`
    return unknown(`${key} of argocd-cm returns the status ${JSON.stringify(status ?? null)}: it has to be ${words}`)
  }
  const text = typeof message === 'string' || typeof message === 'number' ? String(message) : ''
  return { health: { status: known, ...(text && { message: text }) } }
}

function unknown(message: string): CustomAnswer {
  return { health: { status: 'Unknown', message } }
}
