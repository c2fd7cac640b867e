/** Triggers and templates that are there without being configured. A key of the same name in argocd-notifications-cm replaces one. */

const revision = 'app.status.operationState?.syncResult?.revision'
const phase = 'app.status?.operationState?.phase'

function trigger(template: string, when: string, oncePer = revision): string {
  return JSON.stringify([{ when, send: [template], oncePer }])
}

export const catalogueTriggers: Record<string, string> = {
  'on-created': trigger('app-created', 'true', 'app.metadata.name'),
  'on-deleted': trigger('app-deleted', 'app.metadata?.deletionTimestamp != nil', 'app.metadata.name'),
  // Once for each revision that a sync has brought: a pod that is replaced later brings none.
  'on-deployed': trigger('app-deployed', `${phase} == 'Succeeded' and app.status?.health?.status == 'Healthy'`),
  'on-health-degraded': trigger('app-health-degraded', "app.status?.health?.status == 'Degraded'"),
  'on-sync-failed': trigger('app-sync-failed', `${phase} in ['Error', 'Failed']`),
  'on-sync-running': trigger('app-sync-running', `${phase} == 'Running'`),
  'on-sync-status-unknown': trigger('app-sync-status-unknown', "app.status?.sync?.status == 'Unknown'"),
  'on-sync-succeeded': trigger('app-sync-succeeded', `${phase} == 'Succeeded'`),
  // Told again after it was in sync in between.
  'on-out-of-sync': trigger('app-out-of-sync', "app.status?.sync?.status == 'OutOfSync'", ''),
}

const name = '{{ .app.metadata.name }}'
const link = '{{ .context.argocdUrl }}/applications/{{ .app.metadata.name }}'
const operation = '{{ with .app.status.operationState }}{{ .message }}{{ end }}'
const sources =
  '{{ with .app.spec.source }}{{ .repoURL }}{{ else }}{{ range $i, $s := .app.spec.sources }}{{ if $i }}, {{ end }}{{ $s.repoURL }}{{ end }}{{ end }}'

interface Kind {
  subject: string
  message: string
  /** Of a chat's side bar. */
  colour: string
  severity: string
  facts?: Record<string, string>
}

const quoted = (text: string): string => `{{ printf "%s" (${text}) | toJson }}`

/** Values are written as JSON by the template itself, so that no message can break out of it. */
function template({ subject, message, colour, severity, facts = {} }: Kind): string {
  const common: Record<string, string> = {
    'Sync status': '.app.status.sync.status | default "Unknown"',
    Revision: '.app.status.sync.revision | default "-"',
    ...facts,
  }
  const rows = Object.entries(common)
  const title = quoted('.app.metadata.name')
  const address = quoted('printf "%s/applications/%s" .context.argocdUrl .app.metadata.name')
  const slackFields = rows.map(([fact, value]) => `{"title":"${fact}","value":${quoted(value)},"short":true}`)
  const teamsFacts = rows.map(([fact, value]) => `{"name":"${fact}","value":${quoted(value)}}`)
  const action = `[{"@type":"OpenUri","name":"Open application","targets":[{"os":"default","uri":${address}}]}]`
  const teams = { title: subject, themeColor: colour, facts: `[${teamsFacts.join(',')}]`, potentialAction: action }
  return JSON.stringify({
    message: `${message}\n${link}\n`,
    email: { subject, body: `${message}\n\nSource: ${sources}\n${link}\n` },
    slack: {
      attachments: `[{"title":${title},"title_link":${address},"color":"${colour}","fields":[${slackFields.join(',')}]}]`,
    },
    mattermost: {
      attachments: `[{"title":${title},"title_link":${address},"color":"${colour}","fields":[${slackFields.join(',')}]}]`,
    },
    teams,
    'teams-workflows': teams,
    pagerdutyv2: { summary: subject, severity, source: name, url: link },
    opsgenie: { description: message },
  })
}

const good = '#18be52'
const bad = '#e96d76'
const neutral = '#0dadea'

export const catalogueTemplates: Record<string, string> = {
  'app-created': template({
    subject: `Application ${name} was created`,
    message: `Application ${name} was created.`,
    colour: neutral,
    severity: 'info',
  }),
  'app-deleted': template({
    subject: `Application ${name} is being deleted`,
    message: `Application ${name} is being deleted.`,
    colour: neutral,
    severity: 'info',
  }),
  'app-deployed': template({
    subject: `Application ${name} runs a new revision`,
    message: `Application ${name} runs {{ .app.status.sync.revision | default "a new revision" }}, and is healthy.`,
    colour: good,
    severity: 'info',
  }),
  'app-health-degraded': template({
    subject: `Application ${name} is degraded`,
    message: `Application ${name} is degraded. {{ with .app.status.health }}{{ .message }}{{ end }}`,
    colour: bad,
    severity: 'error',
    facts: { Health: '.app.status.health.status' },
  }),
  'app-sync-failed': template({
    subject: `Application ${name} could not be synced`,
    message: `The sync of application ${name} failed at {{ .app.status.operationState.finishedAt }}: ${operation}`,
    colour: bad,
    severity: 'error',
    facts: { 'Failed at': '.app.status.operationState.finishedAt | default "-"' },
  }),
  'app-sync-running': template({
    subject: `Application ${name} is being synced`,
    message: `The sync of application ${name} began at {{ .app.status.operationState.startedAt }}.`,
    colour: neutral,
    severity: 'info',
  }),
  'app-sync-status-unknown': template({
    subject: `The state of application ${name} is not known`,
    message: `It is not known whether application ${name} is in sync.{{ range .app.status.conditions }}\n{{ .type }}: {{ .message }}{{ end }}`,
    colour: bad,
    severity: 'warning',
  }),
  'app-sync-succeeded': template({
    subject: `Application ${name} was synced`,
    message: `Application ${name} was synced at {{ .app.status.operationState.finishedAt }}.`,
    colour: good,
    severity: 'info',
  }),
  'app-out-of-sync': template({
    subject: `Application ${name} is out of sync`,
    message: `Application ${name} is out of sync.{{ with .drift }}{{ range . }}\n{{ .object }}: {{ .field }}{{ with .by }}, changed by {{ . }}{{ end }}{{ with .at }} at {{ . }}{{ end }}{{ end }}{{ end }}`,
    colour: neutral,
    severity: 'warning',
  }),
}
