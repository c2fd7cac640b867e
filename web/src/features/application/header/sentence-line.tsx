/** The sentence of an application as it is read: with links to what it speaks of. */
import type { ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { paths, type ResourceAddress, resourceParameter, withSearch } from '../../../lib/paths.ts'
import { changed } from '../../../lib/search-state.ts'
import { StatusMark } from '../../../ui/status.tsx'
import { Time } from '../../../ui/time.tsx'
import { commitAddress } from './commit-address.ts'
import type { Fragment } from './sentence.ts'
import styles from './sentence-line.module.css'

export function SentenceLine({ fragments }: { fragments: Fragment[] }) {
  return (
    <span className={styles.sentence}>
      {fragments.map((fragment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence have no names
        <FragmentText key={index} fragment={fragment} />
      ))}
    </span>
  )
}

function FragmentText({ fragment }: { fragment: Fragment }): ReactNode {
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
    case 'resource':
      return <ResourceLink address={fragment.address}>{fragment.text}</ResourceLink>
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

/** The object beside what is shown. */
function ResourceLink({ address, children }: { address: ResourceAddress; children: string }) {
  const [params] = useSearchParams()
  const [path] = useLocation()
  const resource = resourceParameter(address)
  return <Link href={`${path}?${changed(params, { resource, node: undefined, tab: undefined })}`}>{children}</Link>
}

/** What else runs there. */
function placeAddress(place: string): string {
  const slash = place.lastIndexOf('/')
  if (slash < 0) return withSearch(paths.applications, { cluster: place })
  return withSearch(paths.applications, { cluster: place.slice(0, slash), namespace: place.slice(slash + 1) })
}
