/** What a script may call. Nothing of it reaches the machine. */
import { type LuaFunction, type LuaState, lauxlib, lua, lualib, to_jsstring, to_luastring } from 'fengari'
import type { Budget } from './budget.ts'
import { numberText } from './number-text.ts'
import { osDate, osTime } from './os-library.ts'
import { popValue, pushValue, textAt } from './values.ts'

export interface Libraries {
  budget: Budget
  now(): Date
  /** With `coroutine` too. */
  open: boolean
}

/** What Lua 5.1 had under other names, or without integers. */
const prelude = `
local floor, ceil, concat, gsub, charge = math.floor, math.ceil, table.concat, string.gsub, charge
unpack = table.unpack
function table.getn(list) return #list end
function table.maxn(list)
  local highest = 0
  for key in pairs(list) do if type(key) == "number" and key > highest then highest = key end end
  return highest
end
math.mod, string.gfind = math.fmod, string.gmatch
function math.pow(base, exponent) return base ^ exponent end
function math.log10(value) return math.log(value, 10) end
function math.floor(value) return floor(value) + 0.0 end
function math.ceil(value) return ceil(value) + 0.0 end
function table.concat(list, separator, from, to)
  local bytes = 0
  for index = from or 1, to or #list do bytes = bytes + #tostring(list[index]) + #(separator or "") end
  charge(bytes)
  return concat(list, separator, from, to)
end
function string.gsub(text, pattern, by, count)
  if type(by) == "string" or type(by) == "number" then
    charge((#text + 1) * #tostring(by))
    return gsub(text, pattern, by, count)
  end
  return gsub(text, pattern, function(...)
    local value
    if type(by) == "table" then value = by[...] else value = by(...) end
    if value then charge(#tostring(value)) end
    return value
  end, count)
end
`

