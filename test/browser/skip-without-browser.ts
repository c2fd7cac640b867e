/** See needs-browser.ts. */
import { beforeEach, inject } from 'vitest'

beforeEach(({ skip }) => skip(!inject('hasBrowser'), 'no browser starts here'))
