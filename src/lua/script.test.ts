import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LuaError, LuaScript, withOriginal } from './index.ts'

const now = () => new Date('2026-01-02T03:04:05Z')
// The clock of a busy machine decides nothing here.
const limits = { instructions: 1_000_000, textBytes: 16 * 1024 * 1024, milliseconds: 60_000 }

function run(code: string, globals: Record<string, unknown> = {}): unknown {
  return new LuaScript(code, { now, limits }).run(globals)
}

function problem(code: string, globals: Record<string, unknown> = {}): LuaError {
  try {
    run(code, globals)
  } catch (error) {
    if (error instanceof LuaError) return error
    throw error
  }
  throw new Error('the script ended well')
}

describe('what a script sees and gives', () => {
  test('globals are tables, results are JSON', () => {
    const obj = { spec: { replicas: 3, names: ['a', 'b'], on: true } }
    expect(
      run('return { n = obj.spec.replicas + 1, last = obj.spec.names[#obj.spec.names], on = obj.spec.on }', { obj }),
    ).toEqual({ n: 4, last: 'b', on: true })
  })

  test('what one run sets, the next one does not see', () => {
    for (const name of ['count', '_G.count', '_ENV.count']) {
      const script = new LuaScript(`${name} = (${name} or 0) + 1 return ${name}`, { now })
      expect([script.run({}), script.run({})]).toEqual([1, 1])
    }
    expect(run('return getmetatable(_ENV)')).toBe(false)
  })

  test('nil and nothing are undefined, an empty table is an empty list', () => {
    expect([run('return nil'), run(''), run('return {}')]).toEqual([undefined, undefined, []])
  })

  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }).filter((value) => !Number.isSafeInteger(Number(value))),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 5 },
      ),
    ),
  })).value

  test('an object that goes through Lua comes back as it was: nulls, empty maps and long integers too', () => {
    const script = new LuaScript('return obj', { now })
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), json, { minKeys: 1 }), (obj) => {
        const positive = JSON.parse(
          JSON.stringify(obj, (_key, value) => (typeof value === 'bigint' ? `${value}n` : value)),
          (_key, value) => (typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value),
        )
        expect(withOriginal(script.run({ obj: positive }), positive)).toEqual(positive)
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['return {1, a = 2}', 'the result has numbers and names as keys'],
    ['return { a = { [100] = 1 } }', "the result's a has numbers as keys that are not those of a list"],
    ['return { f = print }', "the result's f is a function"],
    ['return { n = 0/0 }', "the result's n is NaN"],
    ['local t = {} t.t = t return t', 'nested too deeply, or holds itself'],
  ])('%s is no JSON, and it says why', (code, message) => {
    expect(problem(code).message).toContain(message)
  })

  test('a list with a hole is refused', () => {
    expect(() => withOriginal(run('return {1, 2, nil, 4}'), {})).toThrow('nothing at position 3 of 4')
  })
})

describe('errors', () => {
  test('name the line', () => {
    expect(problem('local a = 1\nreturn obj.status.phase', { obj: {} })).toMatchObject({
      line: 2,
      message: "attempt to index a nil value (field 'status')",
    })
    expect(problem('return 1\nend')).toMatchObject({ line: 2 })
    expect(problem('return string.gsub(nil, "a", "b")').message).toMatch(/^attempt to get length of a nil value/)
    expect(problem('\nerror("no such thing")')).toMatchObject({ line: 2, message: 'no such thing' })
  })

  test('after an error the script can be run again', () => {
    const script = new LuaScript('return obj.a.b', { now })
    expect(() => script.run({ obj: {} })).toThrow()
    expect(script.run({ obj: { a: { b: 1 } } })).toBe(1)
  })
})