const directive = /%([-+ #0]*\d*)(?:\.\d+)?([a-zA-Z%])/g
const absent = ['collectgarbage', 'dofile', 'load', 'loadfile']

export function openLibraries(state: LuaState, libraries: Libraries): void {
  const { open, budget } = libraries
  openLibrary(state, '_G', lualib.luaopen_base)
  openLibrary(state, 'string', lualib.luaopen_string)
  openLibrary(state, 'table', lualib.luaopen_table)
  openLibrary(state, 'math', lualib.luaopen_math)
  if (open) openLibrary(state, 'coroutine', lualib.luaopen_coroutine)
  for (const name of absent) setGlobal(state, name, () => lua.lua_pushnil(state))
  // What is left of a script's debugging does no harm.
  setFunctions(state, undefined, {
    print: () => 0,
    tostring: toText,
    require: requireLibrary,
    charge: charging(budget),
  })
  setFunctions(state, 'os', osLibrary(libraries))
  capText(state, budget)
  run(state, prelude)
  setGlobal(state, 'charge', () => lua.lua_pushnil(state))
}

function openLibrary(state: LuaState, name: string, open: LuaFunction): void {
  lauxlib.luaL_requiref(state, to_luastring(name), open, true)
  lua.lua_pop(state, 1)
}

function setGlobal(state: LuaState, name: string, push: () => void): void {
  push()
  lua.lua_setglobal(state, to_luastring(name))
}

function setFunctions(state: LuaState, library: string | undefined, functions: Record<string, LuaFunction>): void {
  if (library !== undefined) {
    if (lua.lua_getglobal(state, to_luastring(library)) !== lua.LUA_TTABLE) {
      lua.lua_pop(state, 1)
      lua.lua_newtable(state)
      lua.lua_pushvalue(state, -1)
      lua.lua_setglobal(state, to_luastring(library))
    }
  }
  for (const [name, value] of Object.entries(functions)) {
    lua.lua_pushcfunction(state, value)
    if (library === undefined) lua.lua_setglobal(state, to_luastring(name))
    else lua.lua_setfield(state, -2, to_luastring(name))
  }
  if (library !== undefined) lua.lua_pop(state, 1)
}

function run(state: LuaState, code: string): void {
  const bytes = to_luastring(code)
  const failed =
    lauxlib.luaL_loadbuffer(state, bytes, bytes.length, to_luastring('=prelude')) !== lua.LUA_OK ||
    lua.lua_pcall(state, 0, 0, 0) !== lua.LUA_OK
  if (failed) throw new Error(to_jsstring(lua.lua_tostring(state, -1)))
}

/** `charge(bytes)` for the prelude. */
function charging(budget: Budget): LuaFunction {
  return (state) => {
    budget.charge(lua.lua_tonumber(state, 1) || 0)
    return stopIfExceeded(state, budget) ?? 0
  }
}

/** Ends the script with an error when it has used up what it may. */
export function stopIfExceeded(state: LuaState, budget: Budget): number | undefined {
  const { exceeded } = budget
  return exceeded === undefined ? undefined : lauxlib.luaL_error(state, to_luastring(exceeded))
}

/** The functions of `string` that make text from text are charged for it before they make it. */
function capText(state: LuaState, budget: Budget): void {
  const costs: Record<string, (state: LuaState) => number> = {
    format: (state) => argumentBytes(state),
    lower: (state) => bytesAt(state, 1),
    rep: (state) => (bytesAt(state, 1) + bytesAt(state, 3)) * (lua.lua_tonumber(state, 2) || 0),
    reverse: (state) => bytesAt(state, 1),
    sub: (state) => bytesAt(state, 1),
    upper: (state) => bytesAt(state, 1),
  }
  lua.lua_getglobal(state, to_luastring('string'))
  for (const name of ['dump', 'pack', 'packsize', 'unpack']) {
    lua.lua_pushnil(state)
    lua.lua_setfield(state, -2, to_luastring(name))
  }
  for (const [name, cost] of Object.entries(costs)) {
    lua.lua_getfield(state, -1, to_luastring(name))
    const original = functionAt(state)
    const before = name === 'format' ? plainNumbers : () => undefined
    lua.lua_pushcfunction(state, (inner) => {
      budget.charge(cost(inner))
      const stopped = stopIfExceeded(inner, budget)
      if (stopped !== undefined) return stopped
      before(inner)
      return original(inner)
    })
    lua.lua_setfield(state, -2, to_luastring(name))
  }
  lua.lua_pop(state, 1)
}

/** The function on top of the stack, which is taken off it. */
function functionAt(state: LuaState): LuaFunction {
  const found = lua.lua_tocfunction(state, -1)
  lua.lua_pop(state, 1)
  if (!found) throw new Error('a library function is missing')
  return found
}

function bytesAt(state: LuaState, index: number): number {
  return lua.lua_type(state, index) === lua.LUA_TSTRING ? lua.lua_rawlen(state, index) : 0
}

function argumentBytes(state: LuaState): number {
  let bytes = 0
  for (let index = 1; index <= lua.lua_gettop(state); index++) bytes += bytesAt(state, index)
  return bytes
}

/** `%d` takes any number and `%s` writes one, as in Lua 5.1; fengari refuses fractions, and writes `.0`. */
function plainNumbers(state: LuaState): void {
  if (lua.lua_type(state, 1) !== lua.LUA_TSTRING) return
  let argument = 1
  const format = textAt(state, 1).replace(directive, (all, flags: string, letter: string) => {
    if (letter === '%') return all
    argument += 1
    if (lua.lua_type(state, argument) !== lua.LUA_TNUMBER) return all
    const value = lua.lua_tonumber(state, argument)
    if (letter === 's') pushValue(state, numberText(value))
    else if (letter === 'd' || letter === 'i') pushValue(state, Math.trunc(value))
    else return all
    lua.lua_replace(state, argument)
    return letter === 's' ? all : `%${flags}.0f`
  })
  pushValue(state, format)
  lua.lua_replace(state, 1)
}

function toText(state: LuaState): number {
  if (lua.lua_type(state, 1) === lua.LUA_TNUMBER) pushValue(state, numberText(lua.lua_tonumber(state, 1)))
  else lauxlib.luaL_tolstring(state, 1)
  return 1
}

/** Only for what is there already: `local os = require("os")`. */
function requireLibrary(state: LuaState): number {
  const name = lauxlib.luaL_checkstring(state, 1)
  if (lua.lua_getglobal(state, name) === lua.LUA_TTABLE) return 1
  const text = `there is no library ${to_jsstring(name)}: scripts have string, table, math and os (date and time)`
  return lauxlib.luaL_error(state, to_luastring(text))
}

function osLibrary({ now }: Libraries): Record<string, LuaFunction> {
  return {
    time(state) {
      if (lua.lua_gettop(state) === 0) lua.lua_pushnumber(state, Math.floor(now().getTime() / 1000))
      else {
        lua.lua_settop(state, 1)
        lua.lua_pushnumber(state, osTime((popValue(state) ?? {}) as Record<string, unknown>))
      }
      return 1
    },
    date(state) {
      const format = lua.lua_gettop(state) > 0 ? to_jsstring(lauxlib.luaL_checkstring(state, 1)) : '%c'
      const seconds = lua.lua_type(state, 2) === lua.LUA_TNUMBER ? lua.lua_tonumber(state, 2) : undefined
      pushValue(state, osDate(format, seconds === undefined ? now() : new Date(seconds * 1000)))
      return 1
    },
    difftime(state) {
      lua.lua_pushnumber(state, lua.lua_tonumber(state, 1) - lua.lua_tonumber(state, 2))
      return 1
    },
    clock(state) {
      lua.lua_pushnumber(state, now().getTime() / 1000)
      return 1
    },
  }
}
