/** Ctrl-C and the like, as a promise: programs end by cleaning up, not by being cut off. */

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
