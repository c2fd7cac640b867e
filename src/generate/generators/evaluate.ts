/** One entry of `generators`: its generator, its selector, and for nested ones what the generator before has said. */
import { StageError } from '../../model/index.ts'
import { type Dict, isDict } from '../../template/index.ts'
import { LabelSelector, labelMatcher } from '../label-selector.ts'
import { flattened, type Parameters } from '../parameters.ts'
import { clustersGenerator } from './clusters.ts'
import { type Generator, type GeneratorContext, invalid, specReader } from './generator.ts'
import { openGitGenerator } from './git.ts'
import { listGenerator } from './list.ts'
import { matrixGenerator } from './matrix.ts'
import { mergeGenerator } from './merge.ts'
import { pluginGenerator } from './plugin.ts'
import { pullRequestGenerator } from './pull-request.ts'
import { scmProviderGenerator } from './scm-provider.ts'

const readSelector = specReader('selector', LabelSelector)

export interface Generators {
  /** Throws a StageError when it is not known what it would make. */
  parameters(entry: Dict, context: GeneratorContext): Promise<Parameters[]>
  /** The shortest of the generators in it; undefined: events tell of everything. */
  lookAgainMs(entry: Dict): number | undefined
  /** The part of the entry that belongs to its generator. */
  specOf(entry: Dict): { name: string; spec: Dict }
}

/** How deep generators may stand in each other. */
const deepest = 8
const mostParameters = 100_000

export function openGenerators(): Generators {
  const table: Record<string, Generator> = {
    list: listGenerator,
    clusters: clustersGenerator,
    git: openGitGenerator(),
    scmProvider: scmProviderGenerator,
    pullRequest: pullRequestGenerator,
    plugin: pluginGenerator,
    matrix: matrixGenerator(inner),
    merge: mergeGenerator(inner),
  }

  function specOf(entry: Dict): { name: string; spec: Dict; generator: Generator } {
    const named = Object.entries(entry).filter(
      ([name, value]) => name !== 'selector' && value !== null && value !== undefined,
    )
    const [first, ...others] = named
    if (!first || others.length > 0) {
      const names = named.map(([name]) => name).join(', ')
      throw invalid(`an entry of generators has to hold one generator; this one holds ${names || 'none'}`)
    }
    const [name, spec] = first
    const generator = Object.hasOwn(table, name) ? table[name] : undefined
    if (!generator) {
      throw invalid(`the generator ${name} is not supported: use one of ${Object.keys(table).join(', ')}`)
    }
    if (!isDict(spec)) throw invalid(`the ${name} generator: ${name} is no mapping`)
    return { name, spec, generator }
  }

  /** `depth` tells how far down it stands. */
  async function evaluate(entry: Dict, context: GeneratorContext, depth: number): Promise<Parameters[]> {
    const { generator, spec } = specOf(entry)
    if (depth > deepest) throw invalid(`generators stand in each other more than ${deepest} levels deep`)
    const matches = entry.selector ? labelMatcher(readSelector(entry.selector as Dict)) : undefined
    const made = await generator.parameters(spec, nested(context, depth))
    if (made.length > mostParameters) {
      throw invalid(`the generators make more than ${mostParameters} sets of parameters: give narrower ones`)
    }
    return matches ? made.filter((parameters) => matches(flattened(parameters))) : made
  }

  interface Nested extends GeneratorContext {
    depth?: number
  }

  function nested(context: GeneratorContext, depth: number): Nested {
    return { ...context, depth }
  }

  function inner(entry: Dict, context: Nested): Promise<Parameters[]> {
    return evaluate(entry, context, (context.depth ?? 0) + 1)
  }

  function lookAgainMs(entry: Dict): number | undefined {
    try {
      const { generator, spec } = specOf(entry)
      const below = Array.isArray(spec.generators) ? spec.generators.filter(isDict).map(lookAgainMs) : []
      return shortest([generator.lookAgainMs?.(spec), ...below])
    } catch (error) {
      if (error instanceof StageError) return undefined
      throw error
    }
  }

  return { parameters: (entry, context) => evaluate(entry, context, 0), lookAgainMs, specOf }
}

export function shortest(delays: (number | undefined)[]): number | undefined {
  const known = delays.filter((delay) => delay !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
