/** The lines of a role of a project: read, written, and as people say them. Pure. */
import type { Language } from '../../../../lib/language.ts'

export interface Policy {
  resource: string
  action: string
  /** What stands behind the project: `*`, `shop`, `namespace/shop`. */
  object: string
  effect: 'allow' | 'deny'
}

export interface RoleName {
  project: string
  role: string
}

export const policyResources = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories']
export const policyActions = ['get', 'create', 'update', 'delete', 'sync', 'rollback', 'override', 'action/*', '*']

/** undefined: it is none of this role, and has no effect. */
export function readPolicy(line: string, { project, role }: RoleName): Policy | undefined {
  const parts = line.split(',').map((part) => part.trim())
  const [kind, subject, resource = '', action = '', object = '', effect] = parts
  if (parts.length !== 6 || kind !== 'p' || subject !== `proj:${project}:${role}`) return undefined
  if (!object.startsWith(`${project}/`) || (effect !== 'allow' && effect !== 'deny')) return undefined
  return { resource, action, object: object.slice(project.length + 1), effect }
}

export function writePolicy({ resource, action, object, effect }: Policy, { project, role }: RoleName): string {
  return `p, proj:${project}:${role}, ${resource}, ${action}, ${project}/${object}, ${effect}`
}

/** The same lines for a role of another name. */
export function renamed(line: string, from: RoleName, to: RoleName): string {
  const policy = readPolicy(line, from)
  return policy ? writePolicy(policy, to) : line
}

type Verbs = Record<string, (what: string) => string>

const verbs: Record<Language, Verbs> = {
  en: {
    '*': (what) => `do anything with ${what}`,
    get: (what) => `see ${what}`,
    create: (what) => `create ${what}`,
    update: (what) => `change ${what}`,
    delete: (what) => `delete ${what}`,
    sync: (what) => `sync ${what}`,
    rollback: (what) => `roll back ${what}`,
    override: (what) => `sync local manifests to ${what}`,
    'action/*': (what) => `run any action in ${what}`,
    'sync/prune': (what) => `prune when syncing ${what}`,
    'sync/force': (what) => `force when syncing ${what}`,
    'sync/replace': (what) => `replace when syncing ${what}`,
    'update/sync-policy': (what) => `switch automated sync of ${what}`,
    'update/*': (what) => `change objects of ${what}`,
    'delete/*': (what) => `delete objects of ${what}`,
  },
  fr: {
    '*': (what) => `tout faire avec ${what}`,
    get: (what) => `voir ${what}`,
    create: (what) => `créer ${what}`,
    update: (what) => `modifier ${what}`,
    delete: (what) => `supprimer ${what}`,
    sync: (what) => `synchroniser ${what}`,
    rollback: (what) => `revenir en arrière sur ${what}`,
    override: (what) => `synchroniser des manifestes locaux vers ${what}`,
    'action/*': (what) => `lancer toute action dans ${what}`,
    'sync/prune': (what) => `élaguer en synchronisant ${what}`,
    'sync/force': (what) => `forcer en synchronisant ${what}`,
    'sync/replace': (what) => `remplacer en synchronisant ${what}`,
    'update/sync-policy': (what) => `régler la synchronisation automatique de ${what}`,
    'update/*': (what) => `modifier les objets de ${what}`,
    'delete/*': (what) => `supprimer les objets de ${what}`,
  },
}

/** `none`: as it is said behind what may never be done. */
type Nouns = Record<string, { all: string; none: string; one(name: string): string }>

const nouns: Record<Language, Nouns> = {
  en: {
    applications: { all: 'all applications', none: 'any application', one: (name) => `application ${name}` },
    applicationsets: {
      all: 'all application sets',
      none: 'any application set',
      one: (name) => `application set ${name}`,
    },
    logs: {
      all: 'the logs of all applications',
      none: 'the logs of any application',
      one: (name) => `the logs of ${name}`,
    },
    exec: {
      all: 'terminals in all applications',
      none: 'terminals in any application',
      one: (name) => `terminals in ${name}`,
    },
    clusters: {
      all: 'all clusters of the project',
      none: 'any cluster of the project',
      one: (name) => `cluster ${name}`,
    },
    repositories: {
      all: 'all repositories of the project',
      none: 'any repository of the project',
      one: (name) => `repository ${name}`,
    },
  },
  fr: {
    applications: {
      all: 'toutes les applications',
      none: 'aucune application',
      one: (name) => `l’application ${name}`,
    },
    applicationsets: {
      all: 'tous les lots d’applications',
      none: 'aucun lot d’applications',
      one: (name) => `le lot d’applications ${name}`,
    },
    logs: {
      all: 'les journaux de toutes les applications',
      none: 'les journaux d’aucune application',
      one: (name) => `les journaux de ${name}`,
    },
    exec: {
      all: 'des terminaux dans toutes les applications',
      none: 'de terminaux dans aucune application',
      one: (name) => `des terminaux dans ${name}`,
    },
    clusters: {
      all: 'tous les clusters du projet',
      none: 'aucun cluster du projet',
      one: (name) => `le cluster ${name}`,
    },
    repositories: {
      all: 'tous les dépôts du projet',
      none: 'aucun dépôt du projet',
      one: (name) => `le dépôt ${name}`,
    },
  },
}

const beginnings = {
  en: { allow: 'May', deny: 'May never' },
  fr: { allow: 'Peut', deny: 'Ne peut jamais' },
}

/** With « aucune » the negation is complete. */
const denyingAll = { en: 'May never', fr: 'Ne peut' }

/** Such as `May sync all applications`. */
export function sentence({ resource, action, object, effect }: Policy, language: Language): string {
  const noun = nouns[language][resource]
  const isNone = noun !== undefined && object === '*' && effect === 'deny'
  const all = isNone ? noun.none : noun?.all
  const what = noun ? (object === '*' ? (all ?? '') : noun.one(object)) : `${resource} ${object}`
  const beginning = isNone ? denyingAll[language] : beginnings[language][effect]
  return `${beginning} ${deed(action, what, language)}`
}

/** `action/apps/Deployment/restart`, `update/apps/Deployment/ns/name`. */
function deed(action: string, what: string, language: Language): string {
  const known = verbs[language][action]
  if (known) return known(what)
  const [verb = '', ...rest] = action.split('/')
  const last = rest.at(-1)
  if (verb === 'action' && last) {
    const name = last === '*' ? (language === 'en' ? 'any action' : 'toute action') : last
    const kind = rest.slice(0, -1).join('/')
    return language === 'en' ? `run ${name} on ${kind} in ${what}` : `lancer ${name} sur ${kind} dans ${what}`
  }
  const part = verbs[language][verb]
  return part && rest.length > 0
    ? `${part(rest.join('/'))} ${language === 'en' ? 'in' : 'dans'} ${what}`
    : `${action} ${what}`
}
