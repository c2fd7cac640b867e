/** Traces of what the process does; what collects them is loaded only where somebody does. */
export { readRatio, type TraceFlags, traceSettings } from './trace-settings.ts'
export {
  type Attributes,
  laterTracer,
  noTracer,
  type Span,
  type Tracer,
  tracedLog,
} from './tracer.ts'
