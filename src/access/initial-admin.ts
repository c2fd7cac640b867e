/** The first account: `admin`, with a random password that is kept where Argo CD keeps it. */
import { randomBytes } from 'node:crypto'
import { hash } from 'bcryptjs'
import { type KubeObject, label } from '../model/index.ts'

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

/** Makes the account, and the key that signs sessions, unless they are there; resolves to the initial password as long as its Secret is there. */
export async function ensureAdmin(secrets: Secrets, namespace: string, now: Date): Promise<string | undefined> {
  const known = await secrets.get(main)
  if (textOf(known, 'admin.password') === undefined) await createAccount(secrets, { namespace, now, known })
  else if (textOf(known, secretKey) === undefined) await secrets.patch(main, { data: newSecretKey() })
  return textOf(await secrets.get(initial), 'password')
}

interface Account {
  namespace: string
  now: Date
  known: KubeObject | undefined
}

async function createAccount(secrets: Secrets, { namespace, now, known }: Account): Promise<void> {
  const password = randomBytes(18).toString('base64url')
  const data = {
    'admin.password': encode(await hash(password, 10)),
    'admin.passwordMtime': encode(now.toISOString().replace(/\.\d+Z$/, 'Z')),
    ...(textOf(known, secretKey) === undefined && newSecretKey()),
  }
  const readable = secret(initial, namespace, { password: encode(password) })
  // The readable copy first: a hash without it would lock everybody out.
  if (await secrets.get(initial)) await secrets.patch(initial, { data: readable.data })
  else await secrets.create(readable)
  if (known) await secrets.patch(main, { data })
  else await secrets.create(secret(main, namespace, data))
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
