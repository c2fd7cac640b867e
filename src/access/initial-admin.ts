/** The first account: `admin`, with a random password that is kept where Argo CD keeps it. */
import { randomBytes } from 'node:crypto'
import { hash } from 'bcryptjs'
import { annotation, type KubeObject, label } from '../model/index.ts'

/** Secrets of the control namespace. */
export interface Secrets {
  get(name: string): Promise<KubeObject | undefined>
  create(secret: KubeObject): Promise<unknown>
  patch(name: string, patch: object): Promise<unknown>
}

const main = 'argocd-secret'
const initial = 'argocd-initial-admin-secret'
/** Signs sessions; whoever removes it ends them all. */
const secretKey = 'server.secretkey'

export interface FirstStart {
  namespace: string
  now: Date
  /** How passwords are kept; bcrypt unless given. */
  hashed?(password: string): Promise<string>
}

const withBcrypt = (password: string): Promise<string> => hash(password, 10)

/**
 * Makes the account, and the key that signs sessions, unless they are there; resolves to the initial password as long as
 * its Secret is there. Rejects with a conflict when another process does the same at this moment: to be tried again.
 */
export async function ensureAdmin(
  secrets: Secrets,
  { namespace, now, hashed = withBcrypt }: FirstStart,
): Promise<string | undefined> {
  const known = await secrets.get(main)
  if (textOf(known, 'admin.password') === undefined) await createAccount(secrets, { namespace, now, known, hashed })
  else if (textOf(known, secretKey) === undefined) await secrets.patch(main, asOf(known, { data: newSecretKey() }))
  return textOf(await secrets.get(initial), 'password')
}

interface Account extends Required<FirstStart> {
  known: KubeObject | undefined
}

async function createAccount(secrets: Secrets, account: Account): Promise<void> {
  const { namespace, now, known, hashed } = account
  // The readable copy first: a hash without it would lock everybody out.
  const password = await readableCopy(secrets, account)
  const data = {
    'admin.password': encode(await hashed(password)),
    'admin.passwordMtime': encode(now.toISOString().replace(/\.\d+Z$/, 'Z')),
    ...(textOf(known, secretKey) === undefined && newSecretKey()),
  }
  if (known) await secrets.patch(main, asOf(known, { data }))
  else await secrets.create(secret(main, namespace, data))
}

/**
 * Replicas that start together must not come to different passwords: the first to write the copy decides for all that
 * have found the main Secret in the same version, and only who finds it still in that version writes the hash there.
 */
async function readableCopy(secrets: Secrets, { namespace, known }: Account): Promise<string> {
  const version = known?.metadata.resourceVersion ?? ''
  const copy = await secrets.get(initial)
  const agreed = copy?.metadata.annotations?.[annotation.initialPasswordFor] === version
  const made = agreed ? textOf(copy, 'password') : undefined
  if (made !== undefined) return made
  const password = randomBytes(18).toString('base64url')
  const readable = secret(initial, namespace, { password: encode(password) })
  const annotations = { [annotation.initialPasswordFor]: version }
  if (copy) await secrets.patch(initial, asOf(copy, { metadata: { annotations }, data: readable.data }))
  else await secrets.create({ ...readable, metadata: { ...readable.metadata, annotations } })
  return password
}

/** A patch that the server refuses when somebody else has written meanwhile. */
function asOf(known: KubeObject | undefined, patch: { metadata?: object; data: unknown }): object {
  return { ...patch, metadata: { ...patch.metadata, resourceVersion: known?.metadata.resourceVersion } }
}

function newSecretKey(): Record<string, string> {
  return { [secretKey]: encode(randomBytes(32).toString('base64')) }
}

function secret(name: string, namespace: string, data: Record<string, string>): KubeObject {
  const metadata = { name, namespace, labels: { [label.partOf]: 'argocd', 'app.kubernetes.io/name': name } }
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data }
}

function textOf(object: KubeObject | undefined, key: string): string | undefined {
  const value = (object?.data as Record<string, string> | undefined)?.[key]
  return value ? Buffer.from(value, 'base64').toString('utf8') : undefined
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
