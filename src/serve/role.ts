/** What one process of an installation takes part in. A new part is a line here, and a question where it is opened. */

export const roles = {
  api: 'the REST API, the page, webhooks',
  controller: 'looks at applications, syncs and deletes them',
  applicationset: 'makes applications out of ApplicationSets',
  notifications: 'tells people what has become of applications',
  'image-updater': 'keeps the images of applications at what their annotations ask for',
} as const

export type Role = keyof typeof roles

export const allRoles = Object.keys(roles) as Role[]

/** Throws an Error that says what there is. */
export function readRoles(text: string): Role[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const unknown = names.filter((name) => !Object.hasOwn(roles, name))
  if (unknown.length > 0 || names.length === 0) {
    throw new Error(`${unknown[0] ?? 'nothing'} is no role: --roles takes some of ${allRoles.join(', ')}`)
  }
  return allRoles.filter((role) => names.includes(role))
}
