/** What must not be told of a Secret: its values, wherever they turn up. */
import { groupOf, type KubeObject } from './kube-object.ts'

/** As Argo CD shows a value; one that differs from it gets four signs more. */
export const secretMask = '++++++++'

export function isSecret({ kind, apiVersion }: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return kind === 'Secret' && groupOf(apiVersion) === ''
}

/**
 * A message about an object, such as a server's refusal, without the values that it may repeat. Messages about anything
 * but Secrets stay as they are.
 */
export function withoutSecretValues(message: string, object: KubeObject): string {
  if (!isSecret(object)) return message
  // Servers repeat a whole object in these words.
  let text = message.replace(/(Invalid value: )(?:"(?:[^"\\]|\\.)*"|\S+)/g, `$1"${secretMask}"`)
  for (const value of spellings(object)) text = text.replaceAll(value, secretMask)
  return text
}

/** The longest first, so that none is left in parts. Shorter ones than this cannot be told from the words around them. */
const shortest = 4

function spellings({ data, stringData }: KubeObject): string[] {
  const encoded = texts(data)
  const decoded = encoded.map((value) => Buffer.from(value, 'base64').toString('utf8'))
  const plain = texts(stringData)
  const all = [...encoded, ...decoded, ...plain, ...plain.map((value) => Buffer.from(value).toString('base64'))]
  const quoted = all.map((value) => JSON.stringify(value).slice(1, -1))
  return [...new Set([...all, ...quoted])]
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length)
}

/** Wherever they are: a Secret that is refused need not have the shape of one. */
function texts(value: unknown): string[] {
  if (typeof value !== 'object') return value === undefined ? [] : [String(value)]
  return Object.values(value ?? {}).flatMap(texts)
}
