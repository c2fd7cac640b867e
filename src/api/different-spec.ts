/** The refusal of what is there already and not the same. */
import { ApiError } from './api-error.ts'

const withComma = new Set(['application', 'ApplicationSet'])

/** Clients of Argo CD look for these words, which are not punctuated alike there. */
export function differentSpec(what: string): ApiError {
  const mark = withComma.has(what) ? ',' : ';'
  return new ApiError('InvalidArgument', `existing ${what} spec is different${mark} use upsert flag to force update`)
}
