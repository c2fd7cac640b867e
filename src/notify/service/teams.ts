/** Microsoft Teams: incoming webhooks, and the workflows that follow them. */
import type { Dict } from '../../template/index.ts'
import { DeliveryError } from '../delivery/delivery-error.ts'
import {
  dict,
  filled,
  forRecipient,
  isInsecure,
  json,
  jsonHeaders,
  list,
  type Parcel,
  postJson,
  text,
} from './service.ts'

export async function sendToTeams(parcel: Parcel): Promise<void> {
  const { notification, options, recipient, courier } = parcel
  const fields = dict(notification, 'teams')
  const body = text(fields, 'template') || JSON.stringify(messageCard(fields, text(notification, 'message')))
  const url = forRecipient(options, 'recipientUrls', recipient)
  const answer = await courier.send({ url, method: 'POST', headers: jsonHeaders, body, insecure: isInsecure(options) })
  if (answer.text === '1') return
  // It answers 200 also where what stands behind it is overloaded or away.
  const retry = /HTTP error (429|5\d\d)/.test(answer.text)
  throw new DeliveryError(`Teams refused the message: ${answer.text}`, { retry })
}

function messageCard(fields: Dict, message: string): Dict {
  const facts = json(fields, 'facts', 'teams')
  const sections = [json(fields, 'sections', 'teams') ?? [], facts === undefined ? [] : { facts }].flat()
  return {
    '@type': 'MessageCard',
    context: 'https://schema.org/extensions',
    title: text(fields, 'title'),
    summary: text(fields, 'summary'),
    text: text(fields, 'text') || message,
    ...filled({
      themeColor: text(fields, 'themeColor'),
      potentialAction: json(fields, 'potentialAction', 'teams'),
      sections: sections.length > 0 ? sections : undefined,
    }),
  }
}

export async function sendToTeamsWorkflows(parcel: Parcel): Promise<void> {
  const { notification, options, recipient } = parcel
  const fields = dict(notification, 'teams-workflows')
  const content = json(fields, 'adaptiveCard', 'teams-workflows') ?? adaptiveCard(fields, text(notification, 'message'))
  const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content }]
  await postJson(parcel, forRecipient(options, 'recipientUrls', recipient), { type: 'message', attachments })
}

function adaptiveCard(fields: Dict, message: string): Dict {
  const title = text(fields, 'title')
  const said = text(fields, 'text') || message
  const facts = [json(fields, 'facts', 'teams-workflows') ?? []].flat()
  const sections = [json(fields, 'sections', 'teams-workflows') ?? []].flat()
  const look = { size: 'Large', weight: 'Bolder', color: colourOf(text(fields, 'themeColor')) }
  const body = [
    ...(title === '' ? [] : [filled({ type: 'TextBlock', text: title, ...look, wrap: true })]),
    ...(said === '' ? [] : [{ type: 'TextBlock', text: said, wrap: true }]),
    ...factSet(facts),
    ...sections.flatMap((section) => factSet(list(section, 'facts'))),
  ]
  const actions = [json(fields, 'potentialAction', 'teams-workflows') ?? []].flat().flatMap((action) => {
    const url = text(list(action, 'targets')[0], 'uri')
    return url === '' ? [] : [{ type: 'Action.OpenUrl', title: text(action, 'name'), url }]
  })
  return {
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    ...(actions.length > 0 && { actions }),
  }
}

function factSet(facts: unknown[]): Dict[] {
  if (facts.length === 0) return []
  return [{ type: 'FactSet', facts: facts.map((fact) => ({ title: text(fact, 'name'), value: text(fact, 'value') })) }]
}

/** Cards know colours by meaning; templates give that, or a number as for webhooks. */
function colourOf(theme: string): string {
  const match = /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(theme)
  if (!match) return theme
  const [red = 0, green = 0, blue = 0] = match.slice(1).map((part) => Number.parseInt(part, 16))
  if (red > green && red > blue) return green > 0x80 ? 'Warning' : 'Attention'
  return green > red && green >= blue ? 'Good' : 'Accent'
}
