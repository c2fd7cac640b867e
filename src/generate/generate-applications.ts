/** The applications that an ApplicationSet means now, and what stands in the way of some. */
import { type Application, type ApplicationSet, messageOf, StageError } from '../model/index.ts'
import { makeWay } from '../process/fair-turn.ts'
import { type Dict, isDict } from '../template/index.ts'
import { applicationFrom, mergedTemplate } from './application-template.ts'
import { type Generators, shortest } from './generators/evaluate.ts'
import type { GeneratorContext } from './generators/generator.ts'
import type { GeneratorInputs } from './generators/inputs.ts'
import type { Parameters } from './parameters.ts'
import { textFiller } from './text/text-filler.ts'

export interface Generated {
  applications: Application[]
  /** Generators that failed, in words: applications may be missing that ought to be there. */
  generatorFaults: string[]
  /** Templates that could not be filled in; the same holds. */
  templateFaults: string[]
  /** One of the faults may pass without anybody changing anything. */
  mayPass: boolean
}

export interface GenerateOptions {
  generators: Generators
  inputs: GeneratorInputs
  /** What was found out before this time of the clock does not count. */
  notOlderThan?: number
  signal: AbortSignal
}

/** So many templates that fail are enough to know that all do. */
const mostFaults = 100

/** Never throws for what is wrong with the set: its faults are part of the answer. */
export async function generateApplications(set: ApplicationSet, options: GenerateOptions): Promise<Generated> {
  const { generators, inputs, notOlderThan = 0, signal } = options
  const result: Generated = { applications: [], generatorFaults: [], templateFaults: [], mayPass: false }
  const fault = (list: string[], error: unknown, where = '') => {
    signal.throwIfAborted()
    list.push(`${where}${messageOf(error)}`)
    // Anything but a StageError comes from outside.
    result.mayPass ||= !(error instanceof StageError) || error.retry
  }
  try {
    const context: GeneratorContext = { set, filler: textFiller(set.spec), inputs, notOlderThan, signal }
    for (const [index, entry] of set.spec.generators.entries()) {
      try {
        const made = await generators.parameters(entry, context)
        await fillInAll(made, templateOf(entry, set, generators), { context, result, fault })
      } catch (error) {
        fault(result.generatorFaults, error, set.spec.generators.length > 1 ? `spec.generators[${index}]: ` : '')
      }
    }
  } catch (error) {
    fault(result.generatorFaults, error)
  }
  return result
}

function templateOf(entry: Dict, set: ApplicationSet, generators: Generators) {
  return mergedTemplate(generators.specOf(entry).spec.template, set.spec.template)
}

interface FillIn {
  context: GeneratorContext
  result: Generated
  fault(list: string[], error: unknown): void
}

async function fillInAll(
  sets: Parameters[],
  template: ApplicationSet['spec']['template'],
  { context, result, fault }: FillIn,
): Promise<void> {
  for (const parameters of sets) {
    await makeWay()
    context.signal.throwIfAborted()
    try {
      result.applications.push(applicationFrom(template, parameters, context))
    } catch (error) {
      fault(result.templateFaults, error)
      if (result.templateFaults.length >= mostFaults) return
    }
  }
}

/** When to look at the set again where no event tells. */
export function lookAgainMs({ spec }: ApplicationSet, generators: Generators): number | undefined {
  return shortest(spec.generators.filter(isDict).map((entry) => generators.lookAgainMs(entry)))
}
