/** From texts that people have written to rules; what cannot be read is a problem that says what to write. Pure. */
import { messageOf } from '../model/index.ts'
import { parseConstraint, parseVersion } from '../model/version-constraint.ts'
import { parseReference } from './reference.ts'
import type {
  ImageRule,
  ImageSettings,
  Strategy,
  UpdateRules,
  WriteBack,
  WriteBackSettings,
  WriteTarget,
} from './rules.ts'
import { tagFilter } from './tag-filter.ts'

const strategies: Record<string, Strategy> = {
  '': 'semver',
  semver: 'semver',
  'newest-build': 'newest-build',
  digest: 'digest',
  alphabetical: 'alphabetical',
  // What they were called in earlier releases of argocd-image-updater.
  latest: 'newest-build',
  name: 'alphabetical',
}

export function readRules(images: ImageSettings[], writeBack: WriteBackSettings): UpdateRules {
  const problems: string[] = []
  const rules: ImageRule[] = []
  for (const settings of images) {
    try {
      rules.push(readRule(settings))
    } catch (error) {
      problems.push(`image ${settings.alias || settings.image}: ${messageOf(error)}`)
    }
  }
  try {
    return { images: rules, writeBack: readWriteBack(writeBack), problems }
  } catch (error) {
    // Where changes should go to is unknown: nowhere.
    return { images: [], writeBack: { method: 'argocd' }, problems: [...problems, messageOf(error)] }
  }
}

function readRule(settings: ImageSettings): ImageRule {
  const { forceUpdate = false, pullSecret = '', platforms = [], helm = {}, kustomizeName = '' } = settings
  const image = parseReference(settings.image)
  if (!image)
    throw new Error(`${JSON.stringify(settings.image)} is no name of an image: write [HOST/]NAME[:CONSTRAINT]`)
  const strategy = strategies[settings.strategy?.trim() ?? '']
  if (!strategy)
    throw new Error(
      `update-strategy is ${JSON.stringify(settings.strategy)}: write semver, newest-build, digest or alphabetical`,
    )
  const constraint = image.tag?.trim() ?? ''
  checkConstraint(strategy, constraint)
  for (const platform of platforms) {
    if (!/^[\w.-]+\/[\w.-]+(\/[\w.-]+)?$/.test(platform))
      throw new Error(`platforms has ${JSON.stringify(platform)}: write OS/ARCHITECTURE, such as linux/amd64`)
  }
  const refusal = tagFilter(settings)
  const alias = settings.alias || image.name
  return {
    alias,
    image,
    constraint,
    strategy,
    admits: (tag) => refusal(tag) === undefined,
    refusal,
    forceUpdate,
    pullSecret: pullSecret.trim(),
    platforms,
    helm,
    kustomizeName,
  }
}

function checkConstraint(strategy: Strategy, constraint: string): void {
  if (strategy === 'digest' && !/^\w[\w.-]{0,127}$/.test(constraint))
    throw new Error('the strategy digest follows one tag: write it behind the name, as in repo/name:latest')
  const isRange = constraint === '' || parseConstraint(constraint) || parseVersion(constraint)
  if (strategy === 'semver' && !isRange)
    throw new Error(`${JSON.stringify(constraint)} is no range of versions: write one such as ^1.2 or ~1.2.3`)
}

function readWriteBack({ method = '', target = '', branch = '', repository = '' }: WriteBackSettings): WriteBack {
  const text = method.trim() || 'argocd'
  if (text === 'argocd') return { method: 'argocd' }
  const secret = /^git:secret:(.+)$/.exec(text)?.[1] ?? ''
  if (text !== 'git' && text !== 'git:repocreds' && secret === '')
    throw new Error(
      `write-back-method is ${JSON.stringify(text)}: write argocd, git, git:repocreds or git:secret:NAMESPACE/NAME`,
    )
  const colon = branch.indexOf(':')
  return {
    method: 'git',
    secret,
    target: readTarget(target.trim()),
    repository: repository.trim(),
    branch: (colon < 0 ? branch : branch.slice(0, colon)).trim(),
    pushBranch: colon < 0 ? '' : branch.slice(colon + 1).trim(),
  }
}

function readTarget(text: string): WriteTarget {
  if (text === '') return { kind: 'overrides' }
  const [, kind, path = ''] = /^(kustomization|helmvalues)(?::(.*))?$/.exec(text) ?? []
  if (kind === 'kustomization') return { kind, path }
  if (kind === 'helmvalues') return { kind, path: path || 'values.yaml' }
  throw new Error(
    `write-back-target is ${JSON.stringify(text)}: write kustomization[:FOLDER] or helmvalues[:FILE], or leave it out`,
  )
}
