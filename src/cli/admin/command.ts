/** `tiphys admin …`: what is done with the installation itself, straight on its cluster. */
import { Command } from 'commander'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { initialPasswordCommand } from './initial-password.ts'
import { notificationsCommand } from './notifications.ts'
import { rbacCommand } from './rbac.ts'
import { resourceOverridesCommand } from './resource-overrides.ts'
import { topCommand } from './top.ts'
import { validateCommand } from './validate-command.ts'

export function adminCommand(): Command {
  const settings = new Command('settings')
    .description('check the settings of an installation, and what they come to')
    .addCommand(validateCommand())
    .addCommand(rbacCommand())
    .addCommand(resourceOverridesCommand())
  return new Command('admin')
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(initialPasswordCommand())
    .addCommand(settings)
    .addCommand(notificationsCommand())
    .addCommand(rbacCommand())
    .addCommand(topCommand())
}
