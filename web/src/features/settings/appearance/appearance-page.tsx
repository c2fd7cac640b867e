/** How the page looks in this browser. */
import { type Language, languages, setLanguage, texts, useLanguage } from '../../../lib/language.ts'
import { setTheme, themes, useTheme } from '../../../lib/theme.ts'
import { Page } from '../../../ui/page.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { useSettingsTexts } from '../texts.ts'

const useTexts = texts({
  en: {
    theme: 'Theme',
    themeHint: 'As the system: light by day and dark by night, where the system changes.',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    languageHint: 'What the server says, such as errors, stays in English.',
    kept: 'Kept in this browser, for whoever uses it.',
  },
  fr: {
    theme: 'Thème',
    themeHint: 'Comme le système : clair le jour et sombre la nuit, là où le système change.',
    themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' },
    language: 'Langue',
    languageHint: 'Ce que dit le serveur, comme les erreurs, reste en anglais.',
    kept: 'Gardé dans ce navigateur, pour quiconque s’en sert.',
  },
})

export default function AppearancePage() {
  const t = useTexts()
  const names = useSettingsTexts()
  const theme = useTheme()
  const language = useLanguage()
  return (
    <Page title={names.pages.appearance.name} lead={t.kept}>
      <Facts>
        <Fact label={t.theme} hint={t.themeHint}>
          <Segmented
            label={t.theme}
            choices={themes.map((id) => ({ id, label: t.themes[id] }))}
            chosen={theme}
            onChoose={setTheme}
          />
        </Fact>
        <Fact label={t.language} hint={t.languageHint}>
          <Segmented
            label={t.language}
            choices={(Object.keys(languages) as Language[]).map((id) => ({ id, label: languages[id] }))}
            chosen={language}
            onChoose={setLanguage}
          />
        </Fact>
      </Facts>
    </Page>
  )
}
