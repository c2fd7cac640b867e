/** Any receiver of HTTP requests. */
import { authorization } from './alerts.ts'
import { dict, isInsecure, joined, list, named, type Parcel, text } from './service.ts'

/** The fields of a template stand under the name of the service: `webhook.<name>`. */
export async function sendToWebhook(parcel: Parcel): Promise<void> {
  const { notification, options, serviceName, courier } = parcel
  const fields = named(dict(notification, 'webhook'), serviceName)
  const isGiven = Object.keys(fields).length > 0
  const path = text(fields, 'path')
  const url = text(options, 'url')
  const method = text(fields, 'method').toUpperCase() || 'GET'
  const body = isGiven ? text(fields, 'body') : text(notification, 'message')
  const headers = list(options, 'headers').map((header) => [text(header, 'name').toLowerCase(), text(header, 'value')])
  await courier.send({
    url: path === '' ? url : joined(url, path),
    method,
    headers: { ...authorization({ basicAuth: dict(options, 'basicAuth') }), ...Object.fromEntries(headers) },
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
    insecure: isInsecure(options),
  })
}
