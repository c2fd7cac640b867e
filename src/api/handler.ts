/** What serves one route. */
import type { AnswerOf, Route } from '../contract/index.ts'
import type { Call } from './call.ts'

/** Asks for the rights that are needed, then answers an object, or messages one after the other where the route streams. */
export type Handle<One extends Route> = (
  call: Call<One>,
) => Promise<One['streams'] extends true ? AsyncIterable<AnswerOf<One>> : AnswerOf<One>>

export interface Handler {
  route: Route
  handle: (call: Call) => Promise<unknown>
}

export function handler<One extends Route>(route: One, handle: Handle<One>): Handler {
  return { route, handle: handle as unknown as Handler['handle'] }
}
