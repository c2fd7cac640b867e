/** Syncs or refreshes many: says how many, asks first, shows how far it is and what has failed. */
import { useEffect, useRef, useState } from 'react'
import { failureText } from '../../../lib/api.ts'
import { count, texts, useLanguage } from '../../../lib/language.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Checkbox } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { keyOf, type Row } from '../rows/rows.ts'
import { refreshApplication, syncApplication } from '../rows/sync-application.ts'
import styles from './bulk-dialog.module.css'
import { inTurns, type Outcome } from './in-turns.ts'

export type BulkKind = 'sync' | 'refresh'

interface BulkDialogProps {
  kind: BulkKind
  amount: number
  /** A few of their names. */
  examples: string[]
  /** All of them, asked for when it begins. */
  find(signal: AbortSignal): Promise<Row[]>
  onClose(): void
}

const amountOf = {
  en: (amount: number) => count('en', amount, 'application', 'applications'),
  fr: (amount: number) => count('fr', amount, 'application', 'applications'),
}

const en = {
  sync: (amount: number) => `Sync ${amountOf.en(amount)}`,
  refresh: (amount: number) => `Refresh ${amountOf.en(amount)}`,
  syncText: 'What Git declares now is applied to their clusters.',
  refreshText:
    'They are compared with Git anew. Nothing in a cluster is changed, except by those that sync by themselves.',
  onlyDrifted: 'Leave out those that are as declared',
  prune: 'Prune',
  pruneHint: 'Objects that are no longer declared are deleted.',
  among: (names: string, more: number) => (more > 0 ? `${names} and ${more} more` : names),
  cancel: 'Cancel',
  stop: 'Stop',
  close: 'Close',
  again: (amount: number) => `Try ${amountOf.en(amount)} again`,
  finding: 'Looking up which ones…',
  progress: (done: number, all: number) => `${done} of ${all}`,
  stopped: (done: number, all: number) => `Stopped after ${done} of ${all}.`,
  syncDone: (amount: number) => `The sync of ${amountOf.en(amount)} has been started.`,
  refreshDone: (amount: number) => `${amountOf.en(amount)} refreshed.`,
  leftOut: (amount: number) => `${amountOf.en(amount)} left out: as declared.`,
  failed: (amount: number) => `${amount} failed`,
}
const fr: typeof en = {
  sync: (amount) => `Synchroniser ${amountOf.fr(amount)}`,
  refresh: (amount) => `Actualiser ${amountOf.fr(amount)}`,
  syncText: 'Ce que Git déclare maintenant est appliqué à leurs clusters.',
  refreshText:
    'Elles sont comparées de nouveau à Git. Rien n’est changé dans un cluster, sauf par celles qui se synchronisent d’elles-mêmes.',
  onlyDrifted: 'Laisser de côté celles qui sont conformes',
  prune: 'Élaguer',
  pruneHint: 'Les objets qui ne sont plus déclarés sont supprimés.',
  among: (names, more) => (more > 0 ? `${names} et ${more} autres` : names),
  cancel: 'Annuler',
  stop: 'Arrêter',
  close: 'Fermer',
  again: (amount) => `Réessayer pour ${amountOf.fr(amount)}`,
  finding: 'Recherche des applications…',
  progress: (done, all) => `${done} sur ${all}`,
  stopped: (done, all) => `Arrêté après ${done} sur ${all}.`,
  syncDone: (amount) => `La synchronisation de ${amountOf.fr(amount)} a commencé.`,
  refreshDone: (amount) => `${amountOf.fr(amount)} actualisées.`,
  leftOut: (amount) => `${amountOf.fr(amount)} laissées de côté : conformes.`,
  failed: (amount) => `${amount} en échec`,
}
const useTexts = texts({ en, fr })

type Step = 'asking' | 'finding' | 'running' | 'stopped' | 'done'
const nothing: Outcome<Row> = { done: 0, failures: [] }

