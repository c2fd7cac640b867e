/** Puts a text where it can be pasted from, and says that it did. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { texts } from '../lib/language.ts'
import { Button, IconButton } from './button.tsx'

const useTexts = texts({ en: { copy: 'Copy', copied: 'Copied' }, fr: { copy: 'Copier', copied: 'Copié' } })

/** With `words`, a button that says them; otherwise an icon. */
export function CopyButton({ text, label, words }: { text: string; label?: string; words?: string }) {
  const t = useTexts()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 1500)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = () => void copyText(text).then(() => setCopied(true))
  const icon = isCopied ? <Check /> : <Copy />
  if (words) {
    return (
      <Button icon={icon} onClick={copy}>
        {isCopied ? t.copied : words}
      </Button>
    )
  }
  return (
    <IconButton label={isCopied ? t.copied : (label ?? t.copy)} onClick={copy}>
      {icon}
    </IconButton>
  )
}

/** Browsers have a clipboard only over TLS and on this machine; elsewhere the text is selected and copied the old way. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
