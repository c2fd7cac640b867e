/** The rules for names in a CustomResourceDefinition, in the server's words. */

const label =
  "must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"

/** What is wrong with a DNS label that begins with a letter; undefined when nothing is. */
export function dns1035Fault(text: string): string | undefined {
  const faults = []
  if (text.length > 63) faults.push('must be no more than 63 bytes')
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text)) {
    const pattern = '[a-z]([-a-z0-9]*[a-z0-9])?'
    faults.push(`a DNS-1035 label ${label} (e.g. 'my-name',  or 'abc-123', regex used for validation is '${pattern}')`)
  }
  return faults.length > 0 ? faults.join(',') : undefined
}

/** What is wrong with a DNS subdomain; undefined when nothing is. */
export function dns1123SubdomainFault(text: string): string | undefined {
  const faults = []
  if (text.length > 253) faults.push('must be no more than 253 bytes')
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text)) {
    const pattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
    faults.push(`${subdomain} (e.g. 'example.com', regex used for validation is '${pattern}')`)
  }
  return faults.length > 0 ? faults.join(',') : undefined
}
