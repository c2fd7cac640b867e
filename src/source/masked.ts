/** Messages without what must not be told: passwords in addresses, and the secrets of a connection. Pure. */
import { type RepositoryConnection, secretMask, secretsOf, withoutPassword } from '../model/index.ts'

export function masked(text: string, connection: RepositoryConnection): string {
  let shown = withoutPassword(text)
  for (const secret of secretsOf(connection)) shown = shown.replaceAll(secret, secretMask)
  return shown
}
