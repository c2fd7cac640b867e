/** Archives of charts and other artifacts, as tests need them. */
import { gzipSync } from 'node:zlib'
import { packTar, type TarEntry } from 'modern-tar'

export async function packed(files: Record<string, string>): Promise<Buffer> {
  const entries: TarEntry[] = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' },
    body,
  }))
  return gzipSync(await packTar(entries))
}

/** Of one ConfigMap, which says the version. */
export function packedChart(name: string, version: string): Promise<Buffer> {
  return packed({
    [`${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    [`${name}/templates/config.yaml`]:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {version: "{{ .Chart.Version }}"}\n',
  })
}
