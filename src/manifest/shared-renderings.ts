/** Renderings that replicas take from one another. One counts only when everything that it was made from is the same here. */
import { type ApplicationSource, parseJson, stringifyJson } from '../model/index.ts'
import { packageVersion } from '../process/package-file.ts'
import { type Entry, holdsHere, type Memo, type Recorded, type Situation } from './memo.ts'
import { remoteStillHolds } from './remote-files.ts'
import type { RenderRequest } from './renderer.ts'
import type { ToolName, Tools } from './tools.ts'

/** Whom nobody else can write to in our name; it may lose anything at any time. */
export interface SharedCache {
  get(key: string): Promise<Buffer | undefined>
  put(key: string, value: Buffer): Promise<void>
  /** Lets what is kept stay longer; answers the keys of which nothing is kept. */
  renew(keys: string[]): Promise<string[]>
}

export interface SharedRenderings {
  /** Where other replicas look for it too; undefined for what none can have rendered. */
  keyOf(request: RenderRequest, valuesFileSchemes: readonly string[]): Promise<string | undefined>
  find(key: string | undefined, situation: Situation): Promise<Recorded | undefined>
  put(key: string, recorded: Recorded): Promise<void>
  /** Puts there what is known here and lost there. */
  renew(memo: Memo): Promise<void>
}

export function openSharedRenderings(cache: SharedCache, tools: Tools): SharedRenderings {
  const version = packageVersion()

  async function sameTools(used: Map<ToolName, string>): Promise<boolean> {
    for (const [name, version] of used) if ((await tools[name]()).version !== version) return false
    return true
  }

  async function put(key: string, recorded: Recorded): Promise<void> {
    await cache.put(key, encode(recorded))
  }

  return {
    async keyOf({ application, source, tree }, schemes) {
      const { targetRevision: _targetRevision, ...parameters } = source
      // Under the content of its folder, so that other revisions stand beside it.
      const content = await tree.stat(folderOf(source)).catch(() => undefined)
      return content && JSON.stringify(['rendering', version, application, parameters, schemes, content.oid])
    },
    async find(key, situation) {
      const value = key === undefined ? undefined : await cache.get(key)
      if (!value) return undefined
      try {
        const recorded = decode(value)
        if (!(await holdsHere(recorded, situation)) || !(await sameTools(recorded.tools))) return undefined
        // This process has not fetched any of it: what it cannot ask for does not count.
        const holds = await remoteStillHolds(recorded.remote, situation.remote, { unlessDown: false })
        return holds ? recorded : undefined
      } catch {
        // What stands in the way is found again by rendering, and then told.
        return undefined
      }
    },
    put,
    async renew(memo) {
      const entries = new Map<string, Entry>()
      for (const entry of memo.latest()) if (entry.sharedAs) entries.set(entry.sharedAs, entry)
      for (const key of await cache.renew([...entries.keys()])) {
        const entry = entries.get(key)
        if (entry) await put(key, entry)
      }
    },
  }
}

function folderOf({ chart, path = '' }: ApplicationSource): string {
  return chart === undefined ? path : ''
}

type Encoded = Omit<Recorded, 'variables' | 'tools'> & {
  variables: [string, string][]
  tools: [ToolName, string][]
}

function encode({ rendered, observations, remote, variables, tools }: Recorded): Buffer {
  const encoded: Encoded = { rendered, observations, remote, variables: [...variables], tools: [...tools] }
  return Buffer.from(stringifyJson(encoded))
}

/** The same version of this program has written it: its form needs no looking at. */
function decode(value: Buffer): Recorded {
  const { variables, tools, ...recorded } = parseJson(value.toString('utf8')) as Encoded
  return { ...recorded, variables: new Map(variables), tools: new Map(tools) }
}
