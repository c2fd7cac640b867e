/** The refusal of what is there already and not the same. */
import { ApiError } from './api-error.ts'

/** Clients of Argo CD look for these words. */
export function differentSpec(what: string): ApiError {
  return new ApiError('InvalidArgument', `existing ${what} spec is different; use upsert flag to force update`)
}
