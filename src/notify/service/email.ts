/** Mail by SMTP. */
import { createTransport } from 'nodemailer'
import { messageOf } from '../../model/index.ts'
import { DeliveryError } from '../delivery/delivery-error.ts'
import { dict, flag, type Parcel, text } from './service.ts'

const timeLimitMs = 20_000

export async function sendByEmail(parcel: Parcel): Promise<void> {
  const { notification, options, recipient, courier, id } = parcel
  const fields = dict(notification, 'email')
  const host = text(options, 'host')
  const port = Number(text(options, 'port') || 587)
  await courier.permitHost(host)
  const user = text(options, 'username')
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    ...(user !== '' && { auth: { user, pass: text(options, 'password') } }),
    tls: { rejectUnauthorized: flag(options, 'insecure_skip_verify') !== true },
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
  const code = (error as { responseCode?: number }).responseCode
  const retry = code === undefined ? (error as { code?: string }).code !== 'EAUTH' : code < 500
  const advice =
    code === undefined && retry ? ': check host and port of the service, and that the mail server runs' : ''
  return new DeliveryError(`${host}: ${messageOf(error)}${advice}`, { retry, cause: error })
}
