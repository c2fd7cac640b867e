/** Says what would be gone for good, next to the button that does it. */
import type { PlannedStep } from '../../lib/api.ts'
import { type Language, texts, useLanguage } from '../../lib/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { type Destroyed, destroyedBy } from './destroyed.ts'

const useTexts = texts({
  en: {
    pruned: (names: string, several: boolean) => `Deletes ${names}, with what ${several ? 'they own' : 'it owns'}.`,
    more: {
      data: (name: string) => `The data of ${name} is lost.`,
      'everything in it': (name: string) => `Everything in ${name} goes with it.`,
      'objects of its kind': (name: string) => `All objects of ${name} go with it, in every namespace.`,
    } as Record<Destroyed['withMore'][number]['what'], (name: string) => string>,
    replaced: (names: string) => `Replaces ${names}: what controllers and people have set on them is gone.`,
    forced: (names: string) => `Where ${names} cannot be changed in place, it is deleted and created anew.`,
    andMore: (amount: number) => ` and ${amount} more`,
  },
  fr: {
    pruned: (names: string, several: boolean) =>
      `Supprime ${names}, avec ce qu${several ? '’ils possèdent' : '’il possède'}.`,
    more: {
      data: (name: string) => `Les données de ${name} sont perdues.`,
      'everything in it': (name: string) => `Tout ce que contient ${name} disparaît avec lui.`,
      'objects of its kind': (name: string) => `Tous les objets de ${name} disparaissent, dans tous les namespaces.`,
    },
    replaced: (names: string) => `Remplace ${names} : ce que contrôleurs et personnes y ont réglé est perdu.`,
    forced: (names: string) => `Si ${names} ne peut être modifié sur place, il est supprimé et recréé.`,
    andMore: (amount: number) => ` et ${amount} de plus`,
  },
})

const namedAtMost = 4

export function Destruction({ steps }: { steps: PlannedStep[] }) {
  const t = useTexts()
  const language = useLanguage()
  const { pruned, withMore, replaced, forced } = destroyedBy(steps)
  if (pruned.length + replaced.length + forced.length === 0) return null
  const list = (names: string[]) => listed(names, language, t.andMore)
  return (
    <Notice tone="drift">
      {pruned.length > 0 && <p>{t.pruned(list(pruned), pruned.length > 1)}</p>}
      {withMore.map(({ name, what }) => (
        <p key={name}>
          <strong>{t.more[what](name)}</strong>
        </p>
      ))}
      {replaced.length > 0 && <p>{t.replaced(list(replaced))}</p>}
      {forced.length > 0 && <p>{t.forced(list(forced))}</p>}
    </Notice>
  )
}

function listed(names: string[], language: Language, andMore: (amount: number) => string): string {
  const named = names.slice(0, namedAtMost)
  const more = names.length - named.length
  const text = new Intl.ListFormat(language, { type: more > 0 ? 'unit' : 'conjunction' }).format(named)
  return more > 0 ? text + andMore(more) : text
}
