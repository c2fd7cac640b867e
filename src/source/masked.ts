/** Messages without what must not be told: passwords in addresses, and the secrets of a connection. Pure. */
import { type RepositoryConnection, secretMask, secretsOf } from '../model/index.ts'
import { withoutPassword } from './repository-address.ts'

export function masked(text: string, connection: RepositoryConnection): string {
  let shown = withoutPassword(text)
  for (const secret of secretsOf(connection)) shown = shown.replaceAll(secret, secretMask)
  return shown
}
