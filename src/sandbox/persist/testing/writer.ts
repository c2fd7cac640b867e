/** Writes objects for ever and prints each revision once it is settled; a test kills it in the middle. */
import type { KubeObject } from '../../object.ts'
import { openPersistence } from '../persistence.ts'

const directory = process.argv[2] ?? ''
const persistence = openPersistence(directory)
let { revision } = persistence.load()

function pair(name: string): KubeObject {
  const metadata = { name, resourceVersion: String(revision) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { round: String(revision), filler: 'x'.repeat(3000) } }
}

for (;;) {
  // The two halves of a round are committed in one turn: a reader must never see one without the other
  revision += 1
  const slot = revision % 50
  persistence.commit('configmaps', `demo/left-${slot}`, pair(`left-${slot}`), revision)
  persistence.commit('configmaps', `demo/right-${slot}`, pair(`right-${slot}`), revision)
  if (revision % 7 === 0) {
    persistence.commit('configmaps', `demo/left-${slot}`, undefined, revision)
    persistence.commit('configmaps', `demo/right-${slot}`, undefined, revision)
  }
  await persistence.settled()
  process.stdout.write(`${revision}\n`)
}
