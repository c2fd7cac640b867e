/** How images that nobody watches are watched: what to write, ready to copy. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { ApplicationImages, ImageRow } from '../data/application-images.ts'
import { useVersionTexts } from './version-texts.ts'
import styles from './versions.module.css'
import {
  aliasesIn,
  annotateCommand,
  annotationLines,
  imageList,
  suggestions,
  unwatchedOf,
  updaterEntries,
  watchAnnotations,
} from './watch-rule.ts'

export interface WatchHelpProps {
  application: Application
  rules: ApplicationImages['rules']
  items: ImageRow[]
}

export function WatchHelp({ application, rules, items }: WatchHelpProps) {
  const t = useVersionTexts()
  const list = application.metadata.annotations?.[imageList]
  const unwatched = unwatchedOf(items, list)
  const isFirst = unwatched.length === items.length
  const [isOpen, setOpen] = useState(isFirst)
  if (unwatched.length === 0) return null
  if (!canBeWritten(application)) return <Notice title={t.cannotWrite}>{t.cannotWriteText}</Notice>
  return (
    <section className={styles.watch}>
      <button type="button" className={styles.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronRight size={14} aria-hidden />
        {isFirst ? t.watchAll : t.watchOthers(unwatched.length)}
      </button>
      {isOpen && (
        <Rules
          application={application}
          list={list}
          rules={rules}
          wanted={suggestions(unwatched, [...items.flatMap(({ alias }) => alias ?? []), ...aliasesIn(list)])}
        />
      )}
    </section>
  )
}

interface RulesProps extends Pick<WatchHelpProps, 'application' | 'rules'> {
  list: string | undefined
  wanted: ReturnType<typeof suggestions>
}

function Rules({ application, list, rules, wanted }: RulesProps) {
  const t = useVersionTexts()
  const annotations = watchAnnotations(wanted, list)
  return (
    <div className={styles.rules}>
      <p>{t.watchText}</p>
      {rules?.in === 'ImageUpdater' ? (
        <Snippet words={t.inUpdater(rules.updater ?? '')} text={updaterEntries(wanted)} />
      ) : (
        <>
          <Snippet words={t.inGit} text={annotationLines(annotations)} />
          <Snippet words={t.atOnce} text={annotateCommand(application.metadata, annotations)} />
        </>
      )}
    </div>
  )
}

function Snippet({ words, text }: { words: string; text: string }) {
  const t = useVersionTexts()
  return (
    <div>
      <p className={styles.words}>{words}</p>
      <div className={styles.snippet}>
        <pre>{text}</pre>
        <CopyButton text={text} label={`${t.copy}: ${words.replace(/ ?:$/, '')}`} />
      </div>
    </div>
  )
}

/** Before it was rendered for the first time, it may turn out to be either. */
function canBeWritten({ status }: Application): boolean {
  const { sourceType, sourceTypes = sourceType ? [sourceType] : [] } = status ?? {}
  return sourceTypes.length === 0 || sourceTypes.some((type) => type === 'Helm' || type === 'Kustomize')
}
