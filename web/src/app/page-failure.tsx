/** A page that breaks says so in its own place, and leaves the rest usable. */
import { Component, type ReactNode } from 'react'
import { texts } from '../lib/language.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

const useTexts = texts({
  en: { broke: 'This page broke', reload: 'Reload' },
  fr: { broke: 'Cette page a cessé de fonctionner', reload: 'Recharger' },
})

export class PageFailure extends Component<{ children: ReactNode }, { error?: unknown; path?: string }> {
  override state: { error?: unknown; path?: string } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error, path: location.pathname }
  }

  override render() {
    // Another page may well work.
    if (this.state.error === undefined || this.state.path !== location.pathname) return this.props.children
    return <Broken error={this.state.error} />
  }
}

/** Most often a new version has been installed, and the page asks for files of the old one. */
function Broken({ error }: { error: unknown }) {
  const t = useTexts()
  return (
    <Notice tone="bad" title={t.broke} actions={<Button onClick={() => location.reload()}>{t.reload}</Button>}>
      {error instanceof Error ? error.message : String(error)}
    </Notice>
  )
}
