/** Mail by SMTP. */
import { createTransport } from 'nodemailer'
import { messageOf } from '../../model/index.ts'
import { DeliveryError } from '../delivery/delivery-error.ts'
import { dict, flag, isInsecure, type Parcel, text } from './service.ts'

/** For each answer of the server. */
const timeLimitMs = 10_000

export async function sendByEmail(parcel: Parcel): Promise<void> {
  const { notification, options, recipient, courier, id, signal } = parcel
  const fields = dict(notification, 'email')
  const host = text(options, 'host')
  const port = Number(text(options, 'port') || 587)
  await courier.permitHost(host)
  const user = text(options, 'username')
  const isUnchecked = isInsecure(options) || flag(options, 'insecure_skip_verify') === true
  const ca = isUnchecked ? undefined : courier.authoritiesOf(host)
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    ...(user !== '' && { auth: { user, pass: text(options, 'password') } }),
    tls: { rejectUnauthorized: !isUnchecked, ...(ca && { ca }) },
    connectionTimeout: timeLimitMs,
    greetingTimeout: timeLimitMs,
    socketTimeout: timeLimitMs,
    // A template names no files and addresses to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const body = text(fields, 'body') || text(notification, 'message')
  const from = text(options, 'from')
  try {
    await transport.sendMail({
      signal,
      from,
      to: recipient.split(',').map((address) => address.trim()),
      subject: text(fields, 'subject'),
      // The same for each attempt, so that a mailbox can tell that it has it already.
      messageId: `<${id}@${/@([^>\s]+)/.exec(from)?.[1] ?? 'tiphys'}>`,
      ...(flag(options, 'html') === true ? { html: body } : { text: body }),
    })
  } catch (error) {
    throw refused(host, error)
  } finally {
    transport.close()
  }
}

/** Answers from 500 on are final; those from 400 on, and no answer, are not. */
function refused(host: string, error: unknown): DeliveryError {
  const { responseCode: code } = error as { responseCode?: number }
  const retry = code === undefined ? (error as { code?: string }).code !== 'EAUTH' : code < 500
  const advice = code === undefined && retry ? `: ${adviceOn(messageOf(error))}` : ''
  return new DeliveryError(`${host}: ${messageOf(error)}${advice}`, { retry, cause: error })
}

function adviceOn(message: string): string {
  return /certificate/i.test(message)
    ? 'add its authority to argocd-tls-certs-cm under the name of the host'
    : 'check host and port of the service, and that the mail server runs'
}
