/** What a browser is shown when a login through a provider does not work out: fixed words, nothing of the request. Pure. */
import type { SsoFault } from '../../access/oidc/index.ts'

export interface Page {
  status: number
  html: string
}

type Notice = SsoFault | 'too long'

const notices: Record<Notice, { status: number; what: string; next: string }> = {
  'not configured': {
    status: 404,
    what: 'Signing in through a provider is not set up.',
    next: 'Sign in with a user name and a password, or ask an administrator: the log of Tiphys says what is missing.',
  },
  unavailable: {
    status: 503,
    what: 'The provider does not answer as it should.',
    next: 'Try again in a moment, or sign in with a user name and a password. The log of Tiphys says what the provider did.',
  },
  'foreign address': {
    status: 400,
    what: 'The link leads to another site after signing in.',
    next: 'Open Tiphys at its own address and sign in there.',
  },
  'unknown login': {
    status: 400,
    what: 'This login was not begun in this browser, was begun more than 5 minutes ago, or has been used already.',
    next: 'Begin again. The browser has to accept cookies.',
  },
  denied: { status: 403, what: 'The provider has refused the login.', next: 'Begin again, or ask its administrator.' },
  'refused by provider': {
    status: 502,
    what: 'The provider has ended the login with an error.',
    next: 'Begin again. If that does not help, the log of Tiphys says what the provider told.',
  },
  'invalid token': {
    status: 401,
    what: 'The provider has issued a token that does not count here.',
    next: 'Ask an administrator: the log of Tiphys says why.',
  },
  'expired token': { status: 401, what: 'The session has expired.', next: 'Begin again.' },
  'too long': {
    status: 400,
    what: 'The token of the provider is longer than a browser can keep.',
    next: 'Let the provider send fewer groups, or have Tiphys read them from userinfo (enableUserInfoGroups).',
  },
}

export function noticePage(notice: Notice): Page {
  const { status, what, next } = notices[notice]
  return { status, html: page('Sign in', `<p>${what}</p><p>${next}</p><p><a href="/login">Sign in</a></p>`) }
}

/** `confirmation` is made of letters, digits, - and _. */
export function logoutPage(confirmation: string): Page {
  const link = `/auth/logout?confirm=${encodeURIComponent(confirmation)}`
  return { status: 200, html: page('Sign out', `<p>Sign out of Tiphys?</p><p><a href="${link}">Sign out</a></p>`) }
}

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>${title} - Tiphys</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`
  )
}
