/** `tiphys app actions`: what can be done to the objects of an application, and doing it. */
import { Command } from 'commander'
import { describeKey, keyOf } from '../../model/index.ts'
import { impactOutput, parameterOption, printImpact } from '../actions.ts'
import { definedOf } from '../words.ts'
import { print, tell } from './command.ts'
import { choiceOf, meantOf, type ObjectFlags, objectCommand, withObjects } from './object-commands.ts'

export function actionsCommand(): Command {
  return new Command('actions')
    .description('what can be done to the objects of an application')
    .addCommand(list())
    .addCommand(run())
}

function list(): Command {
  return objectCommand('list', 'the actions of each object: a line of JSON for each')
    .argument('<name>')
    .action(async (name: string, flags: ObjectFlags) => {
      const found = await withObjects(flags, async (applications) => {
        const application = await applications.get(name)
        const objects = await applications.objects.find(application, choiceOf(flags))
        return applications.objects.actions(application, objects)
      })
      const useful = found.filter(({ actions }) => actions.length > 0)
      print(useful.map(({ object, actions }) => `${JSON.stringify({ ...keyOf(object), actions })}\n`).join(''))
    })
}

interface RunFlags extends ObjectFlags {
  output: string
  param?: Record<string, string>
}

function run(): Command {
  return objectCommand('run', 'run an action on an object; what it has patched or created is printed')
    .argument('<name>')
    .argument('<action>', 'one of "tiphys app actions list"')
    .option('--all', 'on all that are meant, where there are several')
    .addOption(parameterOption())
    .addOption(impactOutput())
    .action(async (name: string, action: string, flags: RunFlags) => {
      await withObjects(flags, async (applications) => {
        const { objects } = applications
        const application = await applications.get(name)
        const meant = meantOf(await objects.find(application, choiceOf(flags)), name, flags.all === true)
        for (const object of meant) {
          const asked = { name: action, ...definedOf({ parameters: flags.param }) }
          const done = await objects.runAction(application, object, asked)
          if (done) print(printImpact(done, flags.output))
          else tell(`${action} has been run on ${describeKey(keyOf(object))}`)
        }
      })
    })
}
