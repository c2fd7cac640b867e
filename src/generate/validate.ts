/** What is wrong with generated applications, before anything is written. Pure. */
import { Compile } from 'typebox/compile'
import { type Application, ApplicationSpec } from '../model/index.ts'

const spec = Compile(ApplicationSpec)
const nameForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const longestName = 253

export interface Validated {
  valid: Application[]
  /** All names that are meant, those of applications with faults among them. */
  names: Set<string>
  faults: string[]
}

/** `faultOf`: what project and destination have to say. */
export function validated(
  applications: Application[],
  faultOf: (application: Application) => string | undefined,
): Validated {
  const count = new Map<string, number>()
  for (const { metadata } of applications) count.set(metadata.name, (count.get(metadata.name) ?? 0) + 1)
  const result: Validated = { valid: [], names: new Set(count.keys()), faults: [] }
  for (const [name, times] of count) {
    if (times === 1) continue
    result.faults.push(
      `${times} applications have the name ${JSON.stringify(name)}: make the name depend on more parameters`,
    )
  }
  for (const application of applications) {
    const { name } = application.metadata
    if (count.get(name) !== 1) continue
    const fault = nameFault(name) ?? shapeFault(application) ?? faultOf(application)
    if (fault === undefined) result.valid.push(application)
    else result.faults.push(`the application ${JSON.stringify(name)}: ${fault}`)
  }
  return result
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'it has no name: set metadata.name in the template'
  if (nameForm.test(name) && name.length <= longestName) return undefined
  return 'a name has lower case letters, digits, "-" and ".", and no more than 253 of them: use normalize or slugify'
}

function shapeFault({ spec: value, metadata }: Application): string | undefined {
  if (!spec.Check(value)) {
    const [first] = spec.Errors(value)
    return `spec${first?.instancePath.replaceAll('/', '.') ?? ''} ${first?.message ?? 'is not understood'}`
  }
  const texts = [...Object.values(metadata.labels ?? {}), ...Object.values(metadata.annotations ?? {})]
  if (texts.some((text) => typeof text !== 'string')) return 'labels and annotations have to be texts: quote them'
  const { server, name } = value.destination
  if (server && name) return `spec.destination has both server (${server}) and name (${name}): keep one of them`
  return undefined
}
