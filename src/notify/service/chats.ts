/** Chats: Slack, Mattermost, Rocket.Chat, Telegram, Google Chat, Discord. */
import { randomUUID } from 'node:crypto'
import { load } from 'js-yaml'
import { isDict } from '../../template/index.ts'
import { DeliveryError, unusable } from '../delivery/delivery-error.ts'
import {
  dict,
  filled,
  flag,
  forRecipient,
  isInsecure,
  isWebAddress,
  joined,
  json,
  jsonHeaders,
  type Parcel,
  postForm,
  postJson,
  text,
} from './service.ts'

const isEmoji = (icon: string): boolean => /^:.+:$/.test(icon)

function parsedAnswer(answer: string): unknown {
  try {
    return JSON.parse(answer)
  } catch {
    return undefined
  }
}

/** Slack says what is wrong in an answer of success. */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
])

export async function sendToSlack(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const slack = dict(notification, 'slack')
  const icon = text(slack, 'icon') || text(options, 'icon')
  const preview = flag(options, 'disableUnfurl') === true ? 'false' : ''
  const fields = {
    channel: recipient,
    text: text(notification, 'message'),
    username: text(slack, 'username') || text(options, 'username'),
    icon_emoji: isEmoji(icon) ? icon : '',
    icon_url: isWebAddress(icon) ? icon : '',
    attachments: asJson(json(slack, 'attachments', 'slack')),
    blocks: asJson(json(slack, 'blocks', 'slack')),
    unfurl_links: preview,
    unfurl_media: preview,
  }
  const url = joined(text(options, 'apiURL') || 'https://slack.com/api', 'chat.postMessage')
  const headers = { authorization: `Bearer ${text(options, 'token')}` }
  const answer = await postForm(parcel, url, { fields, headers })
  const said = parsedAnswer(answer.text)
  if (isDict(said) && said.ok === true) return
  const error = text(said, 'error') || 'an answer that is not Slack’s'
  throw new DeliveryError(`Slack refused the message: ${error}`, { retry: passing.has(error) })
}

function asJson(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
}

export async function sendToMattermost(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const attachments = json(dict(notification, 'mattermost'), 'attachments', 'mattermost') ?? []
  const body = { channel_id: recipient, message: text(notification, 'message'), props: { attachments } }
  const authorization = `Bearer ${text(options, 'token')}`
  await postJson(parcel, joined(text(options, 'apiURL'), 'api/v4/posts'), body, { authorization })
}

export async function sendToRocketChat(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const server = text(options, 'serverUrl')
  const fields = { user: text(options, 'email'), password: text(options, 'password') }
  const answer = await postForm(parcel, joined(server, 'api/v1/login'), { fields })
  const login = dict(parsedAnswer(answer.text), 'data')
  const headers = { 'x-auth-token': text(login, 'authToken'), 'x-user-id': text(login, 'userId') }
  const isName = /^[#@]/.test(recipient)
  const icon = text(options, 'icon')
  const avatar = text(options, 'avatar')
  const body = filled({
    roomId: isName ? undefined : recipient,
    channel: isName ? recipient : undefined,
    text: text(notification, 'message'),
    alias: text(options, 'alias'),
    emoji: isEmoji(icon) ? icon : undefined,
    avatar: isWebAddress(avatar) ? avatar : undefined,
    attachments: json(dict(notification, 'rocketchat'), 'attachments', 'rocketchat'),
  })
  const said = parsedAnswer((await postJson(parcel, joined(server, 'api/v1/chat.postMessage'), body, headers)).text)
  if (isDict(said) && said.success === true) return
  throw unusable(`Rocket.Chat refused the message: ${text(said, 'error') || 'an answer that is not Rocket.Chat’s'}`)
}

/** A channel by its name, a chat by its number, a topic of a chat as `-100123|45`. */
export async function sendToTelegram(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const [chat = '', topic = ''] = recipient.split('|')
  const isNumber = chat.startsWith('-')
  if (isNumber && !/^\d*$/.test(topic))
    throw unusable(`the recipient ${JSON.stringify(recipient)} names no topic: write the chat, "|" and a number`)
  const fields = {
    chat_id: isNumber ? chat : `@${recipient.replace(/^@/, '')}`,
    message_thread_id: isNumber ? topic : '',
    text: text(notification, 'message'),
    parse_mode: 'Markdown',
  }
  const api = text(options, 'apiURL') || 'https://api.telegram.org'
  await postForm(parcel, joined(api, `bot${text(options, 'token')}/sendMessage`), { fields })
}

export async function sendToGoogleChat(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const fields = dict(notification, 'googlechat')
  const url = new URL(forRecipient(options, 'webhooks', recipient))
  const threadKey = text(fields, 'threadKey')
  if (threadKey !== '') {
    url.searchParams.set('threadKey', threadKey)
    url.searchParams.set('messageReplyOption', 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD')
    url.searchParams.sort()
  }
  const cards = yamlList(fields, 'cards')
  const cardsV2 = yamlList(fields, 'cardsV2')?.map((card) => ({ cardId: randomUUID(), card }))
  const body = cards || cardsV2 ? { text: '', ...filled({ cards, cardsV2 }) } : { text: text(notification, 'message') }
  const answer = await postJson(parcel, url.href, body)
  const error = dict(parsedAnswer(answer.text), 'error')
  if (Object.keys(error).length > 0) throw unusable(`Google Chat refused the message: ${text(error, 'message')}`)
}

function yamlList(fields: unknown, key: string): unknown[] | undefined {
  const value = text(fields, key)
  if (value.trim() === '') return undefined
  let read: unknown
  try {
    read = load(value)
  } catch {
    read = undefined
  }
  if (!Array.isArray(read))
    throw unusable(`the field googlechat.${key} of the template is no list once it is filled in`)
  return read
}

export async function sendToDiscord(parcel: Parcel): Promise<void> {
  const { notification, options, recipient, courier } = parcel
  const fields = dict(notification, 'discord')
  const body = filled({
    content: text(fields, 'content') || text(notification, 'message'),
    username: text(fields, 'username') || text(options, 'username'),
    avatar_url: text(fields, 'avatar') || text(options, 'avatar'),
    embeds: json(fields, 'embeds', 'discord'),
    // Names in a message of ours call nobody.
    allowed_mentions: { parse: [] },
  })
  await courier.send({
    url: forRecipient(options, 'webhooks', recipient),
    method: 'POST',
    headers: jsonHeaders,
    body: JSON.stringify(body),
    insecure: isInsecure(options),
  })
}
