/** All functions that templates have without being given any. What tells of this machine or makes keys is left out. */
import type { TemplateFunction } from '../value.ts'
import { builtinFunctions } from './builtin.ts'
import { dateFunctions } from './dates.ts'
import { choiceFunctions } from './defaults.ts'
import { dictFunctions } from './dicts.ts'
import { encodingFunctions } from './encoding.ts'
import { listFunctions } from './lists.ts'
import { nameFunctions } from './names.ts'
import { numberFunctions } from './numbers.ts'
import { pathFunctions } from './paths.ts'
import { patternFunctions } from './patterns.ts'
import { stringFunctions } from './strings.ts'
import { versionFunctions } from './versions.ts'

export const standardFunctions: Record<string, TemplateFunction> = {
  ...builtinFunctions,
  ...stringFunctions,
  ...numberFunctions,
  ...listFunctions,
  ...dictFunctions,
  ...choiceFunctions,
  ...encodingFunctions,
  ...dateFunctions,
  ...pathFunctions,
  ...patternFunctions,
  ...versionFunctions,
  ...nameFunctions,
}
