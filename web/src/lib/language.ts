/** English and French: texts are typed, so that neither language can lack one. */
import { store, useStored } from './stored.ts'

export const languages = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof languages

export function useLanguage(): Language {
  const [chosen] = useStored('language')
  return languageOf(chosen)
}

export function setLanguage(language: Language): void {
  store('language', language)
}

/** The browser's own language where none is chosen and it is one of ours. */
export function languageOf(chosen: string | undefined, preferred: readonly string[] = navigator.languages): Language {
  for (const tag of [chosen ?? '', ...preferred]) {
    const language = tag.split('-')[0]?.toLowerCase() ?? ''
    if (language in languages) return language as Language
  }
  return 'en'
}

/** `const useTexts = texts({ en: {…}, fr: {…} })`; values are texts, or functions of what they speak about. */
export function texts<Texts>(all: { en: Texts; fr: NoInfer<Texts> }): () => Texts {
  return () => all[useLanguage()]
}

const rules = { en: new Intl.PluralRules('en'), fr: new Intl.PluralRules('fr') }
const numbers = { en: new Intl.NumberFormat('en'), fr: new Intl.NumberFormat('fr') }

/** `count('en', 2, 'change', 'changes')` is `2 changes`. In French, 0 is singular. */
export function count(language: Language, amount: number, one: string, other: string): string {
  return `${numbers[language].format(amount)}\u00a0${rules[language].select(amount) === 'one' ? one : other}`
}
