/** What runs in the page that is measured: each function is sent there as text, and knows nothing but itself. */

export interface Marked {
  thereAt?: number
}

/** Runs in the page: rows are drawn and the sentence says how many there are. */
export function noteWhenThere(total: string): void {
  const look = () => {
    const isThere =
      document.querySelector('h1')?.textContent?.startsWith(total) === true &&
      document.querySelectorAll('tbody tr').length > 10
    if (isThere) (globalThis as Marked).thereAt = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Runs in the page: from the key that is pressed next until every row that is drawn has the text, and is painted. */
export function untilOnlyMatching(text: string): Promise<number> {
  return new Promise((resolve) => {
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const look = () => {
          const names = [...document.querySelectorAll('tbody tr a')].map((link) => link.textContent ?? '')
          const isBusy = document.querySelector('table')?.getAttribute('aria-busy') === 'true'
          if (!isBusy && names.length > 0 && names.every((name) => name.includes(text)))
            resolve(performance.now() - timeStamp)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      },
      { once: true, capture: true },
    )
  })
}

/** Runs in the page: 2,400 pixels a second; the milliseconds of each frame. */
export function scrollDown(forMs: number): Promise<number[]> {
  const scroller = document.getElementById('content')
  scroller?.scrollTo(0, 0)
  return new Promise((resolve) => {
    const frames: number[] = []
    const startedAt = performance.now()
    let before = startedAt
    const step = (now: number) => {
      frames.push(now - before)
      scroller?.scrollBy(0, Math.round((now - before) * 2.4))
      before = now
      if (now - startedAt < forMs) requestAnimationFrame(step)
      else resolve(frames.slice(1))
    }
    requestAnimationFrame(step)
  })
}
