/** The `git` generator: directories of a repository, or what is written in its files. */
import { posix } from 'node:path'
import { LRUCache } from 'lru-cache'
import { messageOf } from '../../model/index.ts'
import type { Static } from '../../model/schema.ts'
import { Fields, Flag, Text, Type } from '../../model/schema.ts'
import { type Dict, readYaml } from '../../template/index.ts'
import { flattened, type Parameters } from '../parameters.ts'
import { normalizedName } from '../text/names.ts'
import {
  dictionariesOf,
  type Generator,
  type GeneratorContext,
  invalid,
  Repeated,
  requeueAfterMs,
  specReader,
  withValues,
} from './generator.ts'
import { doublestar, matchesDirectory, mayLeadTo, pathspec } from './path-pattern.ts'
import { findDirectories, findFiles } from './repository-walk.ts'

const Paths = Type.Array(Type.Intersect([Type.Object({ path: Text }), Fields({ exclude: Flag })]))
const Spec = Type.Intersect([
  Type.Object({ repoURL: Text }),
  Fields({ revision: Text, directories: Paths, files: Paths, pathParamPrefix: Text }),
  Repeated,
])
type Spec = Static<typeof Spec>
const readSpec = specReader('git', Spec)

const defaultRequeueSeconds = 180

interface Reading {
  context: GeneratorContext
  known: Known
}

/** A file that was found, with what is written in it. */
interface ReadFile {
  path: string
  text: string
}

/** What a commit holds never changes, so that it is read once. */
type Known = LRUCache<string, Promise<string[] | ReadFile[]>>

export function openGitGenerator(): Generator {
  const known: Known = new LRUCache({ max: 500 })
  return {
    parameters: (spec, context) => parametersOf(spec, context, known),
    lookAgainMs: (spec) => requeueAfterMs(spec, defaultRequeueSeconds),
  }
}

async function parametersOf(given: Dict, context: GeneratorContext, known: Known): Promise<Parameters[]> {
  const spec = readSpec(given)
  const { repoURL, revision = '', directories = [], files = [] } = spec
  if (directories.length === 0 && files.length === 0) {
    throw invalid('the git generator: git has neither directories nor files: say which paths are meant')
  }
  const commit = await context.inputs.git.resolve(repoURL, revision || 'HEAD', {
    set: context.set,
    notOlderThan: context.notOlderThan,
    maxAgeMs: requeueAfterMs(given, defaultRequeueSeconds),
    signal: context.signal,
  })
  if (directories.length > 0) {
    const paths = await directoriesOf(spec, commit, { context, known })
    return paths.map((path) => withValues(pathParameters(path, spec, context), spec.values, context))
  }
  const read = await filesOf(spec, commit, { context, known })
  return read.flatMap((file) => fileParameters(file, spec, context))
}

async function remembered<Found extends string[] | ReadFile[]>(
  known: Known,
  key: unknown[],
  find: () => Promise<Found>,
): Promise<Found> {
  const text = JSON.stringify(key)
  const found = known.get(text) ?? find()
  known.set(text, found)
  // What could not be read now may be readable later.
  found.catch(() => known.delete(text))
  return found as Promise<Found>
}

function directoriesOf(
  { repoURL, directories = [] }: Spec,
  commit: string,
  { context: { inputs, set, signal }, known }: Reading,
) {
  return remembered(known, [repoURL, commit, 'directories', directories], async () => {
    const included = directories.filter(({ exclude }) => !exclude).map(({ path }) => path)
    const excluded = directories.filter(({ exclude }) => exclude).map(({ path }) => path)
    const tree = await inputs.git.tree(repoURL, commit, { set, signal })
    return findDirectories(tree, {
      isWanted: (path) =>
        included.some((pattern) => matchesDirectory(pattern, path)) &&
        !excluded.some((pattern) => matchesDirectory(pattern, path)),
      mayBeBelow: (path) => included.some((pattern) => mayLeadTo(pattern, path)),
    })
  })
}

function filesOf({ repoURL, files = [] }: Spec, commit: string, { context: { inputs, set, signal }, known }: Reading) {
  const isNew = inputs.git.newFileGlobbing()
  return remembered(known, [repoURL, commit, 'files', isNew, files], async () => {
    const patterns = files.map(({ path, exclude }) => ({ exclude, ...(isNew ? doublestar(path) : pathspec(path)) }))
    const included = patterns.filter(({ exclude }) => !exclude)
    const excluded = patterns.filter(({ exclude }) => exclude)
    const tree = await inputs.git.tree(repoURL, commit, { set, signal })
    return findFiles(tree, {
      isWanted: (path) =>
        included.some((pattern) => pattern.matches(path)) && !excluded.some((pattern) => pattern.matches(path)),
      mayBeBelow: (path) => included.some((pattern) => pattern.mayBeBelow(path)),
    })
  })
}

function fileParameters({ path, text }: ReadFile, spec: Spec, context: GeneratorContext): Parameters[] {
  let read: unknown
  try {
    read = readYaml(text)
  } catch (error) {
    throw invalid(`the git generator: ${path} of ${spec.repoURL} cannot be read: ${messageOf(error)}`)
  }
  const place = pathParameters(posix.dirname(path), spec, context, posix.basename(path))
  return dictionariesOf(read, `the git generator: ${path} of ${spec.repoURL}`).map((content) => {
    const own = context.filler.isGoTemplate ? content : flattened(content)
    return withValues({ ...own, ...place }, spec.values, context)
  })
}

/** The path of a directory, and of a file in it if one is meant, under the names that Argo CD gives them. */
function pathParameters(
  path: string,
  { pathParamPrefix: prefix = '' }: Spec,
  { filler }: GeneratorContext,
  filename?: string,
): Parameters {
  const basename = posix.basename(path)
  const facts = {
    basename,
    basenameNormalized: normalizedName(basename),
    ...(filename !== undefined && { filename, filenameNormalized: normalizedName(filename) }),
  }
  const segments = path.split('/')
  if (filler.isGoTemplate) {
    const place = { path: { path, segments, ...facts } }
    return prefix ? { [prefix]: place } : place
  }
  const name = prefix ? `${prefix}.path` : 'path'
  const parameters: Parameters = { [name]: path }
  for (const [key, value] of Object.entries(facts)) parameters[`${name}.${key}`] = value
  for (const [index, segment] of segments.entries()) if (segment) parameters[`${name}[${index}]`] = segment
  return parameters
}
