/** Looks at the images of one application: what runs, what the registries have, what is to be changed. */
import { type Application, messageOf, type RepositoryConnection } from '../model/index.ts'
import { type PullSecretOptions, pullCredentials, withCredentials } from './credentials.ts'
import { type Finding, stateOf } from './finding.ts'
import { heldBack, proposedConstraint } from './held-back.ts'
import { newestVersion } from './newest.ts'
import { type NewVersion, specifiedVersion } from './parameters.ts'
import { type ImageReference, type ImageVersion, versionText } from './reference.ts'
import type { ImageRegistries } from './registry/image-registries.ts'
import type { ImageRepository } from './registry/image-repository.ts'
import type { ImageRule, UpdateRules } from './rules.ts'
import { runningImages } from './running.ts'
import { updatableSource } from './updatable-source.ts'

export interface ExamineOptions extends Pick<PullSecretOptions, 'readSecret' | 'environment'> {
  registries: ImageRegistries
  /** As the registry is registered for a project. */
  connectionOf(image: ImageReference, project: string): RepositoryConnection
  /** Of applications that name none. */
  controlNamespace: string
  notOlderThan: number
}

/** A version that an image is to have. */
export interface ImageUpdate extends NewVersion {
  /** What it had, `TAG[@DIGEST]`. */
  from: string
}

export interface Examined {
  findings: Finding[]
  updates: ImageUpdate[]
}

export async function examine(
  application: Application,
  rules: UpdateRules,
  options: ExamineOptions,
): Promise<Examined> {
  const each = await Promise.all(rules.images.map((rule) => examineImage(application, rules, { rule, options })))
  return { findings: each.map(({ finding }) => finding), updates: each.flatMap(({ update }) => update ?? []) }
}

interface Work {
  rule: ImageRule
  options: ExamineOptions
}

async function examineImage(
  application: Application,
  { writeBack }: UpdateRules,
  { rule, options }: Work,
): Promise<{ finding: Finding; update?: ImageUpdate }> {
  const { alias, image, strategy, constraint } = rule
  const running = runningImages(application, rule)
  const shown = running.map(shownVersion)
  const finding: Finding = { alias, image: image.name, strategy, constraint, running: shown, state: 'not running' }
  if (running.length === 0 && !rule.forceUpdate) return { finding }
  try {
    const repository = await options.registries.repository(image, await connectionFor(application, { rule, options }))
    const newest = await newestVersion(rule, repository, options)
    const beyond = await beyondOf({ rule, options }, { repository, newest, running })
    if (!newest) return { finding: { ...finding, ...beyond, state: 'nothing fits' } }
    const found = updatableSource(application, writeBack.method === 'git' ? writeBack.repository : '')
    const specified = found && specifiedVersion(found.source, found.type, rule)
    const builtAt = repository.lastBuiltAt
    const state = stateOf(rule, { running, specified, newest, builtAt })
    const told: Finding = { ...finding, newest: versionText(newest), ...beyond, state }
    if (state !== 'outdated') return { finding: told }
    const from = specified ? shownVersion(specified) : (shown.find((text) => text !== told.newest) ?? '')
    return { finding: told, update: { rule, version: newest, from } }
  } catch (error) {
    return { finding: { ...finding, state: 'failed', message: messageOf(error) } }
  }
}

interface Seen {
  repository: ImageRepository
  newest: ImageVersion | undefined
  running: ImageReference[]
}

/** What the rule keeps back; by then the registry has been asked for its tags. */
async function beyondOf(
  { rule, options }: Work,
  { repository, newest, running }: Seen,
): Promise<Pick<Finding, 'heldBack' | 'proposal'>> {
  if (rule.strategy !== 'semver') return {}
  const tags = await repository.tags(options.notOlderThan)
  const held = heldBack(rule, { tags, newest: newest?.tag, running: running.map(({ tag = '' }) => tag) })
  if (held.length === 0) return {}
  const proposal = proposedConstraint(rule, held)
  return { heldBack: held, ...(proposal !== undefined && { proposal }) }
}

function shownVersion({ tag = '', digest }: ImageReference): string {
  return versionText({ tag, ...(digest && { digest }) })
}

async function connectionFor(application: Application, { rule, options }: Work): Promise<RepositoryConnection> {
  const { image, pullSecret } = rule
  const registered = options.connectionOf(image, application.spec.project)
  if (pullSecret === '') return registered
  const namespace = application.metadata.namespace ?? options.controlNamespace
  return withCredentials(registered, await pullCredentials(pullSecret, { ...options, namespace, image }))
}
