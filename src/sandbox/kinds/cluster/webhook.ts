/** Webhook configurations and admission policies. */
import type { KubeObject } from '../../object.ts'
import type { FieldFault } from '../../status.ts'
import { duplicate, forbidden, invalidFor, invalidValue, notSupported, required } from '../fault.ts'
import { child, type Fields, fallback, fallbackText, fields, isFields, list, number, strings, text } from '../fields.ts'
import type { Kind } from '../kind.ts'
import { validateSelector } from '../label-selector.ts'
import { qualifiedName } from '../name-rules.ts'
import { counted, validating, withStatus } from '../subresource-status.ts'
import { column, columns, specOf } from '../table.ts'

function defaultMatch(match: Fields): void {
  fallback(match, 'matchPolicy', 'Equivalent')
  fallback(match, 'namespaceSelector', {})
  fallback(match, 'objectSelector', {})
  for (const rule of [...list(match.rules), ...list(match.resourceRules), ...list(match.excludeResourceRules)]) {
    fallback(rule, 'scope', '*')
  }
}

function setDefaults(mutating: boolean) {
  return (object: KubeObject) => {
    for (const hook of list(object.webhooks)) {
      defaultMatch(hook)
      fallback(hook, 'failurePolicy', 'Fail')
      fallback(hook, 'timeoutSeconds', 10)
      if (mutating) fallback(hook, 'reinvocationPolicy', 'Never')
      const { service } = child(hook, 'clientConfig')
      if (isFields(service)) fallback(service, 'port', 443)
    }
  }
}

const versions = ['v1', 'v1beta1']

function clientFaults(client: Fields, field: string): FieldFault[] {
  const url = text(client.url)
  if ((url === '') === !isFields(client.service)) {
    return [required(field, 'exactly one of url or service is required')]
  }
  if (url !== '') {
    return url.startsWith('https://')
      ? []
      : [
          invalidValue(
            `${field}.url`,
            url.split(':')[0] ?? '',
            "'https' is the only allowed URL scheme; desired format: https://host[/path]",
          ),
        ]
  }
  return ['name', 'namespace'].flatMap((name) => {
    const missing = text(fields(client.service)[name]) === ''
    return missing ? [required(`${field}.service.${name}`, `service ${name} is required`)] : []
  })
}

const operations = ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT']

function ruleFaults(rule: Fields, field: string): FieldFault[] {
  const faults = ['apiGroups', 'apiVersions', 'resources']
    .filter((name) => strings(rule[name]).length === 0)
    .map((name) => required(`${field}.${name}`))
  const verbs = strings(rule.operations)
  if (verbs.length === 0) faults.push(required(`${field}.operations`))
  for (const [index, verb] of verbs.entries()) {
    if (!operations.includes(verb)) faults.push(notSupported(`${field}.operations[${index}]`, verb, operations))
  }
  return faults
}

