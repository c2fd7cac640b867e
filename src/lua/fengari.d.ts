/** The parts of fengari that are used here; it brings no types. */

declare module 'fengari' {
  export interface LuaState {
    readonly stack: unknown[]
  }
  export type LuaFunction = (state: LuaState) => number

  export const lua: {
    LUA_MASKCOUNT: number
    LUA_REGISTRYINDEX: number
    LUA_RIDX_GLOBALS: number
    LUA_OK: number
    LUA_TNIL: number
    LUA_TBOOLEAN: number
    LUA_TNUMBER: number
    LUA_TSTRING: number
    LUA_TTABLE: number
    LUA_TFUNCTION: number
    lua_call(state: LuaState, args: number, results: number): void
    lua_checkstack(state: LuaState, count: number): boolean
    lua_createtable(state: LuaState, list: number, map: number): void
    lua_getglobal(state: LuaState, name: Uint8Array): number
    lua_getfield(state: LuaState, index: number, name: Uint8Array): number
    lua_gettop(state: LuaState): number
    lua_insert(state: LuaState, index: number): void
    lua_isinteger(state: LuaState, index: number): boolean
    lua_newtable(state: LuaState): void
    lua_next(state: LuaState, index: number): number
    lua_pcall(state: LuaState, args: number, results: number, handler: number): number
    lua_pop(state: LuaState, count: number): void
    lua_pushboolean(state: LuaState, value: boolean): void
    lua_pushcfunction(state: LuaState, value: LuaFunction): void
    lua_pushlstring(state: LuaState, value: Uint8Array, length: number): void
    lua_pushnil(state: LuaState): void
    lua_pushnumber(state: LuaState, value: number): void
    lua_pushvalue(state: LuaState, index: number): void
    lua_rawequal(state: LuaState, one: number, other: number): boolean
    lua_rawgeti(state: LuaState, index: number, position: number): number
    lua_rawlen(state: LuaState, index: number): number
    lua_rawseti(state: LuaState, index: number, position: number): void
    lua_remove(state: LuaState, index: number): void
    lua_replace(state: LuaState, index: number): void
    lua_sethook(state: LuaState, hook: (state: LuaState) => void, mask: number, count: number): void
    lua_setfield(state: LuaState, index: number, name: Uint8Array): void
    lua_setglobal(state: LuaState, name: Uint8Array): void
    lua_setmetatable(state: LuaState, index: number): boolean
    lua_settable(state: LuaState, index: number): void
    lua_settop(state: LuaState, index: number): void
    lua_setupvalue(state: LuaState, function_: number, position: number): Uint8Array | null
    lua_toboolean(state: LuaState, index: number): boolean
    lua_tocfunction(state: LuaState, index: number): LuaFunction | null
    lua_tonumber(state: LuaState, index: number): number
    /** The table itself. */
    lua_topointer(state: LuaState, index: number): object
    lua_tostring(state: LuaState, index: number): Uint8Array
    lua_type(state: LuaState, index: number): number
    lua_typename(state: LuaState, type: number): Uint8Array
  }

  export const lauxlib: {
    luaL_checkstring(state: LuaState, index: number): Uint8Array
    luaL_error(state: LuaState, format: Uint8Array, ...values: unknown[]): number
    luaL_loadbuffer(state: LuaState, code: Uint8Array, size: number, name: Uint8Array): number
    luaL_newstate(): LuaState
    luaL_requiref(state: LuaState, name: Uint8Array, open: LuaFunction, isGlobal: boolean): void
    luaL_tolstring(state: LuaState, index: number): Uint8Array
  }

  export const lualib: {
    luaopen_base: LuaFunction
    luaopen_coroutine: LuaFunction
    luaopen_math: LuaFunction
    luaopen_string: LuaFunction
    luaopen_table: LuaFunction
  }

  export function to_luastring(text: string): Uint8Array
  export function to_jsstring(bytes: Uint8Array, from?: number, to?: number, replacement?: boolean): string
}

declare module 'fengari/src/lobject.js' {
  import type { LuaState } from 'fengari'

  export interface LuaValue {
    value: unknown
    ttisinteger(): boolean
    setfltvalue(value: number): void
    setsvalue(value: unknown): void
    vslen(): number
  }
  const library: {
    luaO_tostring(state: LuaState, value: LuaValue): void
    /** The length of what was read, 0 when it is no number. */
    luaO_str2num(text: Uint8Array, value: LuaValue): number
    TValue: { prototype: LuaValue }
  }
  export default library
}

declare module 'fengari/src/lstring.js' {
  import type { LuaState } from 'fengari'

  const library: { luaS_bless(state: LuaState, bytes: Uint8Array): unknown }
  export default library
}
