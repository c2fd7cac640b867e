/** Shell completion, generated from the commands themselves, so that it cannot fall behind them. */
import { Command } from 'commander'
import { CommandError, exitCode } from './exit-code.ts'

interface Node {
  /** Words typed so far, such as `app sync`. */
  path: string
  words: string[]
}

/** `all`: the whole command line. */
export function completionCommand(all: () => Promise<Command>): Command {
  return new Command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => void process.stdout.write(completionScript(await all(), shell)))
}

export function completionScript(program: Command, shell: string): string {
  const nodes = nodesOf(program, '')
  if (shell === 'bash') return bash(nodes)
  if (shell === 'zsh') return zsh(nodes)
  if (shell === 'fish') return fish(nodes)
  throw new CommandError(`no completion for ${shell}: use bash, zsh or fish`, { code: exitCode.usage })
}

function nodesOf(command: Command, path: string): Node[] {
  const options = command.options.flatMap((option) => (option.long && !option.hidden ? [option.long] : []))
  const words = [...command.commands.map((child) => child.name()), ...options, '--help']
  const children = command.commands.flatMap((child) => nodesOf(child, path ? `${path} ${child.name()}` : child.name()))
  return [{ path, words }, ...children]
}

/** The case arms that map the words typed so far to the words that may follow. */
function arms(nodes: Node[]): string {
  return nodes.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`).join('\n')
}

const typedSoFar = `  local path= word
  for word in "\${typed[@]}"; do
    case $word in -*) ;; *) case " $known " in *" $path\${path:+ }$word;"*) path="$path\${path:+ }$word" ;; esac ;; esac
  done`

function known(nodes: Node[]): string {
  return nodes.map((node) => ` ${node.path};`).join(' ')
}

function bash(nodes: Node[]): string {
  return `_tiphys() {
  local known='${known(nodes)}' words=
  local typed=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${typedSoFar}
  case $path in
${arms(nodes)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tiphys tiphys
`
}

function zsh(nodes: Node[]): string {
  return `#compdef tiphys
_tiphys() {
  local known='${known(nodes)}' words_found=
  local -a typed=("\${words[@]:1:CURRENT-2}")
${typedSoFar}
  case $path in
${arms(nodes).replaceAll("words='", "words_found='")}
  esac
  compadd -- \${=words_found}
}
compdef _tiphys tiphys
`
}

function fish(nodes: Node[]): string {
  const lines = nodes.map(({ path, words }) => {
    const typed = path === '' ? '' : ` ${path}`
    return `complete -c tiphys -n 'test "$(__tiphys_path)" = "tiphys${typed}"' -a '${words.join(' ')}'`
  })
  return `function __tiphys_path
  string join ' ' (string match -v -- '-*' (commandline -opc))
end
complete -c tiphys -f
${lines.join('\n')}
`
}
