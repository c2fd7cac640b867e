/** `RespectIgnoreDifferences=true`: what a sync applies leaves ignored fields as they are. */
import { heldValue, settleAll, wholeLiveValue } from '../diff/index.ts'
import { type KubeObject, keyOf, keyText, type Manifest } from '../model/index.ts'
import { isReplaced } from '../sync/index.ts'
import type { Pair } from './compare.ts'
import type { Observation } from './observe.ts'

interface Respect {
  syncOptions: string[]
  /** The live object with all managedFields: who owns a field decides what becomes of it. */
  read(pair: Pair): Promise<KubeObject | undefined>
}

/** The manifests to apply. Only objects that a rule is about cost anything, one read each. */
export async function respectIgnored(
  { manifests = [], resources, rules }: Observation,
  { syncOptions, read }: Respect,
): Promise<Manifest[]> {
  if (!rules || !syncOptions.some((option) => /^\s*RespectIgnoreDifferences\s*=\s*true\s*$/.test(option)))
    return manifests
  const pairs = new Map(resources.map((resource) => [keyText(resource.key), resource]))
  return Promise.all(
    manifests.map(async (manifest) => {
      const key = keyOf(manifest.object)
      const pair = pairs.get(keyText(key))
      const about = rules.ignore.rulesFor(key)
      const live = pair?.live && about.length > 0 ? await read(pair) : undefined
      if (!live) return manifest
      // A replacement leaves nothing but what it says, so it has to say all that stays.
      const keep = isReplaced(manifest.object, syncOptions) ? wholeLiveValue : heldValue
      return { ...manifest, object: await settleAll({ wanted: manifest.object, live }, { rules: about, keep }) }
    }),
  )
}
