/** Annotations by which people steer an application: the patches that set them. Pure. */
import { annotation, type Pin, type RevisionHistory } from '../model/index.ts'

interface By {
  username: string
  now: Date
}

/** The application stays at the history entry, whatever comes in Git. */
export function pinned({ id }: RevisionHistory, { username, now }: By): object {
  const pin: Pin = { id, by: username, at: now.toISOString().replace(/\.\d+Z$/, 'Z') }
  return { metadata: { annotations: { [annotation.pin]: JSON.stringify(pin) } } }
}

export const unpinned = { metadata: { annotations: { [annotation.pin]: null } } }

/** Confirms what asks for it with `Delete=confirm` or `Prune=confirm`. */
export function approval(now: Date): object {
  return { metadata: { annotations: { [annotation.deletionApproved]: now.toISOString() } } }
}
