/** The composition root: the command line, and what each of its words calls. Nothing imports it. */
import { Command, CommanderError } from 'commander'
import { actionsCommand } from './cli/actions.ts'
import { applicationCommand } from './cli/application/commands.ts'
import { completionScript } from './cli/completion.ts'
import { diffCommand } from './cli/diff.ts'
import { CommandError, exitCode } from './cli/exit-code.ts'
import { healthCommand } from './cli/health.ts'
import { orderCommand } from './cli/order.ts'
import { printYaml } from './cli/output.ts'
import { renderCommand } from './cli/render.ts'
import { windowsCommand } from './cli/windows.ts'
import { demoCommand } from './demo/command.ts'
import { customResourceDefinitions, messageOf } from './model/index.ts'
import { packageVersion } from './process/package-file.ts'
import { serveCommand } from './serve/command.ts'

function program(): Command {
  const tiphys = new Command('tiphys')
    .description('GitOps continuous delivery for Kubernetes')
    .version(packageVersion())
  tiphys.addCommand(serveCommand())
  tiphys.addCommand(demoCommand())
  tiphys.addCommand(applicationCommand())
  tiphys.addCommand(renderCommand())
  tiphys.addCommand(diffCommand())
  tiphys.addCommand(healthCommand())
  tiphys.addCommand(actionsCommand())
  tiphys.addCommand(windowsCommand())
  tiphys.addCommand(orderCommand())
  tiphys
    .command('crds')
    .description('print the CustomResourceDefinitions, for "kubectl apply --server-side -f -"')
    .action(
      () =>
        void process.stdout.write(
          customResourceDefinitions()
            .map((crd) => `---\n${printYaml(crd)}`)
            .join(''),
        ),
    )
  tiphys
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action((shell: string) => void process.stdout.write(completionScript(tiphys, shell)))
  return tiphys
}

/** Commands end by throwing: what is wrong goes to standard error in one piece, with a code that scripts may rely on. */
function exitCodeOf(error: unknown): number {
  // commander has printed its own message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  process.stderr.write(`tiphys: ${messageOf(error)}\n`)
  return error instanceof CommandError ? error.code : exitCode.failure
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride()
  command.showHelpAfterError('(add --help for what there is)')
  for (const child of command.commands) throwInsteadOfExit(child)
}

const tiphys = program()
throwInsteadOfExit(tiphys)
try {
  await tiphys.parseAsync()
} catch (error) {
  process.exitCode = exitCodeOf(error)
}
