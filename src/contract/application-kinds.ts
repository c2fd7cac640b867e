/** The kinds of Argo CD as the API shows them. */
import {
  type Application as ApplicationKind,
  type ApplicationSpec as ApplicationSpecKind,
  type AppProject as AppProjectKind,
  applicationSchema,
  ApplicationSpec as applicationSpecSchema,
  appProjectSchema,
} from '../model/index.ts'
import { Type } from '../model/schema.ts'
import { describedKind, kubeKind, listOf, named } from './named.ts'

export const Application = kubeKind<ApplicationKind>('v1alpha1Application', applicationSchema.properties)
export const ApplicationList = listOf('v1alpha1ApplicationList', Application)
export const ApplicationSpec = Type.Unsafe<ApplicationSpecKind>(named('v1alpha1ApplicationSpec', applicationSpecSchema))
export const AppProject = describedKind<AppProjectKind>('v1alpha1AppProject', appProjectSchema.properties)
