/** What a new version of an image changes among the parameters of a source. Pure. */
import type { ApplicationSource, SourceType } from '../model/index.ts'
import { type ImageReference, type ImageVersion, isSameImage, parseReference, versionText } from './reference.ts'
import type { ImageRule } from './rules.ts'

export interface NewVersion {
  rule: ImageRule
  version: ImageVersion
}

export interface HelmValue {
  name: string
  value: string
  /** Which part of the image it holds. */
  part: 'name' | 'tag' | 'spec'
}

/** Where argocd-image-updater looks for an image of which nothing else is said. */
const usualName = 'image.name'
const usualTag = 'image.tag'

export function helmValues({ rule, version }: NewVersion): HelmValue[] {
  const { name = usualName, tag = usualTag, spec } = rule.helm
  if (spec) return [{ name: spec, value: `${rule.image.name}:${versionText(version)}`, part: 'spec' }]
  return [
    { name, value: rule.image.name, part: 'name' },
    { name: tag, value: versionText(version), part: 'tag' },
  ]
}

/** What the source says of the image itself: `TAG[@DIGEST]`; undefined where it leaves that to its files. */
export function specifiedVersion(
  source: ApplicationSource,
  type: SourceType | undefined,
  rule: ImageRule,
): ImageReference | undefined {
  const { image, helm } = rule
  const of = (name: string) => source.helm?.parameters?.find((parameter) => parameter.name === name)?.value
  if (type === 'Helm') {
    const text = helm.spec ? of(helm.spec) : of(helm.tag ?? usualTag)
    return text ? parseReference(helm.spec ? text : `${image.name}:${text}`) : undefined
  }
  const entry = type === 'Kustomize' ? source.kustomize?.images?.find((one) => isAbout(one, rule)) : undefined
  return entry ? parseReference(entry.slice(entry.indexOf('=') + 1)) : undefined
}

/** As `kustomize.images` has it: `[OLD=]NAME:TAG`. */
export function kustomizeImage({ rule, version }: NewVersion, alias = rule.kustomizeName): string {
  return `${alias ? `${alias}=` : ''}${rule.image.name}:${versionText(version)}`
}

/** The source with the versions; the same one where nothing changes. Undefined where its type has no place for images. */
export function withVersions(
  source: ApplicationSource,
  type: SourceType | undefined,
  versions: NewVersion[],
): ApplicationSource | undefined {
  if (type === 'Helm') return withParameters(source, versions.flatMap(helmValues))
  return type === 'Kustomize' ? withImages(source, versions) : undefined
}

export type HelmParameters = NonNullable<NonNullable<ApplicationSource['helm']>['parameters']>

function withParameters(source: ApplicationSource, values: HelmValue[]): ApplicationSource {
  const before = source.helm?.parameters ?? []
  const parameters = mergedParameters(before, values)
  return parameters === before ? source : { ...source, helm: { ...source.helm, parameters } }
}

/** Where they stand, or behind the others; the same list where nothing changes. */
export function mergedParameters(before: HelmParameters, values: HelmValue[]): HelmParameters {
  let parameters = before
  for (const { name, value } of values) {
    const at = parameters.findIndex((parameter) => parameter.name === name)
    if (parameters[at]?.value === value) continue
    // A tag such as 1.10 is no number.
    const parameter = { name, value, forceString: true }
    parameters = at < 0 ? [...parameters, parameter] : parameters.with(at, { ...parameters[at], ...parameter })
  }
  return parameters
}

function withImages(source: ApplicationSource, versions: NewVersion[]): ApplicationSource {
  const before = source.kustomize?.images ?? []
  const images = mergedImages(before, versions)
  return images === before ? source : { ...source, kustomize: { ...source.kustomize, images } }
}

export function mergedImages(before: string[], versions: NewVersion[]): string[] {
  let images = before
  for (const version of versions) {
    const at = images.findIndex((entry) => isAbout(entry, version.rule))
    const entry = images[at]
    const [alias] = entry?.includes('=') ? entry.split('=', 1) : []
    const text = kustomizeImage(version, version.rule.kustomizeName || alias)
    if (entry === text) continue
    images = at < 0 ? [...images, text] : images.with(at, text)
  }
  return images
}

/** Two entries may lead to one image and differ in what they replace. */
function isAbout(entry: string, { image, kustomizeName }: ImageRule): boolean {
  const equals = entry.indexOf('=')
  const alias = equals < 0 ? '' : entry.slice(0, equals)
  const reference = parseReference(entry.slice(equals + 1))
  if (kustomizeName !== '' && (alias || reference?.name) === kustomizeName) return true
  if (kustomizeName !== '' && alias !== '') return false
  return reference !== undefined && isSameImage(reference, image)
}
