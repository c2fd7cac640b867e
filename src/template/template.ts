/** A template: compiled once, rendered with any data. */
import { Budget, defaultLimits, type TemplateLimits } from './budget.ts'
import { changingFunctions } from './functions/dicts.ts'
import { standardFunctions } from './functions/index.ts'
import { Evaluator, type MissingKey } from './run/evaluator.ts'
import { Parser } from './syntax/parser.ts'
import { TemplateError } from './template-error.ts'
import { GoTime } from './time/go-time.ts'
import { deepCopy, type TemplateFunction, type Value } from './value.ts'

export interface TemplateOptions {
  /** For error messages. */
  name?: string
  /** Besides the standard ones, and before them. */
  functions?: Readonly<Record<string, TemplateFunction>>
  /** What a field gives that is not there: `<no value>`, the same, or an error. */
  missingKey?: MissingKey
  leftDelimiter?: string
  rightDelimiter?: string
  limits?: Partial<TemplateLimits>
  now?(): Date
}

export interface Template {
  /** Throws a TemplateError. The data stay as they are. */
  render(data: Value): string
}

/** Longer ones are no templates but something else. */
const longestTemplate = 1024 * 1024

/** Throws a TemplateError that says where the text is no template. */
export function compileTemplate(text: string, options: TemplateOptions = {}): Template {
  const { name = 'template', missingKey = 'default', now = () => new Date() } = options
  const limits = { ...defaultLimits, ...options.limits }
  const functions = new Map([...Object.entries(standardFunctions), ...Object.entries(options.functions ?? {})])
  if (text.length > longestTemplate) {
    throw new TemplateError(`template: ${name}: it has more than ${longestTemplate} characters`, { isLimit: true })
  }
  let changesData = false
  const parser = new Parser(text, {
    name,
    left: options.leftDelimiter || '{{',
    right: options.rightDelimiter || '}}',
    isFunction(used) {
      changesData ||= changingFunctions.has(used)
      return functions.has(used)
    },
  })
  const program = { name, source: text, templates: parser.parse(), functions, missingKey }
  return {
    render(data) {
      const budget = new Budget(limits)
      const context = { budget, now: () => GoTime.at(now().getTime()) }
      const own = changesData ? deepCopy(data, budget) : data
      return new Evaluator(program, context).render(own)
    },
  }
}
