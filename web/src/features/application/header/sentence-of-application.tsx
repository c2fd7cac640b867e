/** The sentence of one application, with what is known of the commits it speaks of. */
import { useLanguage } from '../../../lib/language.ts'
import type { ApplicationName } from '../data/application-key.ts'
import { useRevisions } from '../data/revision-metadata.ts'
import { sentenceOf } from './sentence.ts'
import { SentenceLine } from './sentence-line.tsx'
import type { Standing } from './standing.ts'

export interface SentenceProps {
  named: ApplicationName
  standing: Standing
}

export function Sentence({ named, standing }: SentenceProps) {
  const language = useLanguage()
  const facts = [...standing.deployed, ...(standing.next ? [standing.next] : [])]
  const commits = useRevisions(
    named,
    facts.filter(({ chart }) => !chart).map(({ revision, sourceIndex }) => ({ revision, sourceIndex })),
  )
  return <SentenceLine fragments={sentenceOf(standing, { language, commits })} />
}
