/** `tiphys admin settings validate`. */
import { Command } from 'commander'
import { CommandError, exitCode } from '../exit-code.ts'
import { collect } from '../words.ts'
import { addSettingsFlags, readInstallation, type SettingsFlags } from './settings-source.ts'

export function validateCommand(): Command {
  return addSettingsFlags(new Command('validate'))
    .description('tell what is wrong in settings; ends with 1 when something is')
    .option('--group <group>', 'only this part: general, accounts, rbac, sso or resource-overrides', collect)
    .action(async (flags: SettingsFlags & { group?: string[] }) => {
      // Loaded only here: it brings the virtual machine for scripts.
      const { settingGroups, validateSettings } = await import('./validate-settings.ts')
      const unknown = flags.group?.find((group) => !settingGroups.includes(group))
      if (unknown !== undefined) {
        throw new CommandError(`there is no group ${unknown}: it is one of ${settingGroups.join(', ')}`, {
          code: exitCode.usage,
        })
      }
      const reports = validateSettings(await readInstallation(flags), flags.group ?? settingGroups)
      for (const { group, problems, summary } of reports) {
        const lines = problems.map((problem) => `  ${problem}\n`).join('')
        process.stdout.write(
          `${group}: ${problems.length === 0 ? 'fine' : `${problems.length} problems`} (${summary})\n${lines}`,
        )
      }
      if (reports.some(({ problems }) => problems.length > 0)) process.exitCode = exitCode.negative
    })
}
