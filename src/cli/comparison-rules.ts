/** The rules by which commands compare, from an Application and the settings of the installation. */
import {
  type ComparisonRules,
  comparisonRules,
  type DiffSettings,
  diffSettings,
  type Jq,
  openJq,
  ruleBasis,
} from '../diff/index.ts'
import type { Application } from '../model/index.ts'
import { CommandError } from './exit-code.ts'

export interface SettingsTexts {
  /** The data of argocd-cm. */
  settings: Record<string, string>
  /** The data of argocd-cmd-params-cm. */
  parameters?: Record<string, string>
}

/** Runs `work` with what the settings say and with a jq that is ended afterwards. */
export async function withJq<Result>(
  texts: SettingsTexts,
  work: (settings: DiffSettings, jq: Jq) => Promise<Result>,
): Promise<Result> {
  const warn = (message: string) => void process.stderr.write(`warning: ${message}\n`)
  const settings = diffSettings({ ...texts, env: process.env }, warn)
  const jq = openJq({ timeoutMs: () => settings.jqTimeoutMs })
  try {
    return await work(settings, jq)
  } finally {
    await jq.close()
  }
}

/** Fails where the application's own rules are at fault: without them the answer would be another one. */
export async function rulesFrom(
  application: Application | undefined,
  settings: DiffSettings,
  jq: Jq,
): Promise<ComparisonRules> {
  const rules = await comparisonRules(ruleBasis(application, settings), jq)
  if (rules.faults.length > 0) throw new CommandError(rules.faults.join('\n'))
  return rules
}
