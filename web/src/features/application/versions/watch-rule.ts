/** What to write to have images watched, made from what runs. Pure. */
import type { ImageRow } from '../data/application-images.ts'
import { nameParts } from './standings.ts'

const imagePrefix = 'argocd-image-updater.argoproj.io/'
export const imageList = `${imagePrefix}image-list`

/** Those that no rule is about; an entry that cannot be read is told of as a problem, and is to be mended where it stands. */
export function unwatchedOf(items: ImageRow[], before = ''): ImageRow[] {
  const listed = before.split(',').map((entry) => entry.trim().replace(/^[\w.-]+=/, ''))
  return items.filter(
    ({ alias, image }) => alias === undefined && !listed.some((one) => one === image || one.startsWith(`${image}:`)),
  )
}

export function aliasesIn(before = ''): string[] {
  return before.split(',').flatMap((entry) => /^\s*([\w.-]+)=/.exec(entry)?.[1] ?? [])
}

interface Suggestion {
  alias: string
  /** `NAME[:CONSTRAINT]`. */
  image: string
  /** Beside the strategy `semver`, by the names of annotations. */
  settings: Record<string, string>
}

/** One rule for each image, which would keep it within its major version. */
export function suggestions(images: Pick<ImageRow, 'image' | 'running'>[], taken: string[] = []): Suggestion[] {
  const names = new Set(taken)
  return images.map(({ image, running: [version = ''] }) => {
    const alias = free(nameParts(image).own.replace(/[^\w.-]/g, '-'), names)
    names.add(alias)
    return { alias, ...ruleFor(image, version.split('@')[0] ?? '') }
  })
}

function free(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name}-${number}`)) number++
  return `${name}-${number}`
}

function ruleFor(image: string, tag: string): Omit<Suggestion, 'alias'> {
  const [, major, minor, variant] = /^v?(\d+)(?:\.(\d+))?(?:\.\d+)*(?:-([A-Za-z][\w.-]*))?$/.exec(tag) ?? []
  if (major === undefined) {
    // Without an order there is one thing to follow: the tag, wherever it leads.
    if (tag === '') return { image, settings: {} }
    return { image: `${image}:${tag}`, settings: { 'update-strategy': 'digest' } }
  }
  const range = `^${[major, minor].filter((part) => part !== undefined).join('.')}`
  if (variant === undefined) return { image: `${image}:${range}`, settings: {} }
  // `1.27-alpine` is read as a prerelease, and other builds are not to take its place.
  const escaped = variant.replace(/[.]/g, '\\.')
  return { image: `${image}:${range}-0`, settings: { 'allow-tags': `regexp:^v?[0-9.]+-${escaped}$` } }
}

/** For the metadata of the Application. `before`: the list that stands there, which stays. */
export function watchAnnotations(wanted: Suggestion[], before = ''): Record<string, string> {
  const list = [before.trim(), ...wanted.map(({ alias, image }) => `${alias}=${image}`)].filter(Boolean).join(', ')
  const settings = wanted.flatMap(({ alias, settings }) =>
    Object.entries(settings).map(([name, value]) => [`${imagePrefix}${alias}.${name}`, value]),
  )
  return { [imageList]: list, ...Object.fromEntries(settings) }
}

export function annotationLines(annotations: Record<string, string>): string {
  const lines = Object.entries(annotations).map(([name, value]) => `${name}: ${yamlText(value)}`)
  return lines.join('\n')
}

/** Names and annotations of Kubernetes need no more than the quotes. */
export function annotateCommand(
  { name, namespace }: { name: string; namespace?: string | undefined },
  annotations: Record<string, string>,
): string {
  const texts = Object.entries(annotations).map(([key, value]) => `${key}='${value.replaceAll("'", "'\\''")}'`)
  const command = ['kubectl annotate --overwrite application', name, ...(namespace ? ['-n', namespace] : [])].join(' ')
  return [command, ...texts].join(' \\\n  ')
}

const fields: Record<string, string> = { 'update-strategy': 'updateStrategy', 'allow-tags': 'allowTags' }

/** For `images` of an ImageUpdater. */
export function updaterEntries(wanted: Suggestion[]): string {
  return wanted
    .flatMap(({ alias, image, settings }) => [
      `- alias: ${alias}`,
      `  imageName: ${yamlText(image)}`,
      ...(Object.keys(settings).length > 0 ? ['  commonUpdateSettings:'] : []),
      ...Object.entries(settings).map(([name, value]) => `    ${fields[name]}: ${yamlText(value)}`),
    ])
    .join('\n')
}

function yamlText(text: string): string {
  return /^[\w./][^#'"\n]*$/.test(text) && !/: |:$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`
}