export function BulkDialog({ kind, amount, examples, find, onClose }: BulkDialogProps) {
  const t = useTexts()
  const language = useLanguage()
  const [step, setStep] = useState<Step>('asking')
  const [isOnlyDrifted, setOnlyDrifted] = useState(kind === 'sync')
  const [prune, setPrune] = useState(false)
  const [total, setTotal] = useState(amount)
  const [leftOut, setLeftOut] = useState(0)
  const [outcome, setOutcome] = useState<Outcome<Row>>(nothing)
  const [failure, setFailure] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])

  async function run(rows: (signal: AbortSignal) => Promise<Row[]>): Promise<void> {
    const mine = new AbortController()
    stop.current = mine
    setFailure(undefined)
    setOutcome(nothing)
    setStep('finding')
    try {
      const found = await rows(mine.signal)
      const meant =
        kind === 'sync' && isOnlyDrifted ? found.filter(({ status }) => status?.sync?.status !== 'Synced') : found
      setTotal(meant.length)
      setLeftOut(found.length - meant.length)
      setStep('running')
      const work = (row: Row) => (kind === 'sync' ? syncApplication(row, { prune }) : refreshApplication(row))
      setOutcome(await inTurns(meant, work, { signal: mine.signal, onProgress: setOutcome }))
      setStep(mine.signal.aborted ? 'stopped' : 'done')
    } catch (error) {
      if (mine.signal.aborted) return setStep('stopped')
      setFailure(error)
      setStep('asking')
    }
  }

  const { done, failures } = outcome
  const isUnderWay = step === 'finding' || step === 'running'
  return (
    <Dialog
      title={t[kind](amount)}
      onClose={onClose}
      footer={
        <>
          {isUnderWay ? (
            <Button onClick={() => stop.current?.abort()}>{t.stop}</Button>
          ) : (
            <Button onClick={onClose}>{step === 'asking' ? t.cancel : t.close}</Button>
          )}
          {step === 'asking' && (
            <Button kind="primary" onClick={() => void run(find)}>
              {t[kind](amount)}
            </Button>
          )}
          {step === 'done' && failures.length > 0 && (
            <Button kind="primary" onClick={() => void run(async () => failures.map(({ item }) => item))}>
              {t.again(failures.length)}
            </Button>
          )}
        </>
      }
    >
      {step === 'asking' && (
        <>
          <p>{kind === 'sync' ? t.syncText : t.refreshText}</p>
          <p className={styles.among}>{t.among(examples.join(', '), amount - examples.length)}</p>
          {kind === 'sync' && (
            <>
              <Checkbox
                label={t.onlyDrifted}
                checked={isOnlyDrifted}
                onChange={({ target }) => setOnlyDrifted(target.checked)}
              />
              <Checkbox
                label={t.prune}
                hint={t.pruneHint}
                checked={prune}
                onChange={({ target }) => setPrune(target.checked)}
              />
            </>
          )}
        </>
      )}
      {step !== 'asking' && (
        <div role="status">
          <progress
            className={styles.progress}
            max={Math.max(1, total)}
            aria-label={t[kind](amount)}
            {...(step !== 'finding' && { value: step === 'done' ? Math.max(1, total) : done + failures.length })}
          />
          <p>
            {step === 'finding' && t.finding}
            {step === 'running' && t.progress(done + failures.length, total)}
            {step === 'stopped' && t.stopped(done + failures.length, total)}
            {step === 'done' && (kind === 'sync' ? t.syncDone(done) : t.refreshDone(done))}
            {step === 'done' && leftOut > 0 && ` ${t.leftOut(leftOut)}`}
          </p>
        </div>
      )}
      {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
      {failures.length > 0 && (
        <Notice tone="bad" title={t.failed(failures.length)}>
          <ul className={styles.failures} lang={language}>
            {failures.slice(0, 100).map(({ item, error }) => (
              <li key={keyOf(item)}>
                <strong>{item.metadata.name}</strong>: {failureText(error)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </Dialog>
  )
}
