/** JSON, YAML, base64 and checksums. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Budget } from '../budget.ts'
import { toJson } from '../text/json.ts'
import { deepCopy, type TemplateFunction, templateFunction, type Value } from '../value.ts'
import { fromYaml } from '../yaml/from-yaml.ts'
import { toYaml } from '../yaml/to-yaml.ts'

const ofText = (work: (text: string) => Value): TemplateFunction => templateFunction(['string'], work)

function json(options: { indent?: string; escapeHtml?: boolean }): TemplateFunction {
  return templateFunction(['budget', 'any'], (budget: Budget, value: Value) => toJson(value, { ...options, budget }))
}

function parsedJson(text: string, budget: Budget): Value {
  budget.step(Math.ceil(text.length / 8))
  return deepCopy(JSON.parse(text), budget)
}

const strictFromJson = templateFunction(['budget', 'string'], (budget: Budget, text: string) => {
  try {
    return parsedJson(text, budget)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Error(`the text is no JSON: ${error.message}`)
  }
})

const lenientFromJson = templateFunction(['budget', 'string'], (budget: Budget, text: string) => {
  try {
    return parsedJson(text, budget)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
})

function yaml(wanted: 'map' | 'array'): TemplateFunction {
  return templateFunction(['budget', 'string'], (budget: Budget, text: string) => {
    const value = fromYaml(text, budget)
    if (value === null) return wanted === 'map' ? {} : []
    if (Array.isArray(value) !== (wanted === 'array') || typeof value !== 'object') {
      throw new Error(`the YAML holds no ${wanted === 'map' ? 'mapping: use fromYamlArray for a list' : 'list'}`)
    }
    return value
  })
}

function hash(algorithm: string): TemplateFunction {
  return ofText((text) => createHash(algorithm).update(text).digest('hex'))
}

function adler32(text: string): string {
  let [a, b] = [1, 0]
  for (const byte of Buffer.from(text)) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return String(b * 65536 + a)
}

const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function toBase32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  const letters = groups.map((group) => base32Alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
  return letters.padEnd(Math.ceil(letters.length / 8) * 8, '=')
}

function fromBase32(text: string): string {
  const plain = text.replace(/[\r\n]/g, '')
  const letters = plain.replace(/=+$/, '')
  if (plain.length % 8 !== 0 || !/^[A-Z2-7]*$/.test(letters)) {
    return `illegal base32 data at input byte ${letters.search(/[^A-Z2-7]|$/)}`
  }
  const bits = [...letters].map((letter) => base32Alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return Buffer.from(bytes).toString('utf8')
}

/** Like sprig it gives the text of the error for what is no base64. */
function fromBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '')
  const wrong = plain.search(/[^A-Za-z0-9+/=]|=(?=[^=])/)
  if (wrong >= 0) return `illegal base64 data at input byte ${wrong}`
  if (plain.length % 4 !== 0 || /={3,}$/.test(plain)) {
    return `illegal base64 data at input byte ${plain.length - (plain.length % 4 === 0 ? 4 : plain.length % 4)}`
  }
  return Buffer.from(plain, 'base64').toString('utf8')
}

/** For what costs much more than the length of its text. */
function slowly(work: (text: string) => string): TemplateFunction {
  return templateFunction(['budget', 'string'], (budget: Budget, text: string) => {
    budget.step(text.length)
    return work(text)
  })
}

const html = json({})
const pretty = json({ indent: '  ' })
const raw = json({ escapeHtml: false })

export const encodingFunctions: Record<string, TemplateFunction> = {
  toJson: html,
  mustToJson: html,
  toPrettyJson: pretty,
  mustToPrettyJson: pretty,
  toRawJson: raw,
  mustToRawJson: raw,
  fromJson: lenientFromJson,
  mustFromJson: strictFromJson,
  toYaml: templateFunction(['budget', 'any'], (budget: Budget, value: Value) => toYaml(value, budget)),
  fromYaml: yaml('map'),
  fromYamlArray: yaml('array'),
  b64enc: ofText((text) => Buffer.from(text).toString('base64')),
  b64dec: ofText(fromBase64),
  b32enc: slowly(toBase32),
  b32dec: slowly(fromBase32),
  sha1sum: hash('sha1'),
  sha256sum: hash('sha256'),
  sha512sum: hash('sha512'),
  adler32sum: ofText(adler32),
  randBytes: templateFunction(['budget', 'int'], (budget: Budget, count: bigint) => {
    budget.text(2 * Number(count))
    return randomBytes(Number(count)).toString('base64')
  }),
  uuidv4: templateFunction([], () => randomUUID()),
}
