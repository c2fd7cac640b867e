/** What new versions of images change in a file of a repository. Pure. */
import type { ApplicationSource, SourceType } from '../../model/index.ts'
import { type HelmParameters, helmValues, mergedImages, mergedParameters, type NewVersion } from '../parameters.ts'
import { isSameImage, parseReference } from '../reference.ts'
import { YamlEditor, type YamlPath } from './yaml-editor.ts'

/** The text afterwards; `before` is undefined where there is no such file. Throws an error that says why it cannot be. */
export type ChangeFile = (before: string | undefined) => string

export interface OverridesInput {
  source: ApplicationSource
  type: SourceType | undefined
  versions: NewVersion[]
}

/** `.argocd-source-NAME.yaml`. What it says replaces a list of the source as a whole, so that it begins with that list. */
export function changeOverrides({ source, type, versions }: OverridesInput): ChangeFile {
  return (before = '') => {
    const editor = new YamlEditor(before)
    if (type === 'Helm') changeParameters(editor, source.helm?.parameters ?? [], versions)
    else if (type === 'Kustomize') changeImages(editor, source.kustomize?.images ?? [], versions)
    else throw new Error('the source is neither Helm nor Kustomize: nothing could read the version from there')
    return editor.text
  }
}

function changeParameters(editor: YamlEditor, given: HelmParameters, versions: NewVersion[]): void {
  const path = ['helm', 'parameters']
  const values = versions.flatMap(helmValues)
  if (editor.length(path) === 0) {
    editor.set(path, mergedParameters(given, values))
    return
  }
  for (const { name, value } of values) {
    const at = indexOf(editor, path, (entry) => editor.scalar([...entry, 'name']) === name)
    if (at === undefined) editor.set([...path, editor.length(path)], { name, value, forceString: true })
    else if (editor.scalar([...path, at, 'value']) !== value) editor.setText([...path, at, 'value'], value)
  }
}

function changeImages(editor: YamlEditor, given: string[], versions: NewVersion[]): void {
  const path = ['kustomize', 'images']
  const length = editor.length(path)
  if (length === 0) {
    editor.set(path, mergedImages(given, versions))
    return
  }
  const before = Array.from({ length }, (_, index) => editor.scalar([...path, index]) ?? '')
  for (const [index, text] of mergedImages(before, versions).entries()) {
    if (index >= length) editor.set([...path, index], text)
    else if (text !== before[index]) editor.setText([...path, index], text)
  }
}

/** A Kustomization's list of images, as `kustomize edit set image` changes it. */
export function changeKustomization(versions: NewVersion[]): ChangeFile {
  return (before) => {
    if (before === undefined) throw new Error('there is no kustomization.yaml, kustomization.yml or Kustomization')
    const editor = new YamlEditor(before)
    for (const version of versions) setImage(editor, version)
    return editor.text
  }
}

function setImage(editor: YamlEditor, { rule, version }: NewVersion): void {
  const { image, kustomizeName } = rule
  const wanted = kustomizeName || image.name
  const nameOf = (entry: YamlPath) => editor.scalar([...entry, 'name']) ?? ''
  const at =
    indexOf(editor, ['images'], (entry) => nameOf(entry) === wanted) ??
    indexOf(editor, ['images'], (entry) => {
      const name = parseReference(nameOf(entry))
      return kustomizeName === '' && name !== undefined && isSameImage(name, image)
    })
  const { tag, digest } = version
  if (at === undefined) {
    const entry = {
      name: wanted,
      ...(wanted !== image.name && { newName: image.name }),
      newTag: tag,
      ...(digest && { digest }),
    }
    editor.set(['images', editor.length(['images'])], entry)
    return
  }
  const entry: YamlPath = ['images', at]
  const newName = parseReference(editor.scalar([...entry, 'newName']) ?? nameOf(entry))
  if (!newName || !isSameImage(newName, image)) editor.setText([...entry, 'newName'], image.name)
  if (editor.scalar([...entry, 'newTag']) !== tag) editor.setText([...entry, 'newTag'], tag)
  if (digest) editor.setText([...entry, 'digest'], digest)
  else editor.remove([...entry, 'digest'])
}

/** A file of values of a Helm chart. */
export function changeHelmValues(versions: NewVersion[]): ChangeFile {
  return (before = '') => {
    const editor = new YamlEditor(before)
    for (const version of versions) {
      for (const { name, value, part } of helmValues(version)) {
        const path = valuePath(editor, name)
        const present = editor.scalar(path)
        // A chart that calls the name of its image something else keeps doing so.
        if (part === 'name' && present === undefined && !version.rule.helm.name) continue
        if (part === 'name' && isSameName(present, version)) continue
        if (present !== value) editor.setText(path, value)
      }
    }
    return editor.text
  }
}

/** A short name stays short. */
function isSameName(present: string | undefined, { rule }: NewVersion): boolean {
  if (!present) return false
  const reference = parseReference(present)
  if (reference && isSameImage(reference, rule.image)) return true
  // The registry stands in another value.
  return present === rule.image.repository
}

/** `a.b[0].c`; a key that has the dots in it comes before what they would mean. */
function valuePath(editor: YamlEditor, name: string): YamlPath {
  const path: (string | number)[] = []
  let rest = name.trim()
  if (rest === '' || rest.length > 500) throw new Error(`${JSON.stringify(name)} names no value of the chart`)
  while (rest !== '') {
    const literal = editor.keys(path).filter((key) => key !== '' && (rest === key || rest.startsWith(`${key}.`)))
    const key = literal.sort((one, other) => other.length - one.length)[0]
    const [segment = ''] = key === undefined ? rest.split('.', 1) : [key]
    const [, label = segment, indexes = ''] =
      (key === undefined && /^([^[\]]*)((?:\[\d+\])+)$/.exec(segment)) || ([] as string[])
    if (label !== '') path.push(label)
    for (const [, index = ''] of indexes.matchAll(/\[(\d+)\]/g)) {
      if (!editor.has([...path, Number(index)])) throw new Error(`${name}: the list has no element ${index}`)
      path.push(Number(index))
    }
    rest = rest.slice(segment.length).replace(/^\./, '')
  }
  return path
}

function indexOf(editor: YamlEditor, list: YamlPath, matches: (entry: YamlPath) => boolean): number | undefined {
  for (let index = 0; index < editor.length(list); index++) if (matches([...list, index])) return index
  return undefined
}