function hookFaults(hook: Fields, field: string): FieldFault[] {
  const name = text(hook.name)
  const faults: FieldFault[] = []
  if (name === '') faults.push(required(`${field}.name`))
  else if (name.split('.').length < 3) {
    faults.push(
      invalidValue(`${field}.name`, name, 'should be a domain with at least three segments separated by dots'),
    )
  } else faults.push(...invalidFor(`${field}.name`, name, qualifiedName(name)))
  const reviews = strings(hook.admissionReviewVersions)
  if (reviews.length === 0) {
    const told = `must specify one of ${versions.join(', ')}`
    faults.push(required(`${field}.admissionReviewVersions`, told))
  } else if (!reviews.some((version) => versions.includes(version))) {
    const detail = `must include at least one of ${versions.join(', ')}`
    faults.push(invalidValue(`${field}.admissionReviewVersions`, reviews, detail))
  }
  faults.push(...list(hook.rules).flatMap((rule, index) => ruleFaults(rule, `${field}.rules[${index}]`)))
  for (const [part, supported] of Object.entries({
    failurePolicy: ['Fail', 'Ignore'],
    matchPolicy: ['Equivalent', 'Exact'],
  })) {
    if (!supported.includes(text(hook[part])))
      faults.push(notSupported(`${field}.${part}`, text(hook[part]), supported))
  }
  const effects = text(hook.sideEffects)
  if (effects === '') faults.push(required(`${field}.sideEffects`, 'must specify one of None, NoneOnDryRun'))
  else if (!['None', 'NoneOnDryRun'].includes(effects)) {
    faults.push(notSupported(`${field}.sideEffects`, effects, ['None', 'NoneOnDryRun']))
  }
  const timeout = number(hook.timeoutSeconds) ?? 10
  if (timeout < 1 || timeout > 30) {
    faults.push(invalidValue(`${field}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds'))
  }
  return [
    ...faults,
    ...validateSelector(hook.namespaceSelector, `${field}.namespaceSelector`),
    ...validateSelector(hook.objectSelector, `${field}.objectSelector`),
    ...clientFaults(fields(hook.clientConfig), `${field}.clientConfig`),
  ]
}

function validate(object: KubeObject): FieldFault[] {
  const names = new Set<string>()
  return list(object.webhooks).flatMap((hook, index) => {
    const field = `webhooks[${index}]`
    const faults = hookFaults(hook, field)
    const name = text(hook.name)
    if (names.has(name)) faults.push(duplicate(`${field}.name`, name))
    names.add(name)
    return faults
  })
}

function configurationOf(mutating: boolean): Kind {
  return {
    ...counted,
    ...validating(validate),
    needsResourceVersion: true,
    setDefaults: setDefaults(mutating),
    columns: columns(column('Webhooks', (object) => list(object.webhooks).length, { type: 'integer' })),
  }
}

export const mutatingWebhookConfiguration = configurationOf(true)
export const validatingWebhookConfiguration = configurationOf(false)

function validatePolicy(object: KubeObject): FieldFault[] {
  const spec = specOf(object)
  const faults: FieldFault[] = []
  if (!isFields(spec.matchConstraints)) faults.push(required('spec.matchConstraints'))
  const checks = [...list(spec.validations), ...list(spec.auditAnnotations), ...list(spec.mutations)]
  if (checks.length === 0) {
    faults.push(required('spec.validations', 'validations or auditAnnotations must contain at least one item'))
  }
  for (const [index, check] of list(spec.validations).entries()) {
    if (text(check.expression).trim() === '') {
      faults.push(required(`spec.validations[${index}].expression`, 'expression is not specified'))
    }
  }
  return faults
}

function policyOf(shared: Kind): Kind {
  return {
    ...shared,
    ...validating(validatePolicy),
    needsResourceVersion: true,
    setDefaults(object) {
      const spec = child(object, 'spec')
      fallbackText(spec, 'failurePolicy', 'Fail')
      if (isFields(spec.matchConstraints)) defaultMatch(spec.matchConstraints)
    },
    columns: columns(
      column('Validations', (object) => list(specOf(object).validations).length, { type: 'integer' }),
      column('ParamKind', (object) => {
        const { apiVersion, kind } = fields(specOf(object).paramKind)
        return text(kind) === '' ? '<unset>' : `${text(apiVersion)}/${text(kind)}`
      }),
    ),
  }
}

export const validatingAdmissionPolicy = policyOf(withStatus())
export const mutatingAdmissionPolicy = policyOf(counted)

export const admissionPolicyBinding: Kind = {
  ...counted,
  needsResourceVersion: true,
  setDefaults(object) {
    const { matchResources } = child(object, 'spec')
    if (isFields(matchResources)) defaultMatch(matchResources)
  },
  ...validating((object) => {
    const spec = specOf(object)
    const faults = text(spec.policyName) === '' ? [required('spec.policyName')] : []
    const actions = strings(spec.validationActions)
    if (actions.includes('Deny') && actions.includes('Warn')) {
      faults.push(
        forbidden(
          'spec.validationActions',
          'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
        ),
      )
    }
    return faults
  }),
  columns: columns(
    column('PolicyName', (object) => text(specOf(object).policyName)),
    column('ParamRef', (object) => text(fields(specOf(object).paramRef).name) || '<unset>'),
  ),
}
