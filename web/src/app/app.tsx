/** The page as a whole: what every view needs around it. */
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { failureText } from '../lib/api.ts'
import { texts, useLanguage } from '../lib/language.ts'
import { paths, withSearch } from '../lib/paths.ts'
import { createQueryClient } from '../lib/query-client.ts'
import { SessionProvider, useSession } from '../lib/session.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { Pages } from './pages.tsx'
import { Shell } from './shell.tsx'
import { SignIn } from './sign-in.tsx'

const useTexts = texts({
  en: { unreachable: 'Tiphys does not answer', retry: 'Try again' },
  fr: { unreachable: 'Tiphys ne répond pas', retry: 'Réessayer' },
})

export function App() {
  const [location, navigate] = useLocation()
  const language = useLanguage()
  document.documentElement.lang = language
  const [client] = useState(() =>
    createQueryClient(() => {
      if (window.location.pathname !== paths.login) navigate(withSearch(paths.login, { return_url: hereFromRoot() }))
    }),
  )
  return (
    <QueryClientProvider client={client}>
      <Toasts>
        <SessionProvider loading={null} failed={(error, retry) => <Unreachable error={error} retry={retry} />}>
          <Gate isLogin={location === paths.login} />
        </SessionProvider>
      </Toasts>
    </QueryClientProvider>
  )
}

/** Where the user wanted to be. */
function hereFromRoot(): string {
  const { pathname, search } = window.location
  return pathname === '/' ? '' : pathname + search
}

function Gate({ isLogin }: { isLogin: boolean }) {
  const { isAdmitted } = useSession()
  if (isLogin || !isAdmitted) return <SignIn />
  return (
    <Shell>
      <Pages />
    </Shell>
  )
}

function Unreachable({ error, retry }: { error: unknown; retry(): void }) {
  const t = useTexts()
  return (
    <Empty title={t.unreachable} actions={<Button onClick={retry}>{t.retry}</Button>}>
      {failureText(error)}
    </Empty>
  )
}
