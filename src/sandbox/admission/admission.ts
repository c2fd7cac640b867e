/** The built-in admission plugins, in their order: `mutate` before a write is checked, `check` after. */
import { setDefaultClass } from './default-class.ts'
import { checkLimits, setLimits } from './limit-range.ts'
import { setPriority, setTolerations } from './pod-defaults.ts'
import { checkPodSecurity } from './pod-security/pod-security.ts'
import { checkQuotas } from './quota.ts'
import { type AdmissionRequest, isNewPod, isPod } from './request.ts'

/** Changes the object of the request; throws a 403 StatusError. */
export function mutate(request: AdmissionRequest): void {
  setLimits(request)
  if (isPod(request)) setTolerations(request.object)
  if (isNewPod(request)) setPriority(request)
  setDefaultClass(request)
}

/** Throws a 403 StatusError, or gives the warnings for the answer. */
export function check(request: AdmissionRequest): string[] {
  checkLimits(request)
  const warnings = checkPodSecurity(request)
  checkQuotas(request)
  return warnings
}
