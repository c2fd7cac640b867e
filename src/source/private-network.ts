/** Addresses that only a network of one's own leads to, such as those of a cluster's Services. */
import { BlockList, isIPv6 } from 'node:net'
import { StageError, withoutPassword } from '../model/index.ts'
import { addressesOf } from './repository-address.ts'

const ranges: [address: string, bits: number][] = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  // Between carriers and their customers, and a metadata service at 100.100.100.200.
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  // Services of GKE.
  ['34.118.224.0', 20],
  ['224.0.0.0', 3],
  ['fc00::', 7],
  ['fec0::', 10],
  ['ff00::', 8],
  // What stands for an address of the older kind; who translates may reach any.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
]
const own = new BlockList()
for (const [address, bits] of ranges) own.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4')

export function isPrivateIp(ip: string): boolean {
  return own.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')
}

/** A name that is searched for in the cluster, whatever address it has there. */
export function isClusterName(host: string): boolean {
  return /^[^.:]+\.?$|\.(svc|cluster\.local|internal)\.?$/i.test(host)
}

/** For what somebody may name who has not been asked about. Throws a StageError. */
export async function checkPublic(url: string): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  const found = (await addressesOf(host)).find(isPrivateIp)
  if (!found && !isClusterName(host)) return
  const shown = withoutPassword(url)
  throw new StageError(
    'source',
    found ? `${shown} leads to ${found}: ${privateAdvice}` : `${shown}: ${privateAdvice}`,
    {
      retry: false,
    },
  )
}

export const privateAdvice =
  'files are read from private addresses only of hosts that repositories or credentials are registered for; or start Tiphys with --allow-local'
