/** Go's text/template with sprig's functions: pure, and bounded in steps, text and depth. */
export { Budget, type TemplateLimits } from './budget.ts'
export { compileTemplate, type Template } from './template.ts'
export { TemplateError } from './template-error.ts'
export { toJson } from './text/json.ts'
export { plainText as textOf } from './text/print.ts'
export { parseDuration } from './time/duration.ts'
export { GoDuration, GoTime, isTime } from './time/go-time.ts'
export { parseTime } from './time/parse-time.ts'
export { inZone } from './time/zone.ts'
export {
  type Dict,
  deepCopy,
  entry,
  isDict,
  Native,
  TemplateFunction,
  templateFunction,
  type Value,
  withIntegers,
} from './value.ts'
export { readYaml } from './yaml/from-yaml.ts'
