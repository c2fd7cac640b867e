/** What is shown of an address: a password in it is nobody's business. Pure. */

/** Of a whole text, for messages and logs. Up to the last @ before a path, as those read it who connect. */
export function withoutPassword(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1')
}
