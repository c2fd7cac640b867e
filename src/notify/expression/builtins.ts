/** The functions that every expression has. */
import type { Builtin } from './arguments.ts'
import { listFunctions } from './list-functions.ts'
import { numberFunctions } from './number-functions.ts'
import { textFunctions } from './text-functions.ts'
import { timeFunctions } from './time-functions.ts'
import { valueFunctions } from './value-functions.ts'

export const builtins: Record<string, Builtin> = {
  ...valueFunctions,
  ...numberFunctions,
  ...textFunctions,
  ...timeFunctions,
  ...listFunctions,
}
