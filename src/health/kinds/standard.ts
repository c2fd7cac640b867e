/** The fallback for kinds without a rule: the conditions that Kubernetes' conventions give a meaning, and nothing else. */
import { groupOf } from '../../model/index.ts'
import { conditionsOf } from '../status-fields.ts'
import { degraded, either, healthy, inTurn, notYes, outdated, progressing, type Rule, type Test, yes } from './rule.ts'

const deciding = ['Ready', 'Available', 'Stalled', 'Reconciling']

const isStandard: Test = (object) => (conditionsOf(object).some(({ type }) => deciding.includes(type)) ? '' : undefined)

const standard = inTurn(
  degraded(either(yes('Stalled'), yes('Failed'), yes('Degraded'))),
  progressing(outdated, isStandard),
  progressing(yes('Reconciling')),
  healthy(yes('Ready')),
  progressing(notYes('Ready')),
  healthy(yes('Available')),
  progressing(notYes('Available')),
)

/** undefined where there is no clear evidence: no health makes no application worse. */
export const standardHealth: Rule = (object) => {
  // Kubernetes' own kinds have rules, or conditions that mean something else.
  return groupOf(object.apiVersion).includes('.') ? standard(object) : undefined
}
