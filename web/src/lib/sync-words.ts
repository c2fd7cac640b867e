/** What a sync will do, in words: the sentence above a plan, and the name of the button that begins it. Pure. */
import type { Language } from './language.ts'
import { changesNothing, type Tally } from './sync-plan.ts'

const numbers = { en: new Intl.NumberFormat('en'), fr: new Intl.NumberFormat('fr') }
const verbs = {
  en: { create: 'create', change: 'change', prune: 'prune', run: ['run', 'hook', 'hooks'] },
  fr: { create: 'créer', change: 'modifier', prune: 'supprimer', run: ['exécuter', 'hook', 'hooks'] },
} as const

function parts(language: Language, tally: Tally, change: string): string[] {
  const words = verbs[language]
  const [run, one, several] = words.run
  const number = (amount: number) => numbers[language].format(amount)
  return [
    tally.create > 0 && `${words.create} ${number(tally.create)}`,
    tally.change > 0 && `${words.change} ${number(tally.change)}${change}`,
    tally.prune > 0 && `${words.prune} ${number(tally.prune)}`,
    tally.run > 0 && `${run} ${number(tally.run)} ${tally.run > 1 ? several : one}`,
  ].filter((part) => part !== false)
}

/** Such as `Will create 2, change 3 (1 restarts Pods), prune 1`. */
export function planSentence(language: Language, tally: Tally): string {
  if (changesNothing(tally)) {
    return language === 'en' ? 'Everything is as Git declares it' : 'Tout est conforme à Git'
  }
  const { restarts } = tally
  const change = restarts === 0 ? '' : language === 'en' ? restartsInEnglish(restarts) : restartsInFrench(restarts)
  return `${language === 'en' ? 'Will' : 'Va'} ${parts(language, tally, change).join(', ')}`
}

function restartsInEnglish(restarts: number): string {
  return ` (${restarts} ${restarts === 1 ? 'restarts' : 'restart'} Pods)`
}

function restartsInFrench(restarts: number): string {
  return ` (dont ${restarts} ${restarts > 1 ? 'redémarrent' : 'redémarre'} des Pods)`
}

/** Such as `Create 2, change 3, prune 1`. */
export function planButton(language: Language, tally: Tally): string {
  if (changesNothing(tally)) return language === 'en' ? 'Sync again' : 'Synchroniser à nouveau'
  const text = parts(language, tally, '').join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What of an application deviates, as its status tells before any plan is asked for. */
export interface Pending {
  changes: number
  /** Those of them that Git no longer declares. */
  prunes: number
}

export function pendingOf(resources: { status?: string; requiresPruning?: boolean }[]): Pending {
  const deviating = resources.filter(({ status }) => status === 'OutOfSync')
  return { changes: deviating.length, prunes: deviating.filter(({ requiresPruning }) => requiresPruning).length }
}

/** Of the button that opens the plan: `Sync 3 changes`. */
export function syncButton(language: Language, { changes }: Pick<Pending, 'changes'>): string {
  const number = numbers[language].format(changes)
  if (language === 'en') return changes === 0 ? 'Sync' : `Sync ${number} ${changes === 1 ? 'change' : 'changes'}`
  return changes === 0 ? 'Synchroniser' : `Synchroniser ${number} ${changes > 1 ? 'changements' : 'changement'}`
}
