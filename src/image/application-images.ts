/** The images of one application as people look them up: what runs, by which rules it is followed, and what became of them. Pure. */
import { type Application, messageOf } from '../model/index.ts'
import type { Finding } from './finding.ts'
import type { ImageReport } from './image-reports.ts'
import { type ImageRow, imageRows } from './image-rows.ts'
import { type LeftAlone, whyLeftAlone } from './left-alone.ts'
import { recalled } from './recalled.ts'
import type { Assignment } from './updater-objects.ts'
import { type WritePlace, writePlace } from './write-back/write-place.ts'

export interface ApplicationImages {
  items: ImageRow[]
  /** Where the rules stand; absent where nothing asks for updates. An ImageUpdater may leave them to the annotations. */
  rules?: { in: 'annotations' | 'ImageUpdater'; updater?: string }
  /** Where the next version goes. */
  writtenTo?: WritePlace
  /** Why nothing is written, whatever is found. */
  leftAlone?: LeftAlone
  /** When the registries were asked; absent where that is not known. */
  lookedAt?: string
  /** Which rules cannot be read, and why nothing could be written. */
  problems: string[]
}

export interface ApplicationImagesInput {
  application: Application
  instance: string
  assignment: Assignment | undefined
  /** Of the last round, where this process has the application. */
  report: ImageReport | undefined
  /** What the registries were asked for right now. */
  asked?: { at: number; findings: Finding[] }
}

export function applicationImages(input: ApplicationImagesInput): ApplicationImages {
  const { application, instance, assignment, report, asked } = input
  if (!assignment) return { items: imageRows(application), problems: [] }
  const { rules, updater, isAnnotated } = assignment
  const findings = asked?.findings ?? rules.images.map((rule) => recalled(application, rule, report?.images))
  const place = placeOf(application, assignment, instance)
  const leftAlone = whyLeftAlone(application)
  const at = asked?.at ?? (report?.images.length ? report.at : undefined)
  const problems = [...rules.problems, place.problem ?? [], report?.writeProblem ?? []].flat()
  return {
    items: imageRows(application, findings),
    rules: { in: isAnnotated ? 'annotations' : 'ImageUpdater', ...(updater && { updater: updater.metadata.name }) },
    ...(place.found && { writtenTo: place.found }),
    ...(leftAlone && { leftAlone }),
    ...(at !== undefined && { lookedAt: new Date(at).toISOString() }),
    problems: [...new Set(problems)],
  }
}

function placeOf(
  application: Application,
  { rules }: Assignment,
  instance: string,
): { found?: WritePlace; problem?: string } {
  // Without a rule nothing is written, and rules that cannot be read have said so.
  if (rules.images.length === 0) return {}
  try {
    return { found: writePlace(application, rules.writeBack, instance) }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}
