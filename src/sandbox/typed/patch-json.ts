/** JSON patch (RFC 6902) with the peculiarities of the library that the server uses. */
import type { Json, JsonObject } from '../object.ts'
import { StatusError } from '../status.ts'
import { sortedKeys } from './json.ts'
import { setMember } from './json-reader.ts'
import { equal, isObject } from './shape.ts'

const maximumOperations = 10_000

/** The patched copy of `target`. Throws a 422 StatusError when an operation cannot be done, 413 when there are too many. */
export function patchJson(target: Json, patch: Json): Json {
  const operations = patch as Json[]
  if (operations.length > maximumOperations) {
    throw new StatusError({
      message: `The allowed maximum operations in a JSON patch is ${maximumOperations}, got ${operations.length}`,
      reason: 'RequestEntityTooLarge',
      code: 413,
    })
  }
  return operations.reduce<Json>((document, operation) => perform(document, operation), target)
}

function refusal(): StatusError {
  return new StatusError({
    message: 'the server rejected our request due to an error in our request',
    reason: 'Invalid',
    details: {},
    code: 422,
  })
}

function perform(document: Json, operation: Json): Json {
  if (!isObject(operation)) {
    throw refusal()
  }
  const path = pointer(operation.path)
  switch (operation.op) {
    case 'add':
      return change(document, path, insert(given(operation)))
    case 'replace':
      return change(document, path, replace(given(operation)))
    case 'remove':
      return change(document, path, remove)
    case 'copy':
      return change(document, path, insert(existing(document, pointer(operation.from))))
    case 'move': {
      const from = pointer(operation.from)
      const value = existing(document, from)
      return change(change(document, from, remove), path, insert(value))
    }
    case 'test':
      return test(document, path, given(operation))
    default:
      throw refusal()
  }
}

function given({ value }: JsonObject): Json {
  return value ?? null
}

function pointer(text: Json | undefined): string[] {
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) {
    throw refusal()
  }
  return text
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function test(document: Json, path: string[], value: Json): Json {
  if (!equal(lookup(document, path) ?? null, value)) {
    throw refusal()
  }
  return document
}

function lookup(document: Json, path: string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, step) => {
    if (Array.isArray(at)) {
      return at[indexIn(at, step, at.length - 1)]
    }
    return isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }, document)
}

function existing(document: Json, path: string[]): Json {
  const value = lookup(document, path)
  if (value === undefined) {
    throw refusal()
  }
  return value
}

/** Changes the map or list that holds the last step of a path. */
interface Edit {
  map(map: JsonObject, key: string): void
  list(list: Json[], step: string): void
  whole(): Json
}

/** A copy of the containers on the path, with the last one edited. */
function change(at: Json, path: readonly string[], edit: Edit): Json {
  const [step, ...rest] = path
  if (step === undefined) {
    return edit.whole()
  }
  if (Array.isArray(at)) {
    const copy = [...at]
    if (rest.length === 0) {
      edit.list(copy, step)
    } else {
      const index = indexIn(copy, step, copy.length - 1)
      copy[index] = change(copy[index] as Json, rest, edit)
    }
    return copy
  }
  if (!isObject(at)) {
    throw refusal()
  }
  const copy = { ...at }
  if (rest.length === 0) {
    edit.map(copy, step)
  } else {
    const below = copy[step]
    if (below === undefined) {
      throw refusal()
    }
    setMember(copy, step, change(below, rest, edit))
  }
  return sortedKeys(copy)
}

function insert(value: Json): Edit {
  return {
    map: (map, key) => setMember(map, key, value),
    list: (list, step) => list.splice(step === '-' ? list.length : indexIn(list, step, list.length), 0, value),
    whole: () => value,
  }
}

/** The server replaces a missing member of a map as if it were there. */
function replace(value: Json): Edit {
  return {
    map: (map, key) => setMember(map, key, value),
    list: (list, step) => {
      list[indexIn(list, step, list.length - 1)] = value
    },
    whole: () => value,
  }
}

const remove: Edit = {
  map: (map, key) => {
    if (map[key] === undefined) {
      throw refusal()
    }
    delete map[key]
  },
  list: (list, step) => list.splice(indexIn(list, step, list.length - 1), 1),
  whole: () => {
    throw refusal()
  },
}

/** Negative indexes count from the end. */
function indexIn(list: Json[], step: string, last: number): number {
  const index = /^-?\d+$/.test(step) ? Number(step) : Number.NaN
  const position = index < 0 ? index + list.length : index
  if (!(position >= 0 && position <= last)) {
    throw refusal()
  }
  return position
}
