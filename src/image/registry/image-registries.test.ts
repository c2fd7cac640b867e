import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { RepositoryConnection } from '../../model/index.ts'
import { parseReference } from '../reference.ts'
import { type ImageRegistries, openImageRegistries } from './image-registries.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean | undefined

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** A registry that knows what it is told, in memory; `first` may answer in its place. */
async function registry(first: Answer = () => undefined) {
  const contents = new Map<string, string>()
  const tags = new Map<string, string>()
  const asked: string[] = []
  const keep = (value: object) => {
    const text = JSON.stringify(value)
    contents.set(digestOf(text), text)
    return digestOf(text)
  }
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    asked.push(`${method} ${url}`)
    if (first(request, response)) return
    const [, kind, reference = ''] = /^\/v2\/acme\/web\/(tags|manifests|blobs)\/([^?]*)/.exec(url) ?? []
    if (kind === 'tags') {
      const body = JSON.stringify({ name: 'acme/web', tags: [...tags.keys()] })
      const etag = `"${digestOf(body)}"`
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end()
      else response.writeHead(200, { etag }).end(body)
      return
    }
    const digest = kind === 'manifests' ? (tags.get(reference) ?? reference) : reference
    const content = contents.get(digest)
    if (content === undefined) response.writeHead(404).end('{}')
    else response.writeHead(200, { 'docker-content-digest': digest }).end(method === 'HEAD' ? undefined : content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    asked,
    tags,
    image(platform: string, created: string) {
      const [os, architecture, variant] = platform.split('/')
      return keep({ config: { digest: keep({ os, architecture, variant, created }) }, layers: [] })
    },
    index(images: Record<string, string>) {
      const manifests = Object.entries(images).map(([platform, digest]) => {
        const [os, architecture, variant] = platform.split('/')
        return { digest, platform: { os, architecture, variant } }
      })
      return keep({ manifests })
    },
  }
}

let now = 0
function registries(allowLocal = true): ImageRegistries {
  now = 1_000_000
  const opened = openImageRegistries({ allowLocal, clock: { now: () => now } })
  closing.push(() => opened.close())
  return opened
}

function repository(host: string, connection: RepositoryConnection = {}, opened = registries()) {
  const image = parseReference(`${host}/acme/web`)
  if (!image) throw new Error('no image')
  return opened.repository(image, connection)
}

test('tags are listed over several pages', async () => {
  const { host, asked } = await registry(({ url = '' }, response) => {
    const last = new URL(url, 'http://host').searchParams.get('last')
    const pages: Record<string, [string[], string?]> = {
      '': [['1', '2'], '2'],
      2: [['3'], '3'],
      3: [['4', '-no', 'a/b']],
    }
    const [tags, next] = pages[last ?? ''] ?? [[]]
    // A link to another host leads to this one all the same.
    const link = next
      ? { link: `<http://other.example.com/v2/acme/web/tags/list?n=1000&last=${next}>; rel="next"` }
      : {}
    response.writeHead(200, link).end(JSON.stringify({ tags }))
    return true
  })
  expect(await (await repository(host)).tags(0)).toEqual(['1', '2', '3', '4'])
  expect(asked).toHaveLength(3)
})

test('who asks at the same time, or for what is known, is answered with one request', async () => {
  const { host, asked, tags } = await registry()
  tags.set('1', 'x')
  const opened = registries()
  const both = await Promise.all([repository(host, {}, opened), repository(host, {}, opened)])
  const answers = await Promise.all(both.map((one) => one.tags(now)))
  expect(answers).toEqual([['1'], ['1']])
  expect(asked).toHaveLength(1)
  await both[0].tags(now)
  expect(asked).toHaveLength(1)
})

test('a list that has not changed is not sent again', async () => {
  let sent = 0
  const { host, tags } = await registry((_request, response) => {
    response.on('finish', () => {
      if (response.statusCode === 200) sent++
    })
    return false
  })
  tags.set('1', 'x')
  const web = await repository(host)
  for (const expected of [['1'], ['1'], ['1', '2']]) {
    if (expected.length === 2) tags.set('2', 'y')
    now += 1000
    expect(await web.tags(now)).toEqual(expected)
  }
  expect(sent).toBe(2)
})

