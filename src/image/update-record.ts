/** What was written last for each image of an application: kept on the Application itself, since Events go after an hour. Pure. */
import { type Application, annotation, listAt, textAt, withoutPassword } from '../model/index.ts'
import type { ImageUpdate } from './examine.ts'
import { versionText } from './reference.ts'
import type { WrittenCommit } from './write-back/git-batch.ts'

/** An entry of the annotation. */
export interface RecordedUpdate {
  alias: string
  image: string
  from: string
  to: string
  /** RFC 3339. */
  at: string
  /** Absent where it was written to the spec. */
  commit?: Pick<WrittenCommit, 'repoURL' | 'branch' | 'revision'>
}

export interface Writing {
  updates: ImageUpdate[]
  commit?: WrittenCommit
  now: Date
}

/** What is longer belongs to images that nothing asks for any more. */
const most = 50

/** The annotations to write: these updates before those of other images. */
export function recordOf(application: Pick<Application, 'metadata'>, { updates, commit, now }: Writing) {
  const at = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const entries = updates.map(({ rule, version, from }): RecordedUpdate => {
    const { repoURL = '', branch = '', revision = '' } = commit ?? {}
    const written = { alias: rule.alias, image: rule.image.name, from, to: versionText(version), at }
    return commit ? { ...written, commit: { repoURL: withoutPassword(repoURL), branch, revision } } : written
  })
  const others = recordedUpdates(application).filter((one) => !entries.some((entry) => isAbout(entry, one)))
  return { [annotation.imageUpdates]: JSON.stringify([...entries, ...others].slice(0, most)) }
}

/** Entries that cannot be read are none. */
export function recordedUpdates({ metadata }: Pick<Application, 'metadata'>): RecordedUpdate[] {
  return listAt({ entries: parsed(metadata.annotations?.[annotation.imageUpdates]) }, 'entries').flatMap((entry) => {
    const [alias, image, from, to, at] = ['alias', 'image', 'from', 'to', 'at'].map((name) => textAt(entry, name))
    if (!alias || !image || !to || !at || Number.isNaN(Date.parse(at))) return []
    const [repoURL, branch, revision] = ['repoURL', 'branch', 'revision'].map((name) => textAt(entry, 'commit', name))
    const commit = repoURL && branch && revision ? { repoURL, branch, revision } : undefined
    return [{ alias, image, from: from ?? '', to, at, ...(commit && { commit }) }]
  })
}

export function isAbout(one: Pick<RecordedUpdate, 'alias' | 'image'>, other: Pick<RecordedUpdate, 'alias' | 'image'>) {
  return one.alias === other.alias && one.image === other.image
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
