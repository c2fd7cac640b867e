import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWords, withGlobalsLast } from './global-flags.ts'
import { globalFlags } from './server/flags.ts'

const known = globalFlags()
const moved = (words: string[], options?: string) =>
  withGlobalsLast(words, { known, options, applies: (command) => command === 'app' })

test('flags in front of the command go behind it, with their values', () => {
  expect(moved(['--server', 'a', '--grpc-web', '--auth-token=x', 'app', 'list', '-o', 'json'])).toEqual([
    'app',
    'list',
    '-o',
    'json',
    '--server',
    'a',
    '--grpc-web',
    '--auth-token=x',
  ])
  expect(moved(['--core', 'app', 'get', '--', '-odd'])).toEqual(['app', 'get', '--core', '--', '-odd'])
})

test('flags of the program itself stay where they are', () => {
  expect(moved(['--help'])).toEqual(['--help'])
  expect(moved(['--version', '--server', 'a'])).toEqual(['--version', '--server', 'a'])
})

test('what the environment gives counts for commands that take it, before what is given by hand', () => {
  const options = `--server 'cd.example.com' --unknown x --insecure`
  expect(moved(['--server', 'b', 'app', 'list'], options)).toEqual([
    'app',
    'list',
    '--server',
    'cd.example.com',
    '--insecure',
    '--server',
    'b',
  ])
  expect(moved(['render', '.'], options)).toEqual(['render', '.'])
})

test('a command line without such flags stays as it is', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('-'))
  fc.assert(fc.property(fc.array(word), (words) => void expect(moved(words)).toEqual(words)))
})

test('what is in quotes stays together', () => {
  expect(shellWords(`--header 'X-Team: shop' --a="b c"  d`)).toEqual(['--header', 'X-Team: shop', '--a=b c', 'd'])
})
