/** What was found for each application whose images are kept, and told of it: what lasts is told once. */
import { LRUCache } from 'lru-cache'
import { type Application, messageOf } from '../model/index.ts'
import type { ImageUpdate } from './examine.ts'
import type { Finding } from './finding.ts'
import { versionText } from './reference.ts'

/** What was found when an application was last looked at. */
export interface ImageReport {
  /** Milliseconds since 1970. */
  at: number
  images: Finding[]
  /** What cannot be read or written, in words. */
  problems: string[]
  /** The one of them for which what was found could not be written. */
  writeProblem?: string
}

export interface ImageEvent {
  reason: 'ImagesUpdated' | 'ImageUpdateFailed'
  type: 'Normal' | 'Warning'
  message: string
}

export interface WrittenUpdates {
  application: Application
  updates: ImageUpdate[]
}

export interface UpdaterObserver {
  updated(application: Application, count: number): void
  failed(application: Application): void
}

interface Log {
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export interface ImageReportsOptions {
  instanceOf(application: Application): string
  /** Tells people, on the Application. */
  record(application: Application, event: ImageEvent): Promise<void>
  clock: { now(): number }
  log: Log
  observer: UpdaterObserver
}

/** A problem that was not seen for so long is a new one. */
const lastingMs = 3600_000

export class ImageReports {
  readonly #options: ImageReportsOptions
  readonly #reports = new Map<string, ImageReport>()
  /** Problem of an instance → when it was last seen. */
  readonly #told = new LRUCache<string, number>({ max: 10_000 })
  #written: WrittenUpdates[] = []

  constructor(options: ImageReportsOptions) {
    this.#options = options
  }

  of(instance: string): ImageReport | undefined {
    return this.#reports.get(instance)
  }

  instances(): string[] {
    return [...this.#reports.keys()]
  }

  forget(instance: string): void {
    this.#reports.delete(instance)
  }

  /** Nothing was looked for. */
  leftAlone(instance: string): void {
    this.#reports.set(instance, { at: this.#options.clock.now(), images: [], problems: [] })
  }

  async found(application: Application, found: Omit<ImageReport, 'at'>): Promise<void> {
    this.#reports.set(this.#options.instanceOf(application), { at: this.#options.clock.now(), ...found })
    await this.#tell(application, found.problems)
  }

  /** Beside what was found. */
  async problem(application: Application, problem: string): Promise<void> {
    const report = this.#reports.get(this.#options.instanceOf(application))
    report?.problems.push(problem)
    if (report) report.writeProblem = problem
    await this.#tell(application, [problem])
  }

  /** `where`: what they were written to, as it follows "Updated". */
  async updated(application: Application, updates: ImageUpdate[], where: string): Promise<void> {
    const { log, observer, instanceOf } = this.#options
    const changes = updates.map(
      ({ rule, version, from }) => `${rule.image.name} from ${from || 'nothing'} to ${versionText(version)}`,
    )
    const images = updates.map(({ rule, version, from }) => ({
      image: rule.image.name,
      from,
      to: versionText(version),
    }))
    log.info({ application: instanceOf(application), images, where }, 'images were updated')
    observer.updated(application, updates.length)
    this.#written.push({ application, updates })
    await this.#record(application, {
      reason: 'ImagesUpdated',
      type: 'Normal',
      message: `Updated ${where}: ${changes.join('; ')}`,
    })
  }

  /** What was written since it was last asked for. */
  takeWritten(): WrittenUpdates[] {
    return this.#written.splice(0)
  }

  async #tell(application: Application, problems: string[]): Promise<void> {
    const { clock, log, observer, instanceOf } = this.#options
    const instance = instanceOf(application)
    const news = problems.filter((problem) => {
      // Times and counts say nothing new.
      const key = `${instance} ${problem.replace(/\d+/g, '#')}`
      const last = this.#told.get(key)
      this.#told.set(key, clock.now())
      return last === undefined || clock.now() - last > lastingMs
    })
    for (const _problem of problems) observer.failed(application)
    if (news.length === 0) return
    log.warn({ application: instance, problems: news }, 'images could not be updated')
    const message = `Images could not be updated: ${news.join('; ')}`
    await this.#record(application, { reason: 'ImageUpdateFailed', type: 'Warning', message })
  }

  async #record(application: Application, event: ImageEvent): Promise<void> {
    const { record, log } = this.#options
    await record(application, event).catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, 'an Event could not be written')
    })
  }
}
