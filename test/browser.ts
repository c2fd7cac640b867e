/** As much of a browser as a login needs: it keeps cookies for each host and follows redirects. */

export interface Page {
  status: number
  url: string
  headers: Headers
  text: string
}

export interface Browser {
  /** Follows redirects until `until` says that the next address is not to be opened. */
  open(url: string, options?: { until?: (url: string) => boolean; headers?: Record<string, string> }): Promise<Page>
  cookies(host: string): Map<string, string>
}

const mostRedirects = 15

export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>()

  function cookies(host: string): Map<string, string> {
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    return jar
  }

  async function visit(url: string, headers: Record<string, string>): Promise<Response> {
    const jar = cookies(new URL(url).host)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { ...headers, ...(cookie && { cookie }) } })
    for (const text of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
      const isGone = /max-age=0|expires=thu, 01 jan 1970/i.test(text)
      if (isGone || value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  return {
    cookies,
    async open(url, { until = () => false, headers = {} } = {}) {
      let at = url
      for (let redirects = 0; redirects < mostRedirects; redirects++) {
        const response = await visit(at, headers)
        const location = response.headers.get('location')
        const next = location === null ? undefined : new URL(location, at).href
        if (next === undefined || until(next))
          return { status: response.status, url: next ?? at, headers: response.headers, text: await response.text() }
        await response.body?.cancel()
        at = next
      }
      throw new Error(`${url} leads from one address to the next`)
    },
  }
}
