/** Why a cluster cannot be reached, and what to do about it, for whoever reads an application's conditions. Pure. */
import type { KubeError } from '../kube/kube-error.ts'
import { codeOf, isCertificateFault } from '../kube/tls-fault.ts'

export function outageText(error: KubeError): string {
  return `${error.message}: ${advice(error)}`
}

function advice(error: KubeError): string {
  if (error.reason === 'NoCredentials') return 'correct the config in its Secret'
  if (error.code === 401)
    return 'give its Secret credentials that are good, or exchange them ("tiphys cluster rotate-auth")'
  if (isCertificateFault(error)) return 'give its Secret the tlsClientConfig.caData, or the serverName, of this server'
  if (error.reason === 'BadAnswer') return 'check that the server in its Secret is the address of a Kubernetes API'
  if (codeOf(error) === 'ENOTFOUND' || codeOf(error) === 'EAI_AGAIN')
    return 'check the server in its Secret, and the DNS'
  return 'it is asked again and again; check that it runs, and that the network leads there from where Tiphys runs'
}
