/** Signing in: with a name and a password, or at the identity provider. */
import { useId, useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { api, failureText, routes } from '../lib/api.ts'
import { texts } from '../lib/language.ts'
import { paths, withSearch } from '../lib/paths.ts'
import { useSession } from '../lib/session.tsx'
import { Button } from '../ui/button.tsx'
import { Field, TextInput } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './sign-in.module.css'
import { Wheel } from './wheel.tsx'

const useTexts = texts({
  en: {
    title: 'Sign in',
    lead: 'What is declared in Git, and what runs.',
    name: 'Name',
    password: 'Password',
    submit: 'Sign in',
    or: 'or',
    sso: (name: string) => `Sign in with ${name}`,
    ssoFailed: 'The identity provider did not sign you in. Try again, or ask who looks after it.',
  },
  fr: {
    title: 'Connexion',
    lead: 'Ce que Git déclare, et ce qui tourne.',
    name: 'Nom',
    password: 'Mot de passe',
    submit: 'Se connecter',
    or: 'ou',
    sso: (name: string) => `Se connecter avec ${name}`,
    ssoFailed: 'Le fournisseur d’identité ne vous a pas connecté. Réessayez, ou demandez à qui s’en occupe.',
  },
})

export function SignIn() {
  const t = useTexts()
  const { settings, changed } = useSession()
  const [location, navigate] = useLocation()
  const [search] = useSearchParams()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const title = useId()
  const sso = settings.oidcConfig ?? settings.dexConfig?.connectors?.[0]
  // Where the user is already, unless that is here.
  const here = location === paths.login ? paths.applications : window.location.pathname + window.location.search
  const target = localPath(search.get('return_url')) ?? here

  async function submit(): Promise<void> {
    setBusy(true)
    setFailure(undefined)
    try {
      await api.call(routes.session.create, { body: { username: name.trim(), password } })
      await changed()
      navigate(target, { replace: true })
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <main className={styles.page}>
      <form
        className={styles.form}
        aria-labelledby={title}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Wheel className={styles.wheel} />
        <h1 id={title} className={styles.title}>
          Tiphys
        </h1>
        <p className={styles.lead}>{t.lead}</p>
        {search.has('has_sso_error') && <Notice tone="bad">{t.ssoFailed}</Notice>}
        {sso && (
          <a className={styles.sso} href={withSearch('/auth/login', { return_url: target })}>
            {settings.uiLoginButtonText || t.sso(sso.name || 'SSO')}
          </a>
        )}
        {sso && !settings.userLoginsDisabled && <div className={styles.or}>{t.or}</div>}
        {!settings.userLoginsDisabled && (
          <>
            <Field label={t.name}>
              {(field) => (
                <TextInput
                  {...field}
                  name="username"
                  autoComplete="username"
                  autoFocus={!sso}
                  required
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field label={t.password}>
              {(field) => (
                <TextInput
                  {...field}
                  type="password"
                  name="password"
                  autoComplete="current-password"
                  required
                  value={password}
                  onChange={(event) => setPassword(event.target.value)}
                />
              )}
            </Field>
            {failure !== undefined && <Notice tone="bad">{failureText(failure)}</Notice>}
            <Button kind={sso ? 'plain' : 'primary'} type="submit" busy={isBusy} className={styles.submit}>
              {t.submit}
            </Button>
          </>
        )}
      </form>
    </main>
  )
}

/** Only addresses of this page: `//elsewhere` and `https://elsewhere` lead away. */
export function localPath(text: string | null): string | undefined {
  if (!text) return undefined
  const url = new URL(text, window.location.origin)
  return url.origin === window.location.origin &&
    text.startsWith('/') &&
    !text.startsWith('//') &&
    !text.startsWith('/\\')
    ? url.pathname + url.search + url.hash
    : undefined
}