test('who has other credentials is told what these may see, not what others were told', async () => {
  const password = 'a password'
  const right = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`
  const { host, tags } = await registry(({ headers }, response) => {
    if (headers.authorization === right) return false
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
    return true
  })
  tags.set('1', 'x')
  const opened = registries()
  const web = await repository(host, { username: 'ann', password }, opened)
  expect(await web.tags(0)).toEqual(['1'])
  await expect((await repository(host, {}, opened)).tags(0)).rejects.toThrow('wants credentials')
  const wrong = await repository(host, { username: 'ann', password: 'wrong word' }, opened)
  await expect(wrong.tags(0)).rejects.toThrow('answers 401: the credentials')
  await expect(wrong.tags(0)).rejects.not.toThrow('wrong word')
})

test('a token is fetched with the password, for this repository, and used again', async () => {
  const given: string[] = []
  const { host, tags, asked } = await registry((request, response) => {
    const { headers, url = '' } = request
    if (url.startsWith('/token')) {
      given.push(`${headers.authorization} ${new URL(url, 'http://host').searchParams.get('scope')}`)
      response.end(JSON.stringify({ token: 'the token' }))
      return true
    }
    if (headers.authorization === 'Bearer the token') return false
    const realm = `Bearer realm="http://${headers.host}/token",service="x",scope="repository:acme/web:pull"`
    response.writeHead(401, { 'www-authenticate': realm }).end()
    return true
  })
  tags.set('1', 'x')
  const web = await repository(host, { username: 'ann', password: 'a password' })
  await web.tags(0)
  now += 1
  await web.tags(now)
  expect(given).toEqual([`Basic ${Buffer.from('ann:a password').toString('base64')} repository:acme/web:pull`])
  expect(asked).toHaveLength(4)
})

test.each([
  [{ 'retry-after': '120' }, 429, 120],
  [{ 'retry-after': new Date(1_000_000 + 30_000).toUTCString() }, 429, 30],
  [{ 'retry-after': '7' }, 503, 7],
  [{}, 429, 60],
  [{ 'ratelimit-remaining': '0;w=21600' }, 429, 900],
])('after %j with %i the host is not asked for %i s', async (headers, status, seconds) => {
  let refuses = true
  const { host, asked } = await registry((_request, response) => {
    if (!refuses) return false
    response.writeHead(status, headers as Record<string, string>).end()
    return true
  })
  const web = await repository(host)
  await expect(web.tags(0)).rejects.toMatchObject({
    message: expect.stringContaining(`asked again in ${seconds} s`),
    retry: true,
  })
  refuses = false
  await expect(web.tags(0)).rejects.toThrow('again in')
  now += seconds * 1000 - 1
  await expect(web.tags(now)).rejects.toThrow('asked again in 1 s')
  expect(asked).toHaveLength(1)
  now += 1
  expect(await web.tags(now)).toEqual([])
})

test('what some have used up, those with other credentials have still to their name', async () => {
  let refusals = 0
  const { host, tags } = await registry(({ headers }, response) => {
    if (headers.authorization !== undefined) return false
    refusals++
    response.writeHead(429, { 'retry-after': '21600' }).end()
    return true
  })
  tags.set('1', 'x')
  const opened = registries()
  await expect((await repository(host, {}, opened)).tags(0)).rejects.toThrow('asked again in 21600 s')
  expect(await (await repository(host, { bearerToken: 'of ann' }, opened)).tags(0)).toEqual(['1'])
  const image = parseReference(`${host}/acme/other`)
  await expect(image && (await opened.repository(image, {})).tags(0)).rejects.toThrow('asked again in 21600 s')
  expect(refusals, 'whoever else asks without any is not let near it').toBe(1)
})

test('the last request that a registry allows is answered, and then it is left alone', async () => {
  const { host } = await registry((_request, response) => {
    response.setHeader('ratelimit-remaining', '0;w=300')
    return false
  })
  const web = await repository(host)
  expect(await web.tags(0)).toEqual([])
  now += 1000
  await expect(web.tags(now)).rejects.toThrow('again in 299 s')
})

test('a digest is asked for without the content, and not at all while it is new', async () => {
  const { host, tags, image, asked } = await registry()
  tags.set('main', image('linux/amd64', '2024-01-01T00:00:00Z'))
  const web = await repository(host)
  expect(await web.digest('main', now)).toBe(tags.get('main'))
  expect(await web.digest('main', now)).toBe(tags.get('main'))
  expect(await web.digest('gone', now)).toBeUndefined()
  expect(asked).toEqual(['HEAD /v2/acme/web/manifests/main', 'HEAD /v2/acme/web/manifests/gone'])
})

test('a registry that tells no digest is asked for the manifest', async () => {
  const manifest = '{"config":{}}'
  const { host } = await registry(({ method }, response) => {
    response.writeHead(method === 'HEAD' ? 405 : 200).end(method === 'HEAD' ? undefined : manifest)
    return true
  })
  expect(await (await repository(host)).digest('main', 0)).toBe(digestOf(manifest))
})

test('the time of a build is that of the platforms that are asked for', async () => {
  const { host, tags, image, index } = await registry()
  const amd = image('linux/amd64', '2024-01-01T00:00:00Z')
  const arm = image('linux/arm64/v8', '2024-03-01T00:00:00Z')
  tags.set('both', index({ 'linux/arm64/v8': arm, 'linux/amd64': amd, 'unknown/unknown': digestOf('attestation') }))
  tags.set('amd', amd)
  const web = await repository(host)
  const builtAt = async (tag: string, ...platforms: string[]) => {
    const build = await web.build(tag, platforms, 0)
    return [build?.builtAt && new Date(build.builtAt).toISOString().slice(0, 7), build?.complete]
  }
  expect(await builtAt('both')).toEqual(['2024-01', true])
  expect(await builtAt('both', 'linux/arm64')).toEqual(['2024-03', true])
  expect(await builtAt('both', 'linux/amd64', 'linux/arm64')).toEqual(['2024-03', true])
  expect(await builtAt('both', 'linux/s390x')).toEqual([undefined, false])
  expect(await builtAt('amd', 'linux/arm64')).toEqual(['2024-01', false])
  expect(await web.build('gone', [], 0)).toBeUndefined()
})

test('what is named by its digest is fetched once, for all tags that lead to it', async () => {
  const { host, tags, image, asked } = await registry()
  const digest = image('linux/amd64', '2024-01-01T00:00:00Z')
  for (const tag of ['1', '1.0', '1.0.0']) tags.set(tag, digest)
  const web = await repository(host)
  for (const tag of tags.keys()) await web.build(tag, [], 0)
  expect(asked.filter((one) => one.startsWith('GET'))).toHaveLength(2)
})

test('content that does not have its digest is refused', async () => {
  const { host, tags, image } = await registry(({ method, url = '' }, response) => {
    if (method !== 'GET' || !url.includes('/blobs/')) return false
    response.end('{"created":"2030-01-01T00:00:00Z"}')
    return true
  })
  tags.set('1', image('linux/amd64', '2024-01-01T00:00:00Z'))
  await expect((await repository(host)).build('1', [], 0)).rejects.toThrow('arrived damaged')
})

test('no more than four requests are under way at a time', async () => {
  let running = 0
  let most = 0
  const { host } = await registry((_request, response) => {
    most = Math.max(most, ++running)
    setTimeout(() => {
      running--
      response.writeHead(404).end()
    }, 20)
    return true
  })
  const web = await repository(host)
  await Promise.all(Array.from({ length: 12 }, (_, index) => web.digest(`t${index}`, 0)))
  expect(most).toBe(4)
})

test('a registry on this machine is refused unless it is allowed, and not even asked', async () => {
  const { host, asked } = await registry()
  await expect(repository(host, {}, registries(false))).rejects.toThrow('which is refused')
  expect(asked).toEqual([])
})

test('a registry that is down is not asked again for a while', async () => {
  const { host, asked } = await registry((request) => {
    request.socket.destroy()
    return true
  })
  const web = await repository(host)
  await expect(web.tags(0)).rejects.toThrow('cannot be fetched')
  await expect(web.digest('1', now)).rejects.toThrow(/cannot be fetched.*asked again in 10 s/)
  expect(asked).toHaveLength(1)
  now += 10_000
  await expect(web.digest('1', now)).rejects.toThrow('cannot be fetched')
  expect(asked).toHaveLength(2)
})

test('a name that is not there is said', async () => {
  const { host } = await registry((_request, response) => {
    response.writeHead(404).end('{}')
    return true
  })
  await expect((await repository(host)).tags(0)).rejects.toThrow('answers 404: check the name of the image')
})
