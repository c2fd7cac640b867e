import type { LookupAddress } from 'node:dns'
import { afterAll, expect, test } from 'vitest'
import { checkedLookup } from './download.ts'
import { makeDirectory } from './fixtures/repository.ts'
import { isClusterName, isPrivateIp } from './private-network.ts'
import { openSources } from './sources.ts'

const directory = makeDirectory()
const asked: string[] = []
const sources = openSources({
  cacheDir: directory.path,
  allowLocal: false,
  clock: Date,
  admitsHost(host, project) {
    asked.push(`${project} ${host}`)
    return false
  },
})
afterAll(async () => {
  await sources.close()
  directory.remove()
})

test.each([
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.100.100.200',
  '34.118.224.10',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  'fc00::1',
  'fd12:3456::1',
  '64:ff9b::a00:1',
])('%s is private', (ip) => expect(isPrivateIp(ip)).toBe(true))

test.each([
  '9.255.255.255',
  '11.0.0.1',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.169.0.1',
  '2606:4700::1',
])('%s is not', (ip) => expect(isPrivateIp(ip)).toBe(false))

test('names that are searched for in the cluster are known', () => {
  expect(['prometheus', 'a.b.svc', 'a.b.svc.cluster.local.', 'a.b.internal'].every(isClusterName)).toBe(true)
  expect(['example.com', 'svc.example.com', 'fd00::1'].some(isClusterName)).toBe(false)
})

test.each([
  ['http://10.1.2.3:9090/api', /leads to 10\.1\.2\.3: .*registered for/],
  ['http://100.100.100.200/latest', /leads to 100\.100\.100\.200/],
  ['http://167837955/x', /leads to 10\.1\.1\.3/],
  ['http://[fd00::1]/x', /leads to fd00::1/],
  ['http://[::ffff:10.1.2.3]/x', /leads to ::ffff:a01:203/],
  ['http://prometheus/api', /private addresses/],
  ['http://prometheus.monitoring.svc:9090/api', /private addresses/],
])('no file is read from %s', async (url, says) => {
  await expect(sources.referredBy('shop').download(url)).rejects.toThrow(says)
})

test('whether a host is admitted is asked by its name without a port, and for the project', async () => {
  await expect(sources.referredBy('shop').download('http://[fd00::2]:81/x')).rejects.toThrow()
  expect(asked).toContain('shop fd00::2')
})

test('a name that leads elsewhere by the time it is connected to is refused then', async () => {
  const answers: LookupAddress[] = [
    { address: '192.0.2.1', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ]
  const resolve = ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, answers)) as never
  const found = (onlyPublic: boolean) =>
    new Promise((taken) => {
      checkedLookup(onlyPublic, resolve)('git.example.com', { all: true }, (error, addresses) =>
        taken(error?.message ?? addresses),
      )
    })
  expect(await found(false)).toEqual(answers)
  expect(await found(true)).toMatch(/^git\.example\.com leads to 10\.0\.0\.1/)
})
