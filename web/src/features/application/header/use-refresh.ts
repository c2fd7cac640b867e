/** Has Git and the cluster looked at anew, and says what came of it. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Application } from '../../../lib/api.ts'
import { useTell } from '../../../ui/toasts.tsx'
import { refresh } from '../data/commands.ts'
import { useTexts } from '../texts.ts'

export interface Refresh {
  isBusy: boolean
  run(how: 'normal' | 'hard'): Promise<void>
}

export function useRefresh(application: Application): Refresh {
  const t = useTexts()
  const tell = useTell()
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  return {
    isBusy,
    async run(how) {
      setBusy(true)
      try {
        await refresh(application, how)
        await client.invalidateQueries({ queryKey: ['application'], predicate: isQuestionAside })
        tell.done(t.refreshed)
      } catch (error) {
        tell.failed(t.refreshFailed, error)
      } finally {
        setBusy(false)
      }
    },
  }
}

/** Streams tell of the application and its tree. */
function isQuestionAside({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey.length > 3 && queryKey[3] !== 'tree'
}
