/**
 * Keeps the images of applications at what their rules ask for: looks at all of them at an interval, at some when somebody
 * has pushed an image of theirs, and writes what has changed. It remembers nothing that would be missed after a restart.
 */
import { type Application, messageOf } from '../model/index.ts'
import { noTracer, type Span, type Tracer } from '../trace/index.ts'
import { type ExamineOptions, examine, type ImageUpdate } from './examine.ts'
import type { Finding } from './finding.ts'
import { type ImageReport, ImageReports, type ImageReportsOptions, type WrittenUpdates } from './image-reports.ts'
import { whyLeftAlone } from './left-alone.ts'
import { versionText } from './reference.ts'
import type { UpdateRules } from './rules.ts'
import { recordOf } from './update-record.ts'
import { applicationPatch } from './write-back/application-patch.ts'
import { type GitBatchOptions, type GitWork, type WrittenCommit, writeToGit } from './write-back/git-batch.ts'

export interface UpdaterSettings {
  intervalMs: number
  author: GitBatchOptions['author']
  /** Of the message of a commit; empty for the usual one. */
  template: string
}

export interface ImageUpdaterOptions
  extends ImageReportsOptions,
    Pick<ExamineOptions, 'registries' | 'connectionOf' | 'readSecret' | 'environment' | 'controlNamespace'>,
    Pick<GitBatchOptions, 'sourcesOf' | 'refusal' | 'connectionFrom'> {
  applications(): Application[]
  application(instance: string): Application | undefined
  instanceOf(application: Application): string
  /** Undefined for applications that ask for nothing. */
  rulesOf(application: Application): UpdateRules | undefined
  /** A JSON merge patch of an Application. `overtaken`: somebody else has changed it, and `application` knows of that now. */
  patch(instance: string, patch: object): Promise<'written' | 'overtaken'>
  /** The source of these applications has a new commit. */
  pushed(instances: string[]): void
  /** After each round: what was written in it. */
  looked(written: WrittenUpdates[]): Promise<void>
  settings(): UpdaterSettings
  tracer?: Tracer
}

export interface ImageUpdater {
  /** The application, or what it asks for, has changed. */
  look(instance: string): void
  /** Somebody has pushed an image of it: what registries have answered before does not count. */
  lookAnew(instance: string): void
  /** The settings have changed: all are looked at, and the interval begins anew. */
  reconfigure(): void
  report(instance: string): ImageReport | undefined
  /** What the rules would choose for it now; nothing is written or told. */
  preview(application: Application, rules: UpdateRules): Promise<Finding[]>
  watched(): number
  /** Resolves when nothing is being looked at or written. */
  idle(): Promise<void>
  close(): Promise<void>
}

const mostAtOnce = 10
/** Whoever else writes at the same time, such as the controller, comes to rest. */
const mostTries = 5
/** Who asks wants to know of what was pushed a minute ago; however often, a registry answers no more often than this. */
const askedMs = 15_000

export function startImageUpdater(options: ImageUpdaterOptions): ImageUpdater {
  return new Updater(options)
}

