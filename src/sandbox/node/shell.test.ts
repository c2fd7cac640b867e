import { expect, test } from 'vitest'
import { type Machine, Shell } from './shell.ts'
import { interactiveShell, pipedShell } from './terminal.ts'

const machine: Machine = {
  hostname: 'web-0',
  env: { HOME: '/root', GREETING: 'hello  world' },
  files: new Map([
    ['/etc/hostname', 'web-0\n'],
    ['/etc/shop/mode', 'fast'],
    ['/etc/shop/depth', '3'],
  ]),
  workingDir: '/',
  now: () => new Date('2026-01-02T03:04:05Z'),
}

function run(line: string) {
  return new Shell(machine).run(line)
}

test.each([
  ['echo a  b', 'a b\n'],
  ['echo \'a  b\' "c d"', 'a  b c d\n'],
  ['echo -n a', 'a'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell expands it
  ['echo "$GREETING" ${HOME}x', 'hello  world /rootx\n'],
  ["echo '$HOME' \\$HOME", '$HOME $HOME\n'],
  ['A=1; echo $A; export B=2; echo $B', '1\n2\n'],
  ['false; echo $?', '1\n'],
  ['false && echo no || echo yes', 'yes\n'],
  ['ls /etc/shop', 'depth\nmode\n'],
  ['cat /etc/shop/mode', 'fast'],
  ['cd /etc; cat shop/../hostname; pwd', 'web-0\n/etc\n'],
  ['hostname', 'web-0\n'],
  ['sh -c "echo deep; exit 3"; echo $?', 'deep\n3\n'],
  ['env', 'HOME=/root\nGREETING=hello  world\n'],
  ['date', 'Fri, 02 Jan 2026 03:04:05 GMT\n'],
  ['echo a # not this', 'a\n'],
])('%s prints what a shell prints', (line, stdout) => {
  expect(run(line)).toMatchObject({ stdout, stderr: '' })
})

test('an unknown command, a missing file and a missing folder say so', () => {
  expect(run('frobnicate')).toEqual({ stdout: '', stderr: 'sh: frobnicate: not found\n', exitCode: 127 })
  expect(run('cat /nope')).toMatchObject({
    stderr: "cat: can't open '/nope': No such file or directory\n",
    exitCode: 1,
  })
  expect(run('cd /nope')).toMatchObject({ exitCode: 2 })
})

test('exit ends the shell with its code', () => {
  expect(run('echo a; exit 7; echo b')).toEqual({ stdout: 'a\n', stderr: '', exitCode: 7, hasExited: true })
})

function collect() {
  const seen = { text: '', code: undefined as number | undefined }
  const output = {
    stdout: (text: string) => {
      seen.text += text
    },
    stderr: (text: string) => {
      seen.text += text
    },
    exit: (code: number) => {
      seen.code = code
    },
  }
  return { seen, output }
}

test('a piped shell runs line after line and ends with its input', () => {
  const { seen, output } = collect()
  const shell = pipedShell(machine, output)
  shell.input('echo o')
  shell.input('ne\necho two\nfal')
  expect(seen).toEqual({ text: 'one\ntwo\n', code: undefined })
  shell.input('se')
  shell.end()
  expect(seen).toEqual({ text: 'one\ntwo\n', code: 1 })
})

test('an interactive shell echoes, rubs out, and ends at exit', () => {
  const { seen, output } = collect()
  const shell = interactiveShell(machine, output)
  shell.input('pwx\u007fd\r')
  expect(seen.text).toBe('/ # pwx\b \bd\r\n/\r\n/ # ')
  shell.input('exit 4\r')
  expect(seen.code).toBe(4)
})

test('Ctrl-C gives a new line, Ctrl-D on an empty line ends', () => {
  const { seen, output } = collect()
  const shell = interactiveShell(machine, output)
  shell.input('abc\u0003\u0004')
  expect(seen).toEqual({ text: '/ # abc^C\r\n/ # ', code: 0 })
})
