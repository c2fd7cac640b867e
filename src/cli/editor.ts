/** Changing a document in the editor of the user. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { messageOf } from '../model/index.ts'
import { CommandError } from './exit-code.ts'
import { printYaml } from './output.ts'

/** undefined when nothing has been changed. The file stays where it is when what it holds cannot be read. */
export async function edited<Kind>(document: Kind, name: string, env = process.env): Promise<Kind | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'tiphys-edit-'))
  const file = join(folder, `${name.replace(/[^\w.-]/g, '-')}.yaml`)
  const before = printYaml(document)
  await writeFile(file, before, { mode: 0o600 })
  await run(env.VISUAL || env.EDITOR || 'vi', file)
  const after = await readFile(file, 'utf8')
  const value = after === before ? undefined : read(after, file)
  await rm(folder, { recursive: true, force: true })
  return value as Kind | undefined
}

function read(text: string, file: string): unknown {
  try {
    const value = load(text)
    if (typeof value === 'object' && value !== null) return value
    throw new Error('it is no object')
  } catch (cause) {
    throw new CommandError(`${file} is no YAML: ${messageOf(cause)}. Nothing has been changed.`, { cause })
  }
}

/** Editors are given with their flags, such as `code --wait`. */
function run(editor: string, file: string): Promise<void> {
  const [program = 'vi', ...words] = editor.split(' ').filter(Boolean)
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, file], { stdio: 'inherit' })
    child.once('error', (cause) =>
      reject(new CommandError(`${program} cannot be run: set EDITOR to your editor`, { cause })),
    )
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new CommandError(`${program} ended with ${code}: nothing has been changed`))
    })
  })
}
