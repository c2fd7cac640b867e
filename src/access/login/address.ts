/** Addresses as far as one person can have many: of IPv6, everybody has 2^64. */
import { isIPv6 } from 'node:net'

/** The address, or the first half of one of IPv6; the inner address where one of IPv4 is written as IPv6. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').toLowerCase()
  if (!isIPv6(plain)) return plain
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (inner) return inner
  const [head = '', tail] = plain.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  // An address of IPv4 at the end stands for two groups.
  const given = before.length + after.length + (plain.includes('.') ? 1 : 0)
  const all = [...before, ...Array<string>(tail === undefined ? 0 : 8 - given).fill('0'), ...after]
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
