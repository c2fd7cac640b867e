/** The recorded steps that the sandbox does not answer as recorded, each with the reason. */

const templateHash =
  "the name and labels hold the pod template's hash, which a real server takes over Go's print of its structs in memory"

/** By trace and step name. */
export const knownFailures: Record<string, Record<string, string>> = {
  'gc-chain': {
    'deployment settled': templateHash,
    'replica set': templateHash,
    pod: templateHash,
    events: templateHash,
    'pod deleted': templateHash,
    'another takes its place': templateHash,
  },
  'health-and-version': {
    'anonymous /version/': 'the recording was cut to two fields without saying so; /version/ is answered like /version',
  },
}
