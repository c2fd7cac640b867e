/** A pin: after a rollback the application stays at what it was rolled back to, until somebody lifts the pin. */
import { annotation } from './annotations.ts'
import type { Application, RevisionHistory } from './application.ts'
import type { ApplicationSource } from './application-source.ts'

/** What the annotation holds, as JSON. */
export interface Pin {
  /** Of the history entry that the application was rolled back to. */
  id: number
  by: string
  /** RFC 3339. */
  at: string
}

/** undefined without a pin; an Error says what is wrong with it. */
export function pinOf({ metadata, status }: Application): (Pin & { entry: RevisionHistory }) | Error | undefined {
  const text = metadata.annotations?.[annotation.pin]
  if (text === undefined) return undefined
  const pin = parsePin(text)
  if (!pin) return new Error(`the annotation ${annotation.pin} is not a pin: ${text.slice(0, 100)}`)
  const entry = status?.history?.find(({ id }) => id === pin.id)
  return entry
    ? { ...pin, entry }
    : new Error(`history entry ${pin.id}, which it is pinned to, does not exist any more`)
}

function parsePin(text: string): Pin | undefined {
  try {
    const { id, by, at } = JSON.parse(text) as Partial<Pin>
    return typeof id === 'number' ? { id, by: String(by ?? ''), at: String(at ?? '') } : undefined
  } catch {
    return undefined
  }
}

/** The id that the pin names, whether or not that entry exists. */
export function pinnedId({ metadata }: Application): number | undefined {
  return parsePin(metadata.annotations?.[annotation.pin] ?? '')?.id
}

/** The sources that were deployed then, each at the revision that it had. */
export function deployedSources({ source, sources, revision, revisions }: RevisionHistory): ApplicationSource[] {
  const all = sources?.length ? sources : source ? [source] : []
  return all.map((one, index) => {
    const deployed = revisions?.[index] ?? (all.length === 1 ? revision : undefined)
    return deployed ? { ...one, targetRevision: deployed } : one
  })
}

/** The application as it is to be while it is pinned; the same one when it is not, or its pin is no good. */
export function pinnedForm(application: Application): Application {
  const pin = pinOf(application)
  if (!pin || pin instanceof Error) return application
  const sources = deployedSources(pin.entry)
  const { source: _source, sources: _sources, ...spec } = application.spec
  const several = (pin.entry.sources?.length ?? 0) > 0
  return { ...application, spec: { ...spec, ...(several ? { sources } : sources[0] && { source: sources[0] }) } }
}