describe('limits, which no script can catch', () => {
  const endless = [
    'while true do end',
    'while true do pcall(function() while true do end end) end',
    'local function f() return f() end return f()',
    'return setmetatable({}, { __index = function() while true do end end }).a',
    'local t = {} while true do t[#t + 1] = #t end',
    'xpcall(function() while true do end end, function() while true do end end) while true do end',
    'table.sort({3, 1, 2}, function() while true do end end)',
    'return ("a"):gsub("a", function() while true do end end)',
  ]
  test.each(endless)('%s', (code) => {
    expect(problem(code)).toMatchObject({ isLimit: true, message: 'ran for more than 1000000 instructions' })
  })

  test('a limit that was caught counts all the same', () => {
    expect(problem('pcall(function() while true do end end) return { status = "Healthy" }')).toMatchObject({
      isLimit: true,
    })
  })

  test('coroutines have the same budget', () => {
    const code = 'while true do coroutine.resume(coroutine.create(function() while true do end end)) end'
    expect(() => new LuaScript(code, { now, limits, openLibraries: true }).run({})).toThrow('instructions')
  })

  const large = [
    'return ("x"):rep(1e9)',
    'return ("x"):rep(2^40, ",")',
    'local s = "x" while true do s = s .. s end',
    'local s = "x" pcall(function() while true do s = s .. s end end) return "caught"',
    'local s = ("x"):rep(1e6) local t = {} for i = 1, 1e5 do t[i] = s:upper() end',
    'local s = ("x"):rep(1e6) local t = {} for i = 1, 1e5 do t[i] = s end return table.concat(t)',
    'return (("x"):rep(1e5):gsub("x", ("y"):rep(1e5)))',
    'local s = ("y"):rep(1e6) return (("x"):rep(1e5):gsub("x", function() return s end))',
    'local s = ("y"):rep(1e6) return string.format(("%s"):rep(20), s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s)',
  ]
  test.each(large)('%s', (code) => {
    expect(problem(code)).toMatchObject({ isLimit: true, message: 'made more than 16777216 bytes of text' })
  })

  test('a search that takes for ever is stopped by the clock', () => {
    const code = 'return (("a"):rep(30):find(("a*"):rep(30) .. "b"))'
    const script = new LuaScript(code, { now, limits: { ...limits, milliseconds: 50 } })
    expect(() => script.run({})).toThrow('ran for more than 50 ms')
    expect(() => script.run({})).toThrow('ran for more than 50 ms')
  })

  test('whatever text is given as a script, the answer is a result or an error', () => {
    const words = [
      'return',
      'obj',
      '{',
      '}',
      '(',
      ')',
      'end',
      'while true do',
      'function',
      '"',
      '=',
      'a',
      '..',
      '1',
      '[[',
      '--',
      '\\',
      '%',
      '#',
    ]
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 3 })), { maxLength: 12 }),
        (parts) => {
          try {
            run(parts.join(' '), { obj: { a: 1 } })
          } catch (error) {
            expect(error).toBeInstanceOf(LuaError)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('libraries', () => {
  test.each(['io', 'debug', 'package', 'load', 'loadstring', 'dofile', 'loadfile', 'charge', 'coroutine'])(
    'there is no %s',
    (name) => expect(run(`return type(${name})`)).toBe('nil'),
  )

  test('os has time and date and nothing that reaches the machine', () => {
    expect(
      run('local names = {} for name in pairs(os) do names[#names + 1] = name end table.sort(names) return names'),
    ).toEqual(['clock', 'date', 'difftime', 'time'])
  })

  test('time is given in UTC', () => {
    expect(run('return os.time()')).toBe(1767323045)
    expect(run('return os.date("!%Y-%m-%dT%H:%M:%SZ")')).toBe('2026-01-02T03:04:05Z')
    expect(run('local os = require("os") return os.date("!%Y-%m-%dT%XZ", 0)')).toBe('1970-01-01T00:00:00Z')
    expect(run('return os.time({ year = 2026, month = 1, day = 2, hour = 3, min = 4, sec = 5 })')).toBe(1767323045)
    expect(run('return os.date("*t").yday')).toBe(2)
  })

  test('what is asked for and not there is named', () => {
    expect(problem('require("socket")').message).toContain('there is no library socket')
  })

  test('a forgotten print does no harm', () => {
    expect(run('print("debug") return 1')).toBe(1)
  })

  test('what scripts of Lua 5.1 call is there', () => {
    expect(run('return { unpack({1, 2}), table.getn({1, 2, 3}), math.pow(2, 10), math.mod(7, 4) }')).toEqual([
      1, 3, 1024, 3,
    ])
    expect(run('return table.maxn({ 1, 2, [7] = 1 })')).toBe(7)
  })

  test('numbers are doubles, written without .0', () => {
    expect(run('return 10 / 2 .. "|" .. 2147483647 + 1 .. "|" .. 0.5 .. "|" .. tostring(4 / 2)')).toBe(
      '5|2147483648|0.5|2',
    )
    expect(run('return tonumber("100000") * tonumber("100000")')).toBe(1e10)
    expect(run('return math.floor(3e5) * math.floor(3e5)')).toBe(9e10)
    expect(run('return string.format("%d of %s, %5.1f, %d%%", 3.7, 4, 2.25, 5000000000)')).toBe(
      '3 of 4,   2.3, 5000000000%',
    )
  })
})
