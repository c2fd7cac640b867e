/** The sandbox as a process of its own, so that what it uses is not counted as Tiphys'. Prints its kubeconfig's path. */
import { writeFileSync } from 'node:fs'
import { startSandbox } from '../src/sandbox/sandbox.ts'

const [file = ''] = process.argv.slice(2)
const sandbox = await startSandbox()
writeFileSync(file, sandbox.kubeconfig, { mode: 0o600 })
console.log('ready')
process.on('SIGTERM', () => void sandbox.close().then(() => process.exit(0)))
