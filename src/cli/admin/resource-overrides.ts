/** `tiphys admin settings resource-overrides …`: what the settings make of one object in a file. */
import { Command } from 'commander'
import { type Actions, resourceActions } from '../../action/index.ts'
import type { KubeObject } from '../../model/index.ts'
import { onlyOne, parameterOption, printImpact } from '../actions.ts'
import { readObjects } from '../objects.ts'
import { printTable, printYaml } from '../output.ts'
import { addSettingsFlags, readInstallation, type SettingsFlags } from './settings-source.ts'

export function resourceOverridesCommand(): Command {
  return new Command('resource-overrides')
    .description('what resource.customizations make of an object in a file')
    .addCommand(health())
    .addCommand(ignored('ignore-differences', 'ignoreDifferences', 'the object without the fields that do not count'))
    .addCommand(
      ignored(
        'ignore-resource-updates',
        'ignoreUpdates',
        'the object without the fields whose changes are no reason to look',
      ),
    )
    .addCommand(listActions())
    .addCommand(runAction())
}

const warn = (message: string) => void process.stderr.write(`warning: ${message}\n`)
const print = (text: string) => void process.stdout.write(text)
const now = () => new Date()

function command(name: string, description: string): Command {
  return addSettingsFlags(new Command(name))
    .description(description)
    .argument('<file>', 'one object; "-" reads standard input')
}

async function readBoth(file: string, flags: SettingsFlags) {
  return { object: onlyOne(await readObjects([file]), file), ...(await readInstallation(flags)) }
}

function health(): Command {
  return command('health', 'the health of the object').action(async (file: string, flags: SettingsFlags) => {
    const { object, settings } = await readBoth(file, flags)
    const { HealthAssessor } = await import('../../health/index.ts')
    const assessor = new HealthAssessor({ warn, now })
    assessor.configure(settings)
    const found = assessor.assess(object)
    print(found ? `STATUS: ${found.status}\nMESSAGE: ${found.message ?? ''}\n` : 'a kind without health\n')
  })
}

function ignored(name: string, what: 'ignoreDifferences' | 'ignoreUpdates', description: string): Command {
  return command(name, description).action(async (file: string, flags: SettingsFlags) => {
    const { object, ...texts } = await readBoth(file, flags)
    const { withoutIgnored } = await import('./without-ignored.ts')
    print(printYaml(await withoutIgnored(object, texts, what)))
  })
}

async function actionsFor(file: string, flags: SettingsFlags): Promise<{ object: KubeObject; actions: Actions }> {
  const { object, settings } = await readBoth(file, flags)
  return { object, actions: resourceActions(settings, { warn, now }) }
}

function listActions(): Command {
  return command('list-actions', 'what can be done to the object').action(
    async (file: string, flags: SettingsFlags) => {
      const { object, actions } = await actionsFor(file, flags)
      const rows = actions.list(object).map(({ name, disabled }) => [name, String(!disabled)])
      print(printTable(['NAME', 'ENABLED'], rows))
    },
  )
}

function runAction(): Command {
  return command('run-action', 'what an action would patch or create')
    .argument('<action>')
    .addOption(parameterOption())
    .action(async (file: string, action: string, flags: SettingsFlags & { param?: Record<string, string> }) => {
      const { object, actions } = await actionsFor(file, flags)
      print(printImpact(actions.run(object, action, flags.param), 'yaml'))
    })
}
