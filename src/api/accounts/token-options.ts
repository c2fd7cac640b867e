/** What a token is to be, as a client asks for it. Pure. */

/** Without an id it gets one by chance. `lifetime` in seconds; 0: it does not end. */
export function tokenOptions({ id, expiresIn }: { id?: string | null; expiresIn?: number | null }) {
  return { ...(id && { id }), lifetime: expiresIn ?? 0 }
}
