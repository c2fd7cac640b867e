/** Which type of service sends how. */
import { sendToAlertmanager, sendToGrafana, sendToOpsgenie, sendToPagerDuty, sendToPushover } from './alerts.ts'
import {
  sendToDiscord,
  sendToGoogleChat,
  sendToMattermost,
  sendToRocketChat,
  sendToSlack,
  sendToTelegram,
} from './chats.ts'
import { sendByEmail } from './email.ts'
import { sendToGitHub, sendToGitLab } from './git-hosts.ts'
import type { Send } from './service.ts'
import { sendToTeams, sendToTeamsWorkflows } from './teams.ts'
import { sendToWebhook } from './webhook.ts'

export const senders: ReadonlyMap<string, Send> = new Map<string, Send>([
  ['alertmanager', sendToAlertmanager],
  ['discord', sendToDiscord],
  ['email', sendByEmail],
  ['github', sendToGitHub],
  ['gitlab', sendToGitLab],
  ['googlechat', sendToGoogleChat],
  ['grafana', sendToGrafana],
  ['mattermost', sendToMattermost],
  ['opsgenie', sendToOpsgenie],
  ['pagerdutyv2', sendToPagerDuty],
  ['pushover', sendToPushover],
  ['rocketchat', sendToRocketChat],
  ['slack', sendToSlack],
  ['teams', sendToTeams],
  ['teams-workflows', sendToTeamsWorkflows],
  ['telegram', sendToTelegram],
  ['webhook', sendToWebhook],
])
