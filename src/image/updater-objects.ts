/** What ImageUpdater objects ask for the images of an application. Pure. */
import {
  type Application,
  type ApplicationRef,
  type CommonUpdateSettings,
  type ImagesVerification,
  type ImageUpdaterImage,
  type ImageUpdaterObject,
  matchesGlob,
  type WriteBackConfig,
} from '../model/index.ts'
import { rulesFromAnnotations } from './annotations.ts'
import { readRules } from './read-rules.ts'
import type { ImageSettings, UpdateRules } from './rules.ts'

export type MatchesLabels = (
  selector: NonNullable<ApplicationRef['labelSelectors']>,
  labels: Record<string, string>,
) => boolean

export interface Assignment {
  /** Undefined where annotations alone ask. */
  updater?: ImageUpdaterObject
  /** Whether the images are those of the annotations, on their own or since the updater leaves them to these. */
  isAnnotated: boolean
  rules: UpdateRules
}

/** The object whose name comes first has the application; without one, its annotations count. */
export function assignmentOf(
  application: Application,
  updaters: ImageUpdaterObject[],
  matches: MatchesLabels,
): Assignment | undefined {
  for (const updater of [...updaters].sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))) {
    if (updater.metadata.namespace !== application.metadata.namespace) continue
    const reference = referenceFor(application, updater, matches)
    if (!reference) continue
    if (!reference.useAnnotations) return { updater, isAnnotated: false, rules: rulesOf(updater, reference) }
    const rules = rulesFromAnnotations(application)
    if (rules) return { updater, isAnnotated: true, rules }
  }
  const rules = rulesFromAnnotations(application)
  return rules && { isAnnotated: true, rules }
}

/** A plain name before one with labels, and this before a pattern; of patterns the longest. */
function referenceFor(
  { metadata }: Application,
  { spec }: ImageUpdaterObject,
  matches: MatchesLabels,
): ApplicationRef | undefined {
  const weight = ({ namePattern, labelSelectors }: ApplicationRef) =>
    (/[*?[{]/.test(namePattern) ? 0 : 1_000_000) + (labelSelectors ? 1_000 : 0) + namePattern.length
  return (spec?.applicationRefs ?? [])
    .filter(({ namePattern, labelSelectors }) => {
      const isNamed = matchesGlob(namePattern, metadata.name)
      return isNamed && (!labelSelectors || matches(labelSelectors, metadata.labels ?? {}))
    })
    .sort((one, other) => weight(other) - weight(one))[0]
}

function rulesOf({ spec }: ImageUpdaterObject, reference: ApplicationRef): UpdateRules {
  const writeBack = mergedWriteBack(spec.writeBackConfig, reference.writeBackConfig)
  const { repository, branch, writeBackTarget, pullRequest } = writeBack.gitConfig ?? {}
  if (pullRequest)
    return nothing(
      'pull requests are not opened: write to a branch (gitConfig.branch: BASE:BRANCH), or leave pullRequest out',
    )
  const problems: string[] = []
  const images: ImageSettings[] = []
  for (const image of reference.images ?? []) {
    const refused = refusalOf(
      image,
      image.imagesVerification ?? reference.imagesVerification ?? spec.imagesVerification,
    )
    if (refused === undefined) {
      images.push(
        settingsOf(image, [image.commonUpdateSettings, reference.commonUpdateSettings, spec.commonUpdateSettings]),
      )
    } else problems.push(`image ${image.alias}: ${refused}`)
  }
  const { method } = writeBack
  const rules = readRules(images, {
    ...(method && { method }),
    ...(writeBackTarget && { target: writeBackTarget }),
    ...(branch && { branch }),
    ...(repository && { repository }),
  })
  return { ...rules, problems: [...problems, ...rules.problems] }
}

function nothing(problem: string): UpdateRules {
  return { images: [], writeBack: { method: 'argocd' }, problems: [problem] }
}

/** Rather no update than one that was not checked as somebody has asked. */
function refusalOf(image: ImageUpdaterImage, verification: ImagesVerification | undefined): string | undefined {
  if (verification && verification.enabled !== false)
    return 'signatures of images are not verified here, so that it is not updated: take imagesVerification out if that is wanted'
  if (image.manifestTargets?.plugin)
    return 'config management plugins are not supported: use manifestTargets.helm or manifestTargets.kustomize'
  return undefined
}

/** What is said nearer to the image comes first. */
function settingsOf(
  { alias, imageName, manifestTargets = {} }: ImageUpdaterImage,
  nearest: (CommonUpdateSettings | undefined)[],
): ImageSettings {
  const first = <Key extends keyof CommonUpdateSettings>(key: Key) =>
    nearest.map((settings) => settings?.[key]).find((value) => value !== undefined)
  const { helm = {}, kustomize } = manifestTargets
  return {
    alias,
    image: imageName,
    strategy: first('updateStrategy') ?? '',
    allowTags: first('allowTags') ?? '',
    ignoreTags: first('ignoreTags') ?? [],
    forceUpdate: first('forceUpdate') ?? false,
    pullSecret: first('pullSecret') ?? '',
    platforms: first('platforms') ?? [],
    helm,
    kustomizeName: kustomize?.name ?? '',
  }
}

function mergedWriteBack(general: WriteBackConfig = {}, own: WriteBackConfig = {}): WriteBackConfig {
  return { ...general, ...own, gitConfig: { ...general.gitConfig, ...own.gitConfig } }
}
