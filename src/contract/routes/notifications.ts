/** What is configured of notifications, by name. */
import { Text, Type } from '../../model/schema.ts'
import { body, fields } from '../body.ts'
import { Nothing, named } from '../named.ts'
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
  deliveries: route({
    id: 'notifications.deliveries',
    method: 'GET',
    path: '/api/v1/notifications/deliveries',
    summary: 'Notifications that could not be delivered, the newest first; of applications that the caller may see',
    permission: 'applications:get',
    answer: named(
      'tiphysNotificationDeliveryList',
      Type.Object({
        items: Type.Array(
          fields('tiphysNotificationDelivery', {
            time: Text,
            application: Text,
            trigger: Text,
            service: Text,
            recipient: Text,
            attempts: Type.Integer(),
            message: Text,
          }),
        ),
      }),
    ),
  }),
  test: route({
    id: 'notifications.test',
    method: 'POST',
    path: '/api/v1/notifications/test',
    summary:
      'Send a test, or what a template says of an application, to a recipient once; for who may change every project',
    permission: 'projects:update',
    body: body('tiphysNotificationTest', { service: Text, recipient: Text, template: Text, application: Text }),
    answer: Nothing,
  }),
}
