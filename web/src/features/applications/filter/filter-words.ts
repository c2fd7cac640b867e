/** How the values of a filter are said. */
import type { Standing } from '../../../lib/standing.ts'
import { isStatusWord, useStatusWords } from '../../../ui/status.tsx'
import { useAttentionTexts } from '../attention/attention-texts.ts'
import { usePageTexts } from '../texts.ts'
import type { FilterName } from './filter.ts'

export function useFilterWords(): (name: FilterName, value: string) => string {
  const t = usePageTexts()
  const standingWords = useAttentionTexts().word
  const statusWords = useStatusWords()
  return (name, value) => {
    if (value === '') return t.nothing
    if (name === 'autoSync') return value === 'true' || value === 'enabled' ? t.on : t.off
    if (name === 'operation' && value === 'None') return t.noOperation
    if (name === 'standing') return standingWords[value as Standing] ?? value
    const isStatus = name === 'health' || name === 'sync' || name === 'operation'
    return isStatus && isStatusWord(value) ? statusWords[value] : value
  }
}
