/**
 * Takes the steps of a Dockerfile in plain folders, one for each stage, where nothing can build an image. It knows what our
 * Dockerfile says and refuses the rest; packages of the system are not installed but looked for.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export interface Image {
  /** What stands for / in it. */
  root: string
  workingDirectory: string
  env: Record<string, string>
  /** Of whom it runs as. */
  userId: number
  entrypoint: string[]
}

interface Step {
  word: string
  rest: string
}

export function readSteps(text: string): Step[] {
  const joined = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, ' ')
  return joined.split('\n').flatMap((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? []
    return word && rest ? [{ word, rest }] : []
  })
}

/** `folder`: an empty one. `context`: where the Dockerfile is. Answers the last stage. */
export function takeSteps(context: string, folder: string, log: (line: string) => void): Image {
  const stages = new Map<string, Image>()
  let image: Image | undefined
  for (const { word, rest } of readSteps(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    log(`${word} ${rest}`)
    if (word === 'FROM') {
      const name = /\bAS (\w+)$/.exec(rest)?.[1] ?? 'last'
      const root = join(folder, name)
      mkdirSync(root, { recursive: true })
      image = { root, workingDirectory: root, env: {}, userId: 0, entrypoint: [] }
      stages.set(name, image)
      continue
    }
    if (!image) throw new Error(`${word} before FROM`)
    take(image, { word, rest }, { context, stages })
  }
  if (!image) throw new Error('a Dockerfile begins with FROM')
  return image
}

interface Around {
  context: string
  stages: Map<string, Image>
}

function take(image: Image, { word, rest }: Step, around: Around): void {
  if (word === 'WORKDIR') {
    image.workingDirectory = inside(image, rest)
    mkdirSync(image.workingDirectory, { recursive: true })
  } else if (word === 'ENV') {
    const [name = '', value = ''] = rest.split('=')
    image.env[name] = value
  } else if (word === 'USER') image.userId = Number(rest)
  else if (word === 'ENTRYPOINT') image.entrypoint = JSON.parse(rest) as string[]
  else if (word === 'COPY') copy(image, rest, around)
  else if (word === 'RUN') run(image, rest)
  else if (word !== 'EXPOSE') throw new Error(`${word} is not known here`)
}

function inside(image: Image, path: string): string {
  return path.startsWith('/') ? join(image.root, path) : join(image.workingDirectory, path)
}

function copy(image: Image, rest: string, { context, stages }: Around): void {
  const [, from, paths = ''] = /^(?:--from=(\w+)\s+)?(.*)$/.exec(rest) ?? []
  const stage = from === undefined ? undefined : stages.get(from)
  const words = paths.split(/\s+/)
  const target = words.pop() ?? ''
  for (const word of words) {
    const source = stage ? join(stage.root, word) : join(context, word)
    const isFolder = existsSync(source) && !target.endsWith('/')
    const destination = isFolder ? inside(image, target) : join(inside(image, target), basename(word))
    cpSync(source, destination, { recursive: true, verbatimSymlinks: true })
  }
}

function run(image: Image, command: string): void {
  const packages = /^apt-get update && apt-get install -y --no-install-recommends (.+?) &&/.exec(command)?.[1]
  if (packages !== undefined) {
    const programs: Record<string, string> = { 'openssh-client': 'ssh' }
    for (const name of packages.split(' ')) execFileSync('sh', ['-c', `command -v ${programs[name] ?? name}`])
    return
  }
  const { PATH = '', HOME = '' } = process.env
  execFileSync('sh', ['-ec', command], {
    cwd: image.workingDirectory,
    env: { PATH, HOME, ...image.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
