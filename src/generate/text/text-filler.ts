/** Fills parameters into texts, in either of the two languages of ApplicationSets. Pure. */
import { LRUCache } from 'lru-cache'
import { StageError } from '../../model/index.ts'
import {
  compileTemplate,
  isDict,
  type Template,
  TemplateError,
  type TemplateLimits,
  templateFunction,
  textOf,
} from '../../template/index.ts'
import type { Parameters } from '../parameters.ts'
import { normalizedName, slug } from './names.ts'

export interface TextFiller {
  readonly isGoTemplate: boolean
  /** Throws a StageError. */
  fill(text: string, parameters: Parameters): string
  /** Every text in it, names of fields among them. */
  fillAll(value: unknown, parameters: Parameters): unknown
  /** A text with what is known so far; undefined where a parameter is missing. */
  fillIfKnown(text: string, parameters: Parameters): string | undefined
}

export interface TextFillerOptions {
  goTemplate?: boolean
  goTemplateOptions?: string[]
}

/** One text field of ten thousand applications has to be quick. */
const limits: Partial<TemplateLimits> = { steps: 200_000, textLength: 1024 * 1024, depth: 100 }
const mostCompiled = 2000
const deepest = 100

export function textFiller({ goTemplate = false, goTemplateOptions = [] }: TextFillerOptions): TextFiller {
  const fill = goTemplate ? goFiller(missingKeyOf(goTemplateOptions)) : fillPlain
  const strict = goTemplate ? goFiller('error') : fillPlain
  return {
    isGoTemplate: goTemplate,
    fill,
    fillAll: (value, parameters) => filledAll(value, (text) => fill(text, parameters), 0),
    fillIfKnown(text, parameters) {
      try {
        return strict(text, parameters)
      } catch (error) {
        if (error instanceof StageError && error.cause instanceof TemplateError && !error.cause.isLimit)
          return undefined
        throw error
      }
    },
  }
}

function filledAll(value: unknown, fill: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return fill(value)
  if (depth > deepest) throw new StageError('generate', 'the template is nested too deeply', { retry: false })
  if (Array.isArray(value)) return value.map((element) => filledAll(element, fill, depth + 1))
  if (!isDict(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [fill(key), filledAll(element, fill, depth + 1)]),
  )
}

type MissingKey = 'default' | 'zero' | 'error'

const missingKeys: Record<string, MissingKey> = { default: 'default', invalid: 'default', zero: 'zero', error: 'error' }

function missingKeyOf(options: string[]): MissingKey {
  let missingKey: MissingKey = 'default'
  for (const option of options) {
    const known = /^missingkey=(.*)$/.exec(option)?.[1]
    const meant = known === undefined ? undefined : missingKeys[known]
    if (!meant) {
      const message = `goTemplateOptions has ${JSON.stringify(option)}: known are missingkey=default, missingkey=zero and missingkey=error`
      throw new StageError('generate', message, { retry: false })
    }
    missingKey = meant
  }
  return missingKey
}

const functions = {
  normalize: templateFunction(['string'], normalizedName),
  slugify: templateFunction(['...any'], (...given: unknown[]) => {
    const name = given.at(-1) ?? ''
    const [maxLength, isSmart] = given.slice(0, -1)
    return slug(normalizedName(textOf(name)), {
      ...(maxLength !== undefined && { maxLength: Number(maxLength) }),
      ...(isSmart !== undefined && { isSmart: isSmart === true }),
    })
  }),
}

function goFiller(missingKey: MissingKey): TextFiller['fill'] {
  const compiled = new LRUCache<string, Template>({ max: mostCompiled })
  const templateOf = (text: string) => {
    const known = compiled.get(text)
    if (known) return known
    const template = compileTemplate(text, { name: 'applicationset', functions, missingKey, limits })
    compiled.set(text, template)
    return template
  }
  return (text, parameters) => {
    if (!text.includes('{{')) return text
    try {
      return templateOf(text).render(parameters)
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      throw new StageError('generate', `${excerpt(text)}: ${error.message}`, { retry: false, cause: error })
    }
  }
}

/** `{{ name }}`: only texts are filled in, and what is not known stays as it is written. */
function fillPlain(text: string, parameters: Parameters): string {
  if (!/\{\{.*\}\}/.test(text)) return text
  const filled: string[] = []
  let at = 0
  for (;;) {
    const start = text.indexOf('{{', at)
    if (start < 0) break
    const end = text.indexOf('}}', start + 2)
    if (end < 0) throw new StageError('generate', `${excerpt(text)}: a {{ is never closed by }}`, { retry: false })
    const name = text.slice(start + 2, end).trim()
    const value = name !== '' && Object.hasOwn(parameters, name) ? parameters[name] : undefined
    filled.push(text.slice(at, start), typeof value === 'string' ? value : text.slice(start, end + 2))
    at = end + 2
  }
  return filled.join('') + text.slice(at)
}

const longestExcerpt = 80

function excerpt(text: string): string {
  return JSON.stringify(text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text)
}
