/** The word by which this page's own style elements are told from any that somebody may have smuggled in. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
}
