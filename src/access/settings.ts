/** Settings of argocd-cm and of the environment that are about access. */
import { parseDuration } from '../model/index.ts'
import type { PolicyOptions } from './rbac/policy.ts'

export type Settings = Record<string, string>

/** Go's words for true and false; undefined for any other. */
export function readBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined
}

const day = 24 * 3600

/** Seconds. A duration that cannot be read, or none at all, is the default: a session always ends. */
export function sessionDuration(settings: Settings): number {
  const seconds = Math.floor((parseDuration(settings['users.session.duration'] ?? '') ?? 0) / 1000)
  return seconds > 0 ? seconds : day
}

export function isAnonymousEnabled(settings: Settings): boolean {
  return readBoolean(settings['users.anonymous.enabled']) === true
}

/** What argocd-cm makes of the words of a policy. */
export function policyOptions(settings: Settings, project: PolicyOptions['project']): PolicyOptions {
  return {
    inheritFineGrained: readBoolean(settings['server.rbac.disableApplicationFineGrainedRBACInheritance']) === false,
    rollbackIsSync: readBoolean(settings['server.rbac.rollback.enforce.enable']) !== true,
    project,
  }
}

export function passwordPattern(settings: Settings): string {
  return settings.passwordPattern || '^.{8,32}$'
}

export interface LoginLimitSettings {
  /** Failures of one account from one address. */
  mostFailures: number
  /** 0: they are never forgotten. */
  windowSeconds: number
  /** Passwords that are being checked or wait for it. */
  mostAtOnce: number
}

export function loginLimitSettings(env: Record<string, string | undefined>): LoginLimitSettings {
  const number = (name: string, usual: number, least: number) => {
    const value = Number(env[name] || usual)
    return Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1 ? value : usual
  }
  return {
    mostFailures: number('ARGOCD_SESSION_FAILURE_MAX_FAIL_COUNT', 5, 1),
    windowSeconds: number('ARGOCD_SESSION_FAILURE_WINDOW_SECONDS', 300, 0),
    mostAtOnce: number('ARGOCD_MAX_CONCURRENT_LOGIN_REQUESTS_COUNT', 50, 1),
  }
}
