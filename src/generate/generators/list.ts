/** The `list` generator: parameters as they are written. */

import { messageOf } from '../../model/index.ts'
import { Fields, Text, Type } from '../../model/schema.ts'
import { type Dict, isDict, readYaml } from '../../template/index.ts'
import type { Parameters } from '../parameters.ts'
import { type Generator, type GeneratorContext, invalid, OneGenerator, specReader } from './generator.ts'

const readSpec = specReader('list', Fields({ elements: Type.Array(OneGenerator), elementsYaml: Text }))

export const listGenerator: Generator = {
  async parameters(spec, context) {
    const { elements = [], elementsYaml = '' } = readSpec(spec)
    return [...elements.map((element) => parametersOf(element, context)), ...readElements(elementsYaml)]
  },
}

function parametersOf(element: Dict, { filler }: GeneratorContext): Parameters {
  if (filler.isGoTemplate) return element
  const parameters: Parameters = {}
  for (const [key, value] of Object.entries(element)) {
    if (key === 'values' && isDict(value)) {
      for (const [name, inner] of Object.entries(value)) parameters[`values.${name}`] = text(`values.${name}`, inner)
    } else parameters[key] = text(key, value)
  }
  return parameters
}

function text(key: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw invalid(`the list generator: ${key} of an element is no text: quote it, or set goTemplate: true`)
}

function readElements(elementsYaml: string): Parameters[] {
  if (elementsYaml.trim() === '') return []
  let read: unknown
  try {
    read = readYaml(elementsYaml)
  } catch (error) {
    throw invalid(`the list generator: elementsYaml cannot be read: ${messageOf(error)}`)
  }
  if (read === null) return []
  if (Array.isArray(read) && read.every(isDict)) return read
  throw invalid('the list generator: elementsYaml is no list of mappings')
}
