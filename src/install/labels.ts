/** By which labels the objects of an installation are known. */
const partOf = 'app.kubernetes.io/part-of'
const name = 'app.kubernetes.io/name'

export const program = 'tiphys'

/** The Pods of the program; nothing else has them. */
export const selector = { [name]: program }

export const ownLabels = { ...selector, [partOf]: program }

/** Those of Argo CD's own manifests, so that what is there already stays as it is. */
export const settingsLabels = (object: string) => ({ [name]: object, [partOf]: 'argocd' })
