/** Light or dark: as the system has it, unless its user has chosen. */
import { readStored, store, useStored } from './stored.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export function useTheme(): Theme {
  const [chosen] = useStored('theme')
  return themes.find((theme) => theme === chosen) ?? 'system'
}

export function setTheme(theme: Theme): void {
  store('theme', theme === 'system' ? undefined : theme)
  applyTheme()
}

/** Once before the page is drawn, so that it never flashes in the other one. */
export function applyTheme(): void {
  const chosen = readStored('theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
  else delete document.documentElement.dataset.theme
}
