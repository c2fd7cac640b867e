/** sprig's functions for paths and addresses. */
import { posix } from 'node:path'
import { type Dict, entry, type TemplateFunction, templateFunction, type Value } from '../value.ts'

const ofText = (work: (text: string) => Value): TemplateFunction => templateFunction(['string'], work)

function clean(path: string): string {
  if (path === '') return '.'
  const normal = posix.normalize(path)
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

function base(path: string): string {
  if (path === '') return '.'
  const plain = path.replace(/\/+$/, '')
  return plain === '' ? '/' : plain.slice(plain.lastIndexOf('/') + 1)
}

const dir = (path: string): string => clean(path.slice(0, path.lastIndexOf('/') + 1))

function extension(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? ''
}

/** The parts of an address; the scheme, what comes behind `//`, the path, `?` and `#`. */
const addressPattern = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

function parseAddress(text: string): Dict {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  const match = /[\x00-\x1f\x7f]/.test(text) ? null : addressPattern.exec(text)
  if (!match) throw new Error('unable to parse url')
  const [, scheme = '', authority, path = '', query = '', fragment = ''] = match
  const at = authority?.lastIndexOf('@') ?? -1
  const host = authority?.slice(at + 1) ?? ''
  const opaque = scheme !== '' && authority === undefined && !path.startsWith('/') ? path : ''
  return {
    scheme: scheme.toLowerCase(),
    userinfo: at < 0 ? '' : (authority?.slice(0, at) ?? ''),
    host,
    hostname: host.replace(/:\d*$/, '').replace(/^\[|\]$/g, ''),
    path: opaque === '' ? decoded(path) : '',
    opaque,
    query,
    fragment: decoded(fragment),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(`unable to parse url: invalid URL escape in ${JSON.stringify(text)}`)
  }
}

function joinAddress(parts: Dict): string {
  const part = (name: string): string => {
    const value = entry(parts, name) ?? ''
    if (typeof value !== 'string') throw new Error(`unable to parse ${name} key, must be of type string`)
    return value
  }
  const [scheme, user, host, path, opaque] = ['scheme', 'userinfo', 'host', 'path', 'opaque'].map(part)
  let text = scheme ? `${scheme}:` : ''
  if (opaque) text += opaque
  else {
    if ((scheme || host || user) && (host || path || user)) text += '//'
    text += `${user ? `${user}@` : ''}${host}`
    text += path && !path.startsWith('/') && host ? '/' : ''
    text += encodeURI(path ?? '').replace(/[?#]/g, encodeURIComponent)
  }
  const query = part('query')
  const fragment = part('fragment')
  return text + (query ? `?${query}` : '') + (fragment ? `#${encodeURI(fragment)}` : '')
}

const isAbsolute = (path: string): boolean => path.startsWith('/')

export const pathFunctions: Record<string, TemplateFunction> = {
  base: ofText(base),
  dir: ofText(dir),
  clean: ofText(clean),
  ext: ofText(extension),
  isAbs: ofText(isAbsolute),
  osBase: ofText(base),
  osDir: ofText(dir),
  osClean: ofText(clean),
  osExt: ofText(extension),
  osIsAbs: ofText(isAbsolute),
  urlParse: ofText(parseAddress),
  urlJoin: templateFunction(['dict'], joinAddress),
}
