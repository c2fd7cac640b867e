/** `tiphys app …`: all its commands. */
import { Command } from 'commander'
import { actionsCommand } from './actions.ts'
import { confirmCommand, deleteCommand } from './delete-commands.ts'
import { historyCommand, revertCommand, rollbackCommand, unpinCommand } from './deployments.ts'
import { diffCommand } from './diff-command.ts'
import { imagesCommand } from './images-command.ts'
import { logsCommand } from './logs.ts'
import { manifestsCommand } from './manifests.ts'
import { deleteResourceCommand, getResourceCommand, patchResourceCommand } from './object-commands.ts'
import { resourcesCommand } from './resources.ts'
import { getCommand, listCommand } from './show-commands.ts'
import { addSourceCommand, removeSourceCommand, unsetCommand } from './source-commands.ts'
import { createCommand, editCommand, patchCommand, setCommand } from './spec-commands.ts'
import { syncCommand, terminateCommand, waitCommand } from './sync-commands.ts'
import { versionsCommand } from './versions-command.ts'

export function applicationCommand(): Command {
  const app = new Command('app')
  const commands = [
    listCommand(),
    getCommand(),
    createCommand(),
    setCommand(),
    unsetCommand(),
    editCommand(),
    patchCommand(),
    addSourceCommand(),
    removeSourceCommand(),
    syncCommand(),
    waitCommand(),
    terminateCommand(),
    diffCommand(),
    manifestsCommand(),
    resourcesCommand(),
    versionsCommand(),
    imagesCommand(),
    historyCommand(),
    rollbackCommand(),
    revertCommand(),
    unpinCommand(),
    actionsCommand(),
    logsCommand(),
    getResourceCommand(),
    patchResourceCommand(),
    deleteResourceCommand(),
    deleteCommand(),
    confirmCommand(),
  ]
  for (const child of commands) app.addCommand(child)
  return app
}
