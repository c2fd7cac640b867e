/** What the installation has to say to everybody. */
import { X } from 'lucide-react'
import { texts } from '../lib/language.ts'
import { useSession } from '../lib/session.tsx'
import { useStored } from '../lib/stored.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './banner.module.css'

const useTexts = texts({ en: { dismiss: 'Dismiss' }, fr: { dismiss: 'Masquer' } })

export function Banner() {
  const t = useTexts()
  const { uiBannerContent: text, uiBannerURL: url, uiBannerPermanent: isPermanent } = useSession().settings
  const [dismissed, setDismissed] = useStored('banner')
  if (!text || (!isPermanent && dismissed === text)) return null
  return (
    <div className={styles.banner}>
      {url && /^https?:\/\//.test(url) ? (
        <a href={url} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        <span>{text}</span>
      )}
      {!isPermanent && (
        <IconButton label={t.dismiss} onClick={() => setDismissed(text)}>
          <X />
        </IconButton>
      )}
    </div>
  )
}
