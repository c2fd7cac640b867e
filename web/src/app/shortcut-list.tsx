/** The keys that do something here. */
import { useState } from 'react'
import { texts } from '../lib/language.ts'
import { shortcutsInForce } from '../lib/shortcuts.ts'
import { Dialog } from '../ui/dialog.tsx'
import { isMac } from './shell.tsx'
import styles from './shortcut-list.module.css'

const useTexts = texts({ en: { title: 'Keyboard shortcuts' }, fr: { title: 'Raccourcis clavier' } })

export default function ShortcutList({ onClose }: { onClose(): void }) {
  const t = useTexts()
  const [shortcuts] = useState(shortcutsInForce)
  return (
    <Dialog title={t.title} onClose={onClose}>
      <dl className={styles.list}>
        {shortcuts.map(({ keys, label }) => (
          <div key={keys} className={styles.row}>
            <dt>{label}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key.replace('mod+', isMac() ? '⌘ ' : 'Ctrl ')}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
