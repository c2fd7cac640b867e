/** A private OCI registry for tests: the real docker-registry, with passwords or with tokens. */
import { spawn } from 'node:child_process'
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import bcrypt from 'bcryptjs'
import { SignJWT } from 'jose'
import { generate } from 'selfsigned'
import { basicOf } from './git-host.ts'
import { freePort, programOnPath } from './server-program.ts'

/** Undefined where it is not installed. */
export const dockerRegistry = programOnPath('docker-registry')

export interface RegistryHost {
  /** `HOST:PORT`. */
  host: string
  /** What the token server was asked, without the credentials. */
  tokensAsked: string[]
  /** Packs of one layer under a tag; answers the manifest's digest. */
  push(name: string, tag: string, layer: { mediaType: string; content: Buffer }): Promise<string>
  /** An image of nothing for one platform; answers the manifest's digest. */
  pushImage(name: string, tag: string, image?: { created?: string; platform?: string }): Promise<string>
  close(): Promise<void>
}

export interface RegistryOptions {
  username: string
  password: string
  /** Tokens that last this many seconds are handed out; else the registry asks for the password itself. */
  tokenSeconds?: number
}

export async function startRegistry(options: RegistryOptions): Promise<RegistryHost> {
  if (!dockerRegistry) throw new Error('docker-registry is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'tiphys-registry-'))
  const port = await freePort()
  const tokens = options.tokenSeconds === undefined ? undefined : await startTokenServer(options, folder)
  const auth = tokens?.auth ?? passwords(options, folder)
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}` },
    auth,
  }
  // JSON is YAML.
  const file = join(folder, 'config.yml')
  writeFileSync(file, JSON.stringify(configuration))
  const child = spawn(dockerRegistry, ['serve', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const host = `127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined)
    if (answer) break
    if (tries > 200 || child.exitCode !== null) throw new Error(`docker-registry did not start: ${said}`)
    await sleep(50)
  }

  async function authorizationFor(name: string): Promise<string> {
    return tokens
      ? `Bearer ${await tokens.issue([{ type: 'repository', name, actions: ['pull', 'push'] }])}`
      : basicOf(options.username, options.password)
  }

  async function upload(name: string, blob: Buffer): Promise<{ digest: string; size: number }> {
    const authorization = await authorizationFor(name)
    const digest = digestOf(blob)
    const begun = await fetch(`http://${host}/v2/${name}/blobs/uploads/`, {
      method: 'POST',
      headers: { authorization },
    })
    const place = new URL(begun.headers.get('location') ?? '', `http://${host}`)
    place.searchParams.set('digest', digest)
    const headers = { authorization, 'content-type': 'application/octet-stream' }
    const done = await fetch(place, { method: 'PUT', headers, body: new Uint8Array(blob) })
    if (done.status !== 201) throw new Error(`the registry took no blob: ${done.status} ${await done.text()}`)
    return { digest, size: blob.length }
  }

  async function putManifest(name: string, tag: string, content: object): Promise<string> {
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: manifestType, ...content }))
    const headers = { authorization: await authorizationFor(name), 'content-type': manifestType }
    const done = await fetch(`http://${host}/v2/${name}/manifests/${tag}`, {
      method: 'PUT',
      headers,
      body: new Uint8Array(manifest),
    })
    if (done.status !== 201) throw new Error(`the registry took no manifest: ${done.status} ${await done.text()}`)
    return digestOf(manifest)
  }

  async function push(name: string, tag: string, { mediaType, content }: { mediaType: string; content: Buffer }) {
    const config = { mediaType: 'application/vnd.cncf.helm.config.v1+json', ...(await upload(name, Buffer.from('{}'))) }
    return putManifest(name, tag, { config, layers: [{ mediaType, ...(await upload(name, content)) }] })
  }

  const pushImage: RegistryHost['pushImage'] = async (name, tag, image = {}) => {
    const { created = new Date().toISOString(), platform = 'linux/amd64' } = image
    const [os, architecture] = platform.split('/')
    const text = JSON.stringify({ created, os, architecture, rootfs: { type: 'layers', diff_ids: [] } })
    const config = await upload(name, Buffer.from(text))
    return putManifest(name, tag, {
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
      layers: [],
    })
  }

  return {
    host,
    tokensAsked: tokens?.asked ?? [],
    push,
    pushImage,
    async close() {
      child.kill()
      await ended
      tokens?.server.closeAllConnections()
      tokens?.server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

function passwords({ username, password }: RegistryOptions, folder: string) {
  const path = join(folder, 'htpasswd')
  writeFileSync(path, `${username}:${bcrypt.hashSync(password, 5).replace('$2b$', '$2y$')}\n`)
  return { htpasswd: { realm: 'test', path } }
}

interface TokenServer {
  server: Server
  auth: object
  asked: string[]
  issue(access: object[]): Promise<string>
}

/** Hands out tokens as the registry wants them, to who has the password. */
async function startTokenServer(
  { username, password, tokenSeconds = 60 }: RegistryOptions,
  folder: string,
): Promise<TokenServer> {
  const asked: string[] = []
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const { cert } = await generate([{ name: 'commonName', value: 'tokens' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    keyPair: { privateKey: key, publicKey },
  })
  const bundle = join(folder, 'tokens.pem')
  writeFileSync(bundle, cert)
  const chain = [cert.replace(/-----[^-]+-----|\s/g, '')]
  const issue = (access: object[]): Promise<string> =>
    new SignJWT({ access })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', x5c: chain })
      .setIssuer('tests')
      .setAudience('registry')
      .setSubject(username)
      .setIssuedAt()
      .setNotBefore('-1s')
      .setExpirationTime(`${tokenSeconds}s`)
      .setJti(String(asked.length))
      .sign(privateKey)
  const server = createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://host')
    const scopes = searchParams.getAll('scope')
    asked.push(scopes.join(' '))
    if (request.headers.authorization !== basicOf(username, password)) {
      response.writeHead(401).end('{}')
      return
    }
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':')
      return { type, name, actions: actions.split(',').filter((action) => action === 'pull') }
    })
    response.end(JSON.stringify({ token: await issue(access), expires_in: tokenSeconds }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
  return {
    server,
    asked,
    issue,
    auth: { token: { realm, service: 'registry', issuer: 'tests', rootcertbundle: bundle } },
  }
}
