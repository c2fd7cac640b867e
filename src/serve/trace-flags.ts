/** Where traces go, as flags of Argo CD's names. */
import { InvalidArgumentError, Option } from 'commander'
import { readRatio } from '../trace/index.ts'

export function traceOptions(): Option[] {
  return [
    new Option(
      '--otlp-address <address>',
      'send traces to this OpenTelemetry collector: HOST:PORT for gRPC, or an http or https address; see OTEL_EXPORTER_OTLP_ENDPOINT',
    ),
    new Option('--otlp-insecure [boolean]', 'gRPC to it without TLS; true unless told otherwise').preset('true'),
    new Option(
      '--otlp-headers <name=value,...>',
      'headers of each request to it; secrets are better kept in OTEL_EXPORTER_OTLP_HEADERS',
    ),
    new Option('--otlp-attrs <name:value,...>', 'attributes of all spans'),
    new Option(
      '--otlp-sample-ratio <number>',
      'how many of the traces that begin here are kept, from 0 to 1',
    ).argParser((text) => {
      if (readRatio(text) === undefined) throw new InvalidArgumentError('It is no number from 0 to 1.')
      return text
    }),
  ]
}
