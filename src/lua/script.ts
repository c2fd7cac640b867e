/** One script, compiled once and run over many objects. */
import { createContext, Script } from 'node:vm'
import { type LuaState, lauxlib, lua, to_luastring } from 'fengari'
import lobject from 'fengari/src/lobject.js'
import { Budget, defaultLimits, type LuaLimits } from './budget.ts'
import { openLibraries, stopIfExceeded } from './libraries.ts'
import { LuaError, luaError } from './lua-error.ts'
import { popValue, pushValue, textAt } from './values.ts'

export interface LuaOptions {
  now(): Date
  openLibraries?: boolean
  limits?: LuaLimits
}

class TimeUp extends LuaError {}

/** What the script is called in the errors of the virtual machine. */
const chunk = 'script'
const hookInterval = 1000

/** The budget of the run under way; there is one at a time. */
let running: Budget | undefined

const lengthOf = lobject.TValue.prototype.vslen
// Every operand of `..` is measured by this before the result is made, and nothing else that scripts do often is.
lobject.TValue.prototype.vslen = function vslen() {
  const length = lengthOf.call(this)
  running?.charge(length)
  if (running?.exceeded !== undefined) throw new LuaError(running.exceeded, { isLimit: true })
  return length
}

export class LuaScript {
  readonly #text: string
  readonly #options: LuaOptions
  readonly #limits: LuaLimits
  readonly #budget: Budget
  #state: LuaState | undefined

  constructor(text: string, options: LuaOptions) {
    this.#text = text
    this.#options = options
    this.#limits = options.limits ?? defaultLimits
    this.#budget = new Budget(this.#limits)
  }

  /**
   * What the script returns, as JSON; undefined for nil and for nothing. `globals` are its own, and what it sets is gone
   * after the run. Throws a LuaError.
   */
  run(globals: Record<string, unknown>): unknown {
    try {
      return this.#attempt(globals)
    } catch (error) {
      if (!(error instanceof TimeUp)) throw error
      // The machine may have stood still, and a health once found stays until the object changes.
      return this.#attempt(globals)
    }
  }

  #attempt(globals: Record<string, unknown>): unknown {
    const budget = this.#budget
    budget.begin()
    running = budget
    try {
      return withinTime(() => this.#call(globals), this.#limits.milliseconds)
    } catch (error) {
      // It may have been stopped anywhere.
      this.#state = undefined
      throw budget.exceeded === undefined ? error : new LuaError(budget.exceeded, { isLimit: true })
    } finally {
      running = undefined
    }
  }

  #call(globals: Record<string, unknown>): unknown {
    this.#state ??= this.#compiled()
    const state = this.#state
    lua.lua_settop(state, 1)
    lua.lua_pushvalue(state, 1)
    pushEnvironment(state, globals)
    lua.lua_setupvalue(state, -2, 1)
    if (lua.lua_pcall(state, 0, 1, 0) !== lua.LUA_OK) throw this.#problem(state)
    // A script that has caught the error has used up its budget all the same.
    if (this.#budget.exceeded !== undefined) throw this.#problem(state)
    return popValue(state)
  }

  /** A state with the compiled script at the bottom of its stack. */
  #compiled(): LuaState {
    const state = lauxlib.luaL_newstate()
    const budget = this.#budget
    openLibraries(state, { budget, now: this.#options.now, open: this.#options.openLibraries === true })
    const hook = (inner: LuaState): void => {
      budget.executed(hookInterval)
      if (budget.exceeded === undefined) return
      // From now on at each instruction: whoever catches the error meets the next one.
      lua.lua_sethook(inner, hook, lua.LUA_MASKCOUNT, 1)
      stopIfExceeded(inner, budget)
    }
    lua.lua_sethook(state, hook, lua.LUA_MASKCOUNT, hookInterval)
    const code = to_luastring(this.#text)
    lua.lua_settop(state, 0)
    if (lauxlib.luaL_loadbuffer(state, code, code.length, to_luastring(`=${chunk}`)) !== lua.LUA_OK) {
      throw this.#problem(state)
    }
    return state
  }

  #problem(state: LuaState): LuaError {
    const { exceeded } = this.#budget
    if (exceeded !== undefined) return new LuaError(exceeded, { isLimit: true })
    const type = lua.lua_type(state, -1)
    return luaError(type === lua.LUA_TSTRING ? textAt(state, -1) : 'the script failed', chunk)
  }
}

/** A table with the globals of one run, behind it the libraries. */
function pushEnvironment(state: LuaState, globals: Record<string, unknown>): void {
  lua.lua_newtable(state)
  for (const [name, value] of Object.entries(globals)) {
    pushValue(state, value)
    lua.lua_setfield(state, -2, to_luastring(name))
  }
  lua.lua_pushvalue(state, -1)
  lua.lua_setfield(state, -2, to_luastring('_G'))
  lua.lua_newtable(state)
  lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, lua.LUA_RIDX_GLOBALS)
  lua.lua_setfield(state, -2, to_luastring('__index'))
  lua.lua_pushboolean(state, false)
  lua.lua_setfield(state, -2, to_luastring('__metatable'))
  lua.lua_setmetatable(state, -2)
}

const script = new Script('work()')
const context = createContext({ work: () => {} }) as { work(): void }

/** Stops `work` wherever it is: a long search for a pattern is one instruction of the virtual machine. */
function withinTime<Result>(work: () => Result, milliseconds: number): Result {
  const outcome: { result?: { value: Result }; error?: unknown } = {}
  context.work = () => {
    try {
      outcome.result = { value: work() }
    } catch (error) {
      outcome.error = error
    }
  }
  try {
    script.runInContext(context, { timeout: milliseconds })
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new TimeUp(`ran for more than ${milliseconds} ms`, { isLimit: true })
  }
  if (outcome.result) return outcome.result.value
  throw outcome.error
}