class Updater implements ImageUpdater {
  readonly #options: ImageUpdaterOptions
  readonly #tracer: Tracer
  readonly #reports: ImageReports
  /** Instance → what was written to Git for it, and the commit after it. */
  readonly #written = new Map<string, { what: string; commit: WrittenCommit }>()
  /** Instance → from when on registries' answers are new enough. */
  readonly #pending = new Map<string, number>()
  #working: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: ImageUpdaterOptions) {
    this.#options = options
    this.#tracer = options.tracer ?? noTracer
    this.#reports = new ImageReports(options)
    this.#tick()
  }

  #tick(): void {
    if (this.#isClosed) return
    const { applications, rulesOf, instanceOf, settings, clock } = this.#options
    const now = clock.now()
    const instances = new Set(
      applications().flatMap((application) => (rulesOf(application) ? instanceOf(application) : [])),
    )
    for (const known of this.#reports.instances()) if (!instances.has(known)) this.#forget(known)
    for (const instance of instances) this.#add(instance, now)
    this.#timer = setTimeout(() => this.#tick(), Math.max(settings().intervalMs, 1000))
    this.#timer.unref()
  }

  reconfigure(): void {
    clearTimeout(this.#timer)
    this.#tick()
  }

  #forget(instance: string): void {
    this.#reports.forget(instance)
    this.#written.delete(instance)
  }

  #add(instance: string, notOlderThan: number): void {
    if (this.#isClosed) return
    this.#pending.set(instance, Math.max(notOlderThan, this.#pending.get(instance) ?? 0))
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
  }

  look(instance: string): void {
    const { clock, settings } = this.#options
    this.#add(instance, clock.now() - settings().intervalMs)
  }

  lookAnew(instance: string): void {
    this.#add(instance, this.#options.clock.now())
  }

  async #work(): Promise<void> {
    // Whoever asks in the same turn is looked at together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#pending.size > 0 && !this.#isClosed) {
      const round = [...this.#pending]
      this.#pending.clear()
      const attributes = { 'tiphys.applications': round.length }
      await this.#tracer.trace('images', { attributes }, (span) => this.#round(round, span))
    }
  }

  async #round(round: [instance: string, notOlderThan: number][], span: Span): Promise<void> {
    const git: GitWork[] = []
    const rest = [...round]
    const worker = async () => {
      for (let next = rest.shift(); next && !this.#isClosed; next = rest.shift()) {
        const work = await this.#one(...next)
        if (work) git.push(work)
      }
    }
    await Promise.all(Array.from({ length: mostAtOnce }, worker))
    if (this.#isClosed) return
    const about = { 'tiphys.applications': git.map(({ instance }) => instance) }
    if (git.length > 0) await this.#safely(() => this.#tracer.span('write to Git', about, () => this.#writeGit(git)))
    const isFailing = ([instance]: [string, number]) => (this.#reports.of(instance)?.problems.length ?? 0) > 0
    const written = this.#reports.takeWritten()
    span.set({
      'tiphys.applications.written': written.length,
      'tiphys.applications.failing': round.filter(isFailing).length,
    })
    await this.#safely(() => this.#options.looked(written))
  }

  async #safely(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.#options.log.error({ error: messageOf(error) }, 'images could not be updated')
    })
  }

  /** What is to be written to Git, together with others. */
  async #one(instance: string, notOlderThan: number): Promise<GitWork | undefined> {
    const { application: find, rulesOf } = this.#options
    const application = find(instance)
    const rules = application && rulesOf(application)
    if (!application || !rules) {
      this.#forget(instance)
      return undefined
    }
    try {
      if (whyLeftAlone(application)) {
        this.#reports.leftAlone(instance)
        return undefined
      }
      const { findings, updates } = await examine(application, rules, { ...this.#options, notOlderThan })
      const failures = findings.flatMap(({ alias, message }) => (message ? [`image ${alias}: ${message}`] : []))
      await this.#reports.found(application, { images: findings, problems: [...rules.problems, ...failures] })
      if (updates.length === 0) return undefined
      const { writeBack } = rules
      const work = { application, instance, updates }
      if (writeBack.method === 'argocd') await this.#writeApplication(work)
      else if (!(await this.#isWritten({ ...work, writeBack }))) return { ...work, writeBack }
    } catch (error) {
      await this.#reports.problem(application, messageOf(error))
    }
    return undefined
  }

  async #writeApplication({ instance, updates }: Omit<GitWork, 'writeBack'>): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      // As it is now: looking at registries takes its time.
      const application = this.#options.application(instance)
      if (!application || whyLeftAlone(application)) return
      const patch = applicationPatch(application, updates)
      if (!patch) return
      const annotations = recordOf(application, { updates, now: new Date(this.#options.clock.now()) })
      const recorded = { ...patch, metadata: { ...patch.metadata, annotations } }
      const outcome = await this.#tracer.span('write to the application', { 'tiphys.application': instance }, () =>
        this.#options.patch(instance, recorded),
      )
      if (outcome === 'written') return this.#reports.updated(application, updates, 'in its spec')
    }
    throw new Error('somebody else changes the application all the time: its images are written with the next look')
  }

  /** Until it is synced, an application runs what it ran: the repository is not fetched again for that. */
  async #isWritten({ application, instance, updates, writeBack }: GitWork): Promise<boolean> {
    const written = this.#written.get(instance)
    if (written?.what !== whatOf(updates, writeBack)) return false
    const { repoURL, branch, revision } = written.commit
    const source = { repoURL, targetRevision: `refs/heads/${branch}` }
    const resolving = this.#options.sourcesOf(application.spec.project).resolve(source)
    return resolving.then(
      (found) => found.revision === revision,
      () => false,
    )
  }

  async #writeGit(works: GitWork[]): Promise<void> {
    const { author, template } = this.#options.settings()
    const outcomes = await writeToGit(works, { ...this.#options, author, template })
    const pushed: string[] = []
    for (const outcome of outcomes) {
      const { application, instance, updates, writeBack } = outcome.work
      if ('error' in outcome) {
        await this.#reports.problem(application, outcome.error)
        continue
      }
      const { commit } = outcome
      this.#written.set(instance, { what: whatOf(updates, writeBack), commit })
      if (!commit.isNew) continue
      pushed.push(instance)
      await this.#recordCommit({ application, instance, updates }, commit)
      await this.#reports.updated(
        application,
        updates,
        `by the commit ${commit.revision.slice(0, 7)} on ${commit.branch}`,
      )
    }
    if (pushed.length > 0) this.#options.pushed(pushed)
  }

  /** The images are updated all the same where that fails. */
  async #recordCommit({ application, instance, updates }: Omit<GitWork, 'writeBack'>, commit: WrittenCommit) {
    const { patch, clock, log, application: find } = this.#options
    const annotations = recordOf(find(instance) ?? application, { updates, commit, now: new Date(clock.now()) })
    await patch(instance, { metadata: { annotations } }).catch((error: unknown) => {
      log.warn({ application: instance, error: messageOf(error) }, 'a commit could not be put on record')
    })
  }

  report(instance: string): ImageReport | undefined {
    return this.#reports.of(instance)
  }

  async preview(application: Application, rules: UpdateRules): Promise<Finding[]> {
    const { clock, settings } = this.#options
    const notOlderThan = clock.now() - Math.min(settings().intervalMs, askedMs)
    return (await examine(application, rules, { ...this.#options, notOlderThan })).findings
  }

  watched(): number {
    return this.#reports.instances().length
  }

  async idle(): Promise<void> {
    while (this.#working) await this.#working
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#working
  }
}

function whatOf(updates: ImageUpdate[], writeBack: GitWork['writeBack']): string {
  const versions = updates.map(({ rule, version }) => [rule, versionText(version)])
  return JSON.stringify([versions, writeBack])
}
