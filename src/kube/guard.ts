/** Asks once more at the moment at which a request leaves: between deciding on it and sending it the process may have slept. */
import type { Dispatcher } from 'undici'
import { KubeError } from './kube-error.ts'

/** Why a request must not be sent any more; undefined: it may be. */
export type Guard = () => string | undefined

/** What waits for a connection has not left yet: the guard is asked when its bytes are about to be written. */
export function guardedDispatcher(dispatcher: Dispatcher, guard: Guard): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, asking(handler, guard)))
}

function asking(handler: Dispatcher.DispatchHandler, guard: Guard): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      const refusal = guard()
      // Nobody tries again what is refused.
      if (refusal !== undefined) controller.abort(new KubeError(refusal, { code: 403, reason: 'Forbidden' }))
      else handler.onRequestStart?.(controller, context)
    },
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  }
}
