/** The images of an application: what runs, what their rules allow, and what keeps newer ones away. */
import type { ApplicationImages, ImageRow } from '../data/application-images.ts'
import { Failure, Held, LastUpdate } from './remarks.tsx'
import { heldByReason, imageStanding, nameParts } from './standings.ts'
import { VersionTable } from './version-table.tsx'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'

export function ImageTable({ images }: { images: ApplicationImages }) {
  const t = useVersionTexts()
  const [watched, others] = [true, false].map((is) => images.items.filter(({ alias }) => (alias !== undefined) === is))
  return (
    <VersionTable
      label={t.images}
      titles={{ name: t.image, rule: t.rule }}
      lines={[...(watched ?? []), ...(others ?? [])].map((row) => ({
        key: `${row.image} ${row.alias}`,
        name: <ImageName image={row.image} />,
        runs: row.running,
        newest: row.newest,
        rule: row.alias === undefined ? undefined : <Rule row={row} alias={row.alias} />,
        standing: imageStanding(row),
        remarks: <Remarks row={row} next={nextOf(images)} />,
      }))}
    />
  )
}

function ImageName({ image }: { image: string }) {
  const { home, own } = nameParts(image)
  return (
    <code className={styles.code}>
      <span className={styles.home}>{home}</span>
      <wbr />
      {own}
    </code>
  )
}

function Rule({ row, alias }: { row: ImageRow; alias: string }) {
  const t = useVersionTexts()
  const { image, strategy, constraint } = row
  return (
    <>
      {strategy} {constraint ? <code>{constraint}</code> : strategy === 'semver' && t.anyVersion}
      {alias !== image && alias !== nameParts(image).own && <span className={styles.beside}>{t.asAlias(alias)}</span>}
    </>
  )
}

/** What becomes of a newer version: only told where nothing is in its way. */
function nextOf({ writtenTo, leftAlone, problems }: ApplicationImages): 'spec' | 'git' | undefined {
  if (!writtenTo || leftAlone !== undefined || problems.length > 0) return undefined
  return writtenTo.in === 'git' ? 'git' : 'spec'
}

function Remarks({ row, next }: { row: ImageRow; next: 'spec' | 'git' | undefined }) {
  const t = useVersionTexts()
  const { heldBack, proposal, message, updated } = row
  const standing = imageStanding(row)
  const hint = standing === 'newer' ? next && t.writtenNext[next] : t.hints[standing]
  const held = heldByReason(heldBack)
  return (
    <>
      {message !== undefined && <Failure message={message} step={t.imageFailed} />}
      {hint && <p>{hint}</p>}
      {held.map((one) => (
        <Held key={one.by} held={one} proposal={one.by === 'range' ? proposal : undefined} />
      ))}
      {updated && <LastUpdate {...updated} />}
    </>
  )
}
