/** JSON to Lua values and back. */
import { type LuaState, lua, to_jsstring, to_luastring } from 'fengari'
import { LuaError } from './lua-error.ts'

/** Deeper than any Kubernetes object, and far from the end of the stack. */
const maxDepth = 200
const maxNodes = 1_000_000

/** Tables that were made from maps: empty, they would look like lists. */
const maps = new WeakSet<object>()

export function pushValue(state: LuaState, value: unknown): void {
  if (value === null || value === undefined) lua.lua_pushnil(state)
  else if (typeof value === 'string') pushText(state, value)
  // Never Lua's integers: they have 32 bits here, and in Argo CD's Lua 5.1 every number is a double.
  else if (typeof value === 'number' || typeof value === 'bigint') lua.lua_pushnumber(state, Number(value))
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value)
  else if (Array.isArray(value)) pushList(state, value)
  else pushMap(state, value)
}

function pushText(state: LuaState, text: string): void {
  const bytes = to_luastring(text)
  lua.lua_pushlstring(state, bytes, bytes.length)
}

function pushList(state: LuaState, list: unknown[]): void {
  lua.lua_checkstack(state, 4)
  lua.lua_createtable(state, list.length, 0)
  for (const [index, item] of list.entries()) {
    pushValue(state, item)
    lua.lua_rawseti(state, -2, index + 1)
  }
}

function pushMap(state: LuaState, map: object): void {
  lua.lua_checkstack(state, 4)
  lua.lua_createtable(state, 0, 0)
  maps.add(lua.lua_topointer(state, -1))
  for (const [name, item] of Object.entries(map)) {
    pushText(state, name)
    pushValue(state, item)
    lua.lua_settable(state, -3)
  }
}

/**
 * The value on top of the stack, which is taken off it; nil is undefined. An empty table of the script's own is an
 * empty list, and a list in which something is missing has undefined there: see `withOriginal`. Throws a LuaError for what is no JSON.
 */
export function popValue(state: LuaState): unknown {
  const value = read(state, { path: [], nodes: { count: 0 } })
  lua.lua_pop(state, 1)
  return value
}

interface Place {
  path: (string | number)[]
  nodes: { count: number }
}

function read(state: LuaState, place: Place): unknown {
  if (place.path.length > maxDepth) throw new LuaError(`${at(place)} is nested too deeply, or holds itself`)
  if (++place.nodes.count > maxNodes) throw new LuaError('the result is too large')
  switch (lua.lua_type(state, -1)) {
    case lua.LUA_TNIL:
      return undefined
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(state, -1)
    case lua.LUA_TNUMBER:
      return number(lua.lua_tonumber(state, -1), place)
    case lua.LUA_TSTRING:
      return textAt(state, -1)
    case lua.LUA_TTABLE:
      return table(state, place)
    default:
      throw new LuaError(`${at(place)} is a ${typeAt(state, -1)}, which cannot stand in a result`)
  }
}

function number(value: number, place: Place): number {
  if (!Number.isFinite(value)) throw new LuaError(`${at(place)} is ${value}, which cannot stand in a result`)
  return value === 0 ? 0 : value
}

function table(state: LuaState, { path, nodes }: Place): unknown {
  const entries: [string | number, unknown][] = []
  lua.lua_checkstack(state, 4)
  lua.lua_pushnil(state)
  while (lua.lua_next(state, -2) !== 0) {
    const key = keyAt(state, { path, nodes })
    entries.push([key, read(state, { path: [...path, key], nodes })])
    lua.lua_pop(state, 1)
  }
  if (entries.length === 0) return maps.has(lua.lua_topointer(state, -1)) ? {} : []
  const indices = entries.filter((entry): entry is [number, unknown] => typeof entry[0] === 'number')
  if (indices.length < entries.length) {
    if (indices.length > 0) throw new LuaError(`${at({ path, nodes })} has numbers and names as keys`)
    return Object.fromEntries(entries)
  }
  return list(indices, { path, nodes })
}

function list(entries: [number, unknown][], place: Place): unknown[] {
  const highest = Math.max(0, ...entries.map(([index]) => index))
  const isList = entries.every(([index]) => Number.isInteger(index) && index > 0) && highest <= entries.length * 2 + 8
  if (!isList) throw new LuaError(`${at(place)} has numbers as keys that are not those of a list`)
  const items = new Array<unknown>(highest).fill(undefined)
  for (const [index, item] of entries) items[index - 1] = item
  return items
}

function keyAt(state: LuaState, place: Place): string | number {
  const type = lua.lua_type(state, -2)
  if (type === lua.LUA_TSTRING) return textAt(state, -2)
  if (type === lua.LUA_TNUMBER) return lua.lua_tonumber(state, -2)
  throw new LuaError(`${at(place)} has a ${typeAt(state, -2)} as key`)
}

/** With a replacement character for bytes that are no UTF-8. Only for what is a string already: it would become one. */
export function textAt(state: LuaState, index: number): string {
  return to_jsstring(lua.lua_tostring(state, index), undefined, undefined, true)
}

function typeAt(state: LuaState, index: number): string {
  return to_jsstring(lua.lua_typename(state, lua.lua_type(state, index)))
}

function at({ path }: Place): string {
  const shown = path.length > 10 ? [...path.slice(0, 10), '…'] : path
  return path.length === 0 ? 'the result' : `the result's ${shown.join('.')}`
}
