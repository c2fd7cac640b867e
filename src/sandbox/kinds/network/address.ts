/** IP addresses as the API server reads and compares them. */
import { isIP, isIPv4 } from 'node:net'

export function isAddress(value: string): boolean {
  return isIP(value) !== 0 && !value.includes('%')
}

export function familyOf(address: string): 'IPv4' | 'IPv6' {
  return isIPv4(address) ? 'IPv4' : 'IPv6'
}

/** An IPv4 address as a whole number. */
export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

export const badAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

export function isRange(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/')
  const most = familyOf(address) === 'IPv4' ? 32 : 128
  return isAddress(address) && more.length === 0 && /^[0-9]{1,3}$/.test(bits ?? '') && Number(bits) <= most
}
