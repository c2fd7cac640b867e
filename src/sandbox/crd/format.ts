/** The formats of strings that the API server checks; one it does not know checks nothing. */
import { isIP, isIPv4, isIPv6 } from 'node:net'

type Check = (text: string) => boolean

const uuid = (third: string, fourth: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i')

const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u

const shortName = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'

function matches(pattern: RegExp): Check {
  return (text) => pattern.test(text)
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!parts) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t')
  const parts = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|[+-]\d{2}:\d{2})$/.exec(time)
  if (!parts || !isDate(date)) return false
  return Number(parts[1]) <= 23 && Number(parts[2]) <= 59 && Number(parts[3]) <= 59
}

const durationUnit = /^(ns|nano.*|us|µs|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i

function isDuration(text: string): boolean {
  if (/^[+-]?(0|(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text) && text !== '') return true
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some((match) => durationUnit.test(match[1] ?? ''))
}

function isHostname(text: string): boolean {
  return hostname.test(text) && text.length <= 255 && text.split('.').every((label) => label.length <= 63)
}

/** An IPv4 address may have leading zeros, as old versions of Go allowed. */
function withoutZeros(address: string): string {
  return address.replace(/(^|\.)0+(?=\d)/g, '$1')
}

function isCidr(text: string): boolean {
  const [written = '', bits = '', more] = text.split('/')
  const address = withoutZeros(written)
  const most = isIPv4(address) ? 32 : 128
  return more === undefined && isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

function isUri(text: string): boolean {
  if (/[\s\p{Cc}]/u.test(text)) return false
  return text.startsWith('/') || URL.canParse(text)
}

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const cardNumber =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  return cardNumber.test(digits) && luhn(digits)
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  return [...digits].reduce((sum, c, index) => sum + (10 - index) * (c === 'X' ? 10 : Number(c)), 0) % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '')
  if (!/^\d{13}$/.test(digits)) return false
  return [...digits].reduce((sum, c, index) => sum + Number(c) * (index % 2 === 1 ? 3 : 1), 0) % 10 === 0
}

/** By name without its dashes, as the server compares them. */
const checks: Record<string, Check> = {
  bsonobjectid: matches(/^[0-9a-fA-F]{24}$/),
  uri: isUri,
  email: matches(/^(?:[^<>"]*<)?[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+>?$/),
  hostname: isHostname,
  ipv4: (text) => isIPv4(withoutZeros(text)),
  ipv6: isIPv6,
  cidr: isCidr,
  mac: matches(/^([0-9a-f]{2}([:-][0-9a-f]{2}){5}|[0-9a-f]{2}([:-][0-9a-f]{2}){7}|([0-9a-f]{4}\.){2,3}[0-9a-f]{4})$/i),
  uuid: matches(uuid('[0-9a-f]{4}', '[0-9a-f]{4}')),
  uuid3: matches(uuid('3[0-9a-f]{3}', '[0-9a-f]{4}')),
  uuid4: matches(uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}')),
  uuid5: matches(uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}')),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  hexcolor: matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: matches(/^rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*(,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*){2}\)$/),
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${shortName}$`).test(text),
  k8slongname: (text) => text.length <= 253 && new RegExp(`^${shortName}(\\.${shortName})*$`).test(text),
}

const numberFormats: Record<string, string[]> = { integer: ['int32', 'int64'], number: ['float', 'double'] }

/** The check of a string's format, undefined where the server has none. */
export function formatCheck(format: string): Check | undefined {
  const name = format.replaceAll('-', '')
  return Object.hasOwn(checks, name) ? checks[name] : undefined
}

/** Whether the server knows this format for values of the type; it ignores, with a warning, what it doesn't know. */
export function knowsFormat(type: string | undefined, format: string): boolean {
  if (type === undefined || type === 'string') return formatCheck(format) !== undefined
  return numberFormats[type]?.includes(format) ?? false
}
