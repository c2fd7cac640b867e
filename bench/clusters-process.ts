/** Many sandboxes in one process of their own. Writes the address, authority and token of each into a file. */
import { writeFileSync } from 'node:fs'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'

const [file = '', count = '1'] = process.argv.slice(2)
const sandboxes: Sandbox[] = []
// Without nodes: nothing happens there by itself.
while (sandboxes.length < Number(count)) sandboxes.push(await startSandbox({ nodes: 0 }))
const places = sandboxes.map(({ url, caPem, adminToken }) => ({ url, caPem, adminToken }))
writeFileSync(file, JSON.stringify(places), { mode: 0o600 })
console.log('ready')
process.on('SIGTERM', () => void Promise.all(sandboxes.map((one) => one.close())).then(() => process.exit(0)))
