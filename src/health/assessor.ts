/** Health by the rules of an installation, which can change while it runs. */
import type { ApplicationHealth, Health, KubeObject } from '../model/index.ts'
import { type Assess, assessHealth } from './assess.ts'
import { type CustomHealth, type CustomHealthOptions, customHealth } from './custom.ts'
import { type ChildrenOf, explainHealth } from './explain.ts'

const aboutHealth = /^resource\.customizations(\.health\.|\.useOpenLibs\.|$)/

export class HealthAssessor {
  readonly #options: CustomHealthOptions
  #custom: CustomHealth
  #settings = ''

  constructor(options: CustomHealthOptions) {
    this.#options = options
    this.#custom = customHealth({}, options)
  }

  /** Takes what argocd-cm holds now; with nothing new in it about health, everything stays. */
  configure(settings: Record<string, string>): void {
    const relevant = Object.entries(settings).filter(([key]) => aboutHealth.test(key))
    const text = JSON.stringify(relevant.sort())
    if (text === this.#settings) return
    this.#settings = text
    this.#custom = customHealth(settings, this.#options)
  }

  /** Another object whenever objects have to be assessed anew. */
  get rules(): object {
    return this.#custom
  }

  readonly assess = (object: KubeObject): Health | undefined => assessHealth(object, this.#custom)

  /** `assess` may answer from memory. */
  explain(object: KubeObject, childrenOf: ChildrenOf, assess: Assess = this.assess): ApplicationHealth | undefined {
    return explainHealth(object, childrenOf, assess)
  }
}
