/** Where the token for a Git host is: a key of a Secret in the namespace of the set. */
import { Fields, type Static, Text } from '../../model/schema.ts'

export const SecretRef = Fields({ secretName: Text, key: Text })
export type SecretRef = Static<typeof SecretRef>
