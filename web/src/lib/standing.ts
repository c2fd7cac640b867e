/** How an application stands in one word, as the server counts it. */
export {
  attentionStandings,
  isErrorCondition,
  type Standing,
  standingOf,
  standings,
} from '../../../src/contract/standing.ts'
