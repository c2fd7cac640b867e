/** What a pull secret says of the way to a registry. No message tells what is in a Secret. */
import { fieldAt, type KubeObject, label, type RepositoryConnection, StageError, textAt } from '../model/index.ts'
import type { ImageReference } from './reference.ts'

export interface PullSecretOptions {
  /** Of the application; Secrets of other namespaces are not its own. */
  namespace: string
  image: ImageReference
  readSecret(namespace: string, name: string): Promise<KubeObject | undefined>
  /** A variable of the environment of this process, as far as it may be used for this. */
  environment(name: string): string | undefined
}

export interface Credentials {
  username: string
  password: string
}

/** `pullsecret:[NAMESPACE/]NAME`, `secret:[NAMESPACE/]NAME#FIELD` or `env:NAME`. */
export async function pullCredentials(text: string, options: PullSecretOptions): Promise<Credentials> {
  const [, kind = '', rest = ''] = /^(\w+):(.+)$/.exec(text) ?? []
  if (kind === 'pullsecret') return fromPullSecret(await secretAt(rest, options), options.image)
  if (kind === 'secret') {
    const [place = '', field = ''] = rest.split('#', 2)
    const value = decodedField(await secretAt(place, options), field)
    return pair(value, `the field ${JSON.stringify(field)} of the Secret ${place}`)
  }
  if (kind === 'env') {
    const value = options.environment(rest)
    if (value === undefined)
      throw fault(
        `pull-secret names the variable ${rest}: set it, and name it in env.names of argocd-image-updater-config`,
      )
    return pair(value, `the variable ${rest}`)
  }
  if (kind === 'ext') throw fault('pull-secret names a program (ext:), and programs are not run: use a Secret')
  throw fault('pull-secret cannot be read: write pullsecret:NAMESPACE/NAME, secret:NAMESPACE/NAME#FIELD or env:NAME')
}

/** The Secret of an application's own namespace, `[NAMESPACE/]NAME`; none of those that Tiphys itself is kept in. */
export async function secretAt(
  place: string,
  { namespace, readSecret }: Pick<PullSecretOptions, 'namespace' | 'readSecret'>,
): Promise<KubeObject> {
  const slash = place.indexOf('/')
  const home = slash < 0 ? namespace : place.slice(0, slash)
  const name = place.slice(slash + 1)
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) throw fault(`${JSON.stringify(place)} names no Secret`)
  if (home !== namespace)
    throw fault(`the Secret ${place} is in another namespace than the application: keep it in ${namespace}`)
  const secret = await readSecret(namespace, name)
  if (!secret) throw fault(`there is no Secret ${name} in ${namespace}`)
  if (isOfTheInstallation(secret))
    throw fault(`the Secret ${name} belongs to the installation and is not sent anywhere: make one for this purpose`)
  return secret
}

/** Whoever may name an image chooses where its credentials are sent. */
function isOfTheInstallation({ metadata, type }: KubeObject): boolean {
  const labels = metadata.labels ?? {}
  return (
    metadata.name.startsWith('argocd-') ||
    label.secretType in labels ||
    labels[label.partOf] === 'argocd' ||
    type === 'kubernetes.io/service-account-token' ||
    type === 'bootstrap.kubernetes.io/token'
  )
}

export function decodedField({ data }: KubeObject, field: string): string {
  return Buffer.from(textAt(data, field), 'base64').toString('utf8')
}

function pair(value: string, what: string): Credentials {
  const colon = value.indexOf(':')
  if (colon < 1) throw fault(`${what} is not USERNAME:PASSWORD`)
  return { username: value.slice(0, colon), password: value.slice(colon + 1).replace(/[\r\n]+$/, '') }
}

/** The entry for the image's registry, as container tools write them. */
function fromPullSecret(secret: KubeObject, image: ImageReference): Credentials {
  const { name } = secret.metadata
  const current = decodedField(secret, '.dockerconfigjson')
  const value = parsed(current || decodedField(secret, '.dockercfg'), name)
  const entries = (current ? fieldAt(value, 'auths') : value) as Record<string, unknown> | undefined
  const found = Object.entries(entries ?? {})
    .filter(([address]) => isFor(address, image))
    .sort(([one], [other]) => other.length - one.length)[0]?.[1]
  if (!found) throw fault(`the Secret ${name} has no credentials for ${image.registry}`)
  const auth = textAt(found, 'auth')
  if (auth !== '')
    return pair(Buffer.from(auth, 'base64').toString('utf8'), `auth of ${image.registry} in the Secret ${name}`)
  const [username, password] = [textAt(found, 'username'), textAt(found, 'password')]
  if (username === '' || password === '')
    throw fault(`the Secret ${name} has no username and password for ${image.registry}`)
  return { username, password }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw fault(`the Secret ${name} is no pull secret: make one with kubectl create secret docker-registry`)
  }
}

/** `HOST`, `https://HOST/v1/`, or with the beginning of a path. */
function isFor(address: string, { registry, repository }: ImageReference): boolean {
  const place = address.replace(/^https?:\/\//i, '').replace(/\/(v[12]\/?)?$/, '')
  const [host = '', ...path] = place.toLowerCase().split('/')
  const isHost =
    host === registry || (registry === 'docker.io' && /^(index|registry-1|registry)\.docker\.io$/.test(host))
  return isHost && (path.length === 0 || `${repository}/`.toLowerCase().startsWith(`${path.join('/')}/`))
}

/** How the registry is reached, with these credentials in the place of others. */
export function withCredentials(connection: RepositoryConnection, credentials: Credentials): RepositoryConnection {
  const { bearerToken: _token, ...rest } = connection
  return { ...rest, ...credentials }
}

function fault(message: string): StageError {
  return new StageError('source', message, { retry: false })
}
