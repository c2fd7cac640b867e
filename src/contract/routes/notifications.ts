/** What is configured of notifications, by name. */
import { Text, Type } from '../../model/schema.ts'
import { fields } from '../body.ts'
import { named } from '../named.ts'
import { route } from '../route.ts'

function namesOf(list: string, item: string) {
  return named(list, Type.Object({ items: Type.Array(fields(item, { name: Text })) }))
}

export const notifications = {
  services: route({
    id: 'notifications.services',
    method: 'GET',
    path: '/api/v1/notifications/services',
    summary: 'Where notifications can be sent',
    permission: 'signed in',
    answer: namesOf('notificationServiceList', 'notificationService'),
  }),
  templates: route({
    id: 'notifications.templates',
    method: 'GET',
    path: '/api/v1/notifications/templates',
    summary: 'What notifications can say',
    permission: 'signed in',
    answer: namesOf('notificationTemplateList', 'notificationTemplate'),
  }),
  triggers: route({
    id: 'notifications.triggers',
    method: 'GET',
    path: '/api/v1/notifications/triggers',
    summary: 'When notifications are sent',
    permission: 'signed in',
    answer: namesOf('notificationTriggerList', 'notificationTrigger'),
  }),
}
