/** Text made harmless for the place where it will stand. */

const htmlEscapes: Record<string, string> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '�',
}

export function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (char) => htmlEscapes[char] ?? char)
}

export function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]|(?! )\p{Zs}/gu, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  })
}

export function escapeQuery(text: string): string {
  return encodeURIComponent(wellFormed(text))
    .replaceAll('%20', '+')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Halves of surrogate pairs replaced, as when the text is encoded. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString('utf8')
}
