/** What names, keys and values of Kubernetes may look like, with the sentences a real server refuses them with. */
import type { NameRule } from './kind.ts'

export type Rule = (value: string) => string[]

interface Grammar {
  pattern: RegExp
  told: string
  examples: string[]
  most?: number
}

function regexText({ pattern }: Grammar): string {
  return pattern.source.replace(/^\^|\$$/g, '').replaceAll('(?:', '(')
}

function sentence(grammar: Grammar): string {
  const examples = grammar.examples.map((example) => `'${example}'`).join(',  or ')
  return `${grammar.told} (e.g. ${examples}, regex used for validation is '${regexText(grammar)}')`
}

/** Length first, then form, as the server tells them. */
function ruleOf(grammar: Grammar, unit = 'characters'): Rule {
  return (value) => {
    const faults: string[] = []
    if (grammar.most !== undefined && Buffer.byteLength(value) > grammar.most) {
      faults.push(`must be no more than ${grammar.most} ${unit}`)
    }
    if (!grammar.pattern.test(value)) faults.push(sentence(grammar))
    return faults
  }
}

export const dnsSubdomain = ruleOf({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  told: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
  most: 253,
})

const plainLabel = ruleOf({
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  told: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
  most: 63,
})

/** A subdomain where a label belongs has only its dots against it. */
export const dnsLabel: Rule = (value) => {
  const faults = plainLabel(value)
  const dotted = value.includes('.') && dnsSubdomain(value).length === 0
  return dotted ? [...faults.slice(0, -1), 'must not contain dots'] : faults
}

export const dnsLabel1035 = ruleOf({
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  told: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ['my-name', 'abc-123'],
  most: 63,
})

export const wildcardSubdomain = ruleOf({
  pattern: /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  told: "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  examples: ['*.example.com'],
  most: 253,
})

export const labelValue = ruleOf(
  {
    pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    told: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    examples: ['MyValue', 'my_value', '12345'],
    most: 63,
  },
  'bytes',
)

const namePart = ruleOf(
  {
    pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
    told: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    examples: ['MyName', 'my.name', '123-abc'],
    most: 63,
  },
  'bytes',
)

/** A key of a label or annotation, a resource name: an optional DNS prefix, a slash and a name. */
export function qualifiedName(value: string): string[] {
  const parts = value.split('/')
  const [first = '', second] = parts
  if (parts.length > 2) {
    return [
      `a valid label key ${sentence({
        pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
        told: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        examples: ['MyName', 'my.name', '123-abc'],
      })} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const faults: string[] = []
  if (second !== undefined) {
    if (first === '') faults.push('prefix part must be non-empty')
    else faults.push(...dnsSubdomain(first).map((fault) => `prefix part ${fault}`))
  }
  const name = second ?? first
  if (name === '') faults.push('name part must be non-empty')
  else faults.push(...namePart(name).map((fault) => `name part ${fault}`))
  return faults
}

export const configKey: Rule = (value) => {
  const faults = ruleOf({
    pattern: /^[-._a-zA-Z0-9]+$/,
    told: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    examples: ['key.name', 'KEY_NAME', 'key-name'],
    most: 253,
  })(value)
  if (value === '.') faults.push("must not be '.'")
  else if (value === '..') faults.push("must not be '..'")
  else if (value.startsWith('..')) faults.push("must not start with '..'")
  return faults
}

/** Since 1.30 a variable may be named by any printable ASCII except an equals sign. */
export const environmentName: Rule = (value) =>
  /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]

/** The name of a port of a container or a service: IANA_SVC_NAME. */
export const portName: Rule = (value) => {
  const faults: string[] = []
  if (value.length > 15) faults.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(value)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(value)) faults.push('must contain at least one letter (a-z)')
  if (value.includes('--')) faults.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) faults.push('must not begin or end with a hyphen')
  return faults
}

export function portNumber(value: number): string[] {
  return value >= 1 && value <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}

/** RBAC names: whatever fits into one segment of a path. */
export const pathSegment: NameRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`)
}

/** A generated name may end in a dash, since five characters follow. */
function generating(rule: Rule): NameRule {
  return (name, generated) => rule(generated && name.endsWith('-') ? `${name.slice(0, -1)}a` : name)
}

export const subdomainName = generating(dnsSubdomain)
export const labelName = generating(dnsLabel)
