import { expect, test } from 'vitest'
import { costsIn } from './top.ts'

const of = (name: string) => `{namespace="argocd",name="${name}",project="default",dest_server="https://a\\"b"}`

test('what replicas have done is added up, and objects that all of them see are not', () => {
  const one = `# HELP tiphys_app_looks_total Looks.
tiphys_app_looks_total${of('shop')} 3
tiphys_app_look_seconds_total${of('shop')} 0.5
tiphys_app_live_objects${of('shop')} 12
argocd_app_sync_duration_seconds_total${of('blog')} 4
process_cpu_seconds_total 1
`
  const other = `tiphys_app_looks_total${of('shop')} 2
tiphys_app_live_objects${of('shop')} 12
tiphys_app_render_seconds_total${of('shop')} 1.25
`
  expect(costsIn([one, other])).toEqual([
    { namespace: 'argocd', name: 'shop', looks: 5, lookSeconds: 0.5, renderSeconds: 1.25, syncSeconds: 0, objects: 12 },
    { namespace: 'argocd', name: 'blog', looks: 0, lookSeconds: 0, renderSeconds: 0, syncSeconds: 4, objects: 0 },
  ])
})
