/** The sentence of an application as it is read: with links to what it speaks of. */
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { paths, resourceParameter, withSearch } from '../../../lib/paths.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { commitAddress } from './commit-address.ts'
import type { Fragment } from './sentence.ts'
import styles from './sentence-line.module.css'

/** `onResource`: opens an object. */
export function SentenceLine({ fragments, onResource }: { fragments: Fragment[]; onResource(resource: string): void }) {
  return (
    <span className={styles.sentence}>
      {fragments.map((fragment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no names
        <FragmentText key={index} fragment={fragment} onResource={onResource} />
      ))}
    </span>
  )
}

function FragmentText({ fragment, onResource }: { fragment: Fragment; onResource(resource: string): void }): ReactNode {
  switch (fragment.is) {
    case 'name':
      return <strong>{fragment.text}</strong>
    case 'code':
      return <code className={styles.code}>{fragment.text}</code>
    case 'quote':
      return <q className={styles.quote}>{fragment.text}</q>
    case 'time':
      return <Time at={fragment.at} />
    case 'drifted':
      return (
        <span className={styles.status}>
          <StatusMark status="OutOfSync" size={16} /> {fragment.text}
        </span>
      )
    case 'health':
      return (
        <span className={styles.status}>
          <StatusMark status={fragment.status} size={16} /> {fragment.text}
        </span>
      )
    case 'place':
      return <Link href={placeAddress(fragment.text)}>{fragment.text}</Link>
    case 'resource': {
      const resource = resourceParameter(fragment.address)
      return (
        <button type="button" className={styles.resource} onClick={() => onResource(resource)}>
          {fragment.text}
        </button>
      )
    }
    case 'revision': {
      const address = commitAddress(fragment.fact)
      const shown = <span className={styles.revision}>{fragment.text}</span>
      return address ? (
        <a href={address} target="_blank" rel="noreferrer" title={fragment.fact.revision}>
          {shown}
        </a>
      ) : (
        <span title={`${fragment.fact.revision} ${fragment.fact.repoURL}`}>{shown}</span>
      )
    }
    default:
      return fragment.text
  }
}

/** What else runs there. */
function placeAddress(place: string): string {
  const slash = place.lastIndexOf('/')
  if (slash < 0) return withSearch(paths.applications, { cluster: place })
  return withSearch(paths.applications, { cluster: place.slice(0, slash), namespace: place.slice(slash + 1) })
}
