/** Which source of an application its images are written to. Pure. */
import { type Application, type ApplicationSource, type SourceType, sourcesOf } from '../model/index.ts'

export interface UpdatableSource {
  source: ApplicationSource
  type: SourceType | undefined
  /** Among `sources`; undefined where there is only `source`. */
  index: number | undefined
}

/** The first that is Helm or Kustomize; `repository` is preferred where it is the address of one. */
export function updatableSource({ spec, status }: Application, repository = ''): UpdatableSource | undefined {
  const several = (spec.sources?.length ?? 0) > 0
  const all = sourcesOf(spec).map((source, index): UpdatableSource => {
    const found = several ? status?.sourceTypes?.[index] : status?.sourceType
    return { source, type: found ?? typeSaid(source), index: several ? index : undefined }
  })
  const suitable = all.filter(({ type }) => type === 'Helm' || type === 'Kustomize')
  return suitable.find(({ source }) => source.repoURL === repository) ?? suitable[0] ?? all[0]
}

/** Before it was rendered for the first time. */
function typeSaid({ helm, kustomize, chart }: ApplicationSource): SourceType | undefined {
  if (kustomize) return 'Kustomize'
  return helm || chart !== undefined ? 'Helm' : undefined
}
