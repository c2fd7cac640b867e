/** The annotations of argocd-image-updater on an Application, read into rules. Pure. */
import { type Application, listAnnotation } from '../model/index.ts'
import { readRules } from './read-rules.ts'
import type { ImageSettings, UpdateRules } from './rules.ts'

export const imagePrefix = 'argocd-image-updater.argoproj.io/'

/** Undefined for applications that ask for nothing. */
export function rulesFromAnnotations({ metadata }: Pick<Application, 'metadata'>): UpdateRules | undefined {
  const all = metadata.annotations ?? {}
  const list = all[`${imagePrefix}image-list`]
  if (list === undefined || list.trim() === '') return undefined
  const of = (key: string): string | undefined => all[imagePrefix + key]
  return readRules(
    listAnnotation(list).map((entry) => settingsOf(entry, of)),
    {
      method: of('write-back-method'),
      target: of('write-back-target'),
      branch: of('git-branch'),
      repository: of('git-repository'),
    },
  )
}

function settingsOf(entry: string, of: (key: string) => string | undefined): ImageSettings {
  const equals = /^([\w.-]+)=(?!=)/.exec(entry)
  const alias = equals?.[1] ?? ''
  /** What is said for the one image comes before what is said for all of the application. */
  const own = (key: string) => (alias === '' ? undefined : of(`${alias}.${key}`))
  const either = (key: string) => own(key) ?? of(key)
  const platforms = own('platforms') ?? of('platforms')
  const helm = { name: own('helm.image-name'), tag: own('helm.image-tag'), spec: own('helm.image-spec') }
  const texts = Object.entries(helm).flatMap(([key, text]) => (text?.trim() ? [[key, text.trim()]] : []))
  return {
    alias,
    image: entry.slice(equals?.[0].length ?? 0),
    strategy: either('update-strategy') ?? '',
    allowTags: either('allow-tags') ?? '',
    ignoreTags: listAnnotation(either('ignore-tags')),
    forceUpdate: either('force-update')?.trim() === 'true',
    pullSecret: either('pull-secret') ?? '',
    platforms: listAnnotation(platforms),
    helm: Object.fromEntries(texts),
    kustomizeName: own('kustomize.image-name')?.trim() ?? '',
  }
}
