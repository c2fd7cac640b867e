/** The web page: its files as the build has left them, and one document for every address that it has. */
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { contentSecurityPolicy } from './security-headers.ts'

/** Each is the same document: which view is meant, its script reads off the address. */
export const pageAddresses = [
  '/',
  '/login',
  '/applications',
  '/applications/*',
  '/applicationsets',
  '/applicationsets/*',
  '/resources',
  '/settings',
  '/settings/*',
  '/user-info',
]

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
/** Best first; the build has made them. */
const encodings = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const

const document = 'index.html'

/** Says no when there is no page in the folder: it has not been built. */
export async function servePage(app: FastifyInstance, folder: string): Promise<boolean> {
  const files = new Set(await filesOf(folder))
  if (!files.has(document)) return false
  const page = await readFile(join(folder, document), 'utf8')

  for (const address of pageAddresses) {
    app.get(address, (_request, reply) => {
      const nonce = randomBytes(16).toString('base64')
      return reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          // It names the files of this version.
          'cache-control': 'no-cache',
          'content-security-policy': contentSecurityPolicy(nonce),
        })
        .send(page.replace('%NONCE%', nonce))
    })
  }

  const sendFile = async (name: string, lasting: boolean, { headers }: FastifyRequest, reply: FastifyReply) => {
    const type = types[extname(name)]
    if (!files.has(name) || !type) return reply.callNotFound()
    const accepted = acceptedEncodings(headers['accept-encoding'])
    const encoding = encodings.find((one) => accepted.has(one.name) && files.has(name + one.ending))
    return reply
      .headers({
        'content-type': type,
        'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
        vary: 'accept-encoding',
        ...(encoding && { 'content-encoding': encoding.name }),
      })
      .send(await readFile(join(folder, name + (encoding?.ending ?? ''))))
  }
  // Their names change with their content.
  app.get('/assets/*', (request, reply) =>
    sendFile(`assets/${(request.params as { '*': string })['*']}`, true, request, reply),
  )
  app.get('/favicon.svg', (request, reply) => sendFile('favicon.svg', false, request, reply))
  return true
}

/** A name that is not among them is not looked for: no address leads out of the folder. */
async function filesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function acceptedEncodings(header: string | string[] | undefined): Set<string> {
  const offers = [header ?? ''].flat().join(',').split(',')
  return new Set(
    offers.filter((offer) => !/;\s*q=0(\.0*)?\s*$/.test(offer)).map((offer) => offer.split(';')[0]?.trim() ?? ''),
  )
}
