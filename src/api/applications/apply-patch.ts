/** What a patch of a client makes of an Application. Pure. */
import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Application, applyMergePatch, messageOf } from '../../model/index.ts'
import { ApiError } from '../api-error.ts'
import { parseGivenJson } from '../given-json.ts'

/** `type`: `json` unless given, or `merge`. Throws InvalidArgument. */
export function patchedApplication(application: Application, patch: string, type: string): Application {
  const apply = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  if (!apply) throw new ApiError('InvalidArgument', `Patch type '${type}' is not supported: use json or merge`)
  const patched = apply(application, parsed(patch))
  const { metadata, spec } = Object(patched) as Partial<Application>
  const { name, namespace } = application.metadata
  if (metadata?.name !== name || metadata?.namespace !== namespace || typeof spec !== 'object') {
    throw new ApiError('InvalidArgument', 'a patch must leave the name, the namespace and a spec of the application')
  }
  return patched as Application
}

const kinds: Record<string, ((application: Application, patch: unknown) => unknown) | undefined> = {
  '': withOperations,
  json: withOperations,
  merge: applyMergePatch,
}

function withOperations(application: Application, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new ApiError('InvalidArgument', 'a JSON patch is a list of operations')
  try {
    return jsonPatch.applyPatch(structuredClone(application), patch as Operation[], true).newDocument
  } catch (error) {
    // Its message repeats the whole document.
    const { name, index } = error as { name?: string; index?: number }
    const what = index === undefined ? messageOf(error) : `${name} in operation ${index}`
    throw new ApiError('InvalidArgument', `the JSON patch cannot be applied: ${what}`)
  }
}

function parsed(patch: string): unknown {
  try {
    return parseGivenJson(patch)
  } catch (error) {
    throw new ApiError('InvalidArgument', `the patch is not JSON: ${messageOf(error)}`)
  }
}
