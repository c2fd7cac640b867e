import { execFileSync, spawnSync } from 'node:child_process'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { completionScript } from './completion.ts'

const program = new Command('tiphys')
program.command('serve').option('--port <number>', 'port')
const app = program.command('app')
app.command('sync').option('--prune', 'prune')
app.command('get')

function complete(...typed: string[]): string[] {
  const script = `${completionScript(program, 'bash')}
COMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}; _tiphys; printf '%s\\n' "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean)
}

const hasBash = spawnSync('bash', ['--version']).status === 0

test.skipIf(!hasBash)('bash completes commands, their sub-commands and their options (needs bash)', () => {
  expect(complete('tiphys', '')).toEqual(['serve', 'app', '--help'])
  expect(complete('tiphys', 'app', 's')).toEqual(['sync'])
  expect(complete('tiphys', 'app', 'sync', 'web', '--p')).toEqual(['--prune'])
})

test.each(['bash', 'zsh', 'fish'])('the %s script names every command', (shell) => {
  const script = completionScript(program, shell)
  for (const word of ['serve', 'sync', '--port']) expect(script).toContain(word)
})

test('an unknown shell is refused with those there are', () => {
  expect(() => completionScript(program, 'tcsh')).toThrow(/bash, zsh or fish/)
})
