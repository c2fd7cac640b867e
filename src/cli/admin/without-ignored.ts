/** An object without the fields that rules of the settings name. */
import { placesOf, withoutPlaces } from '../../diff/ignore/json-path.ts'
import { compileRules } from '../../diff/ignore/rules.ts'
import { type KubeObject, keyOf } from '../../model/index.ts'
import { type SettingsTexts, withJq } from '../comparison-rules.ts'

export function withoutIgnored(
  object: KubeObject,
  texts: SettingsTexts,
  what: 'ignoreDifferences' | 'ignoreUpdates',
): Promise<unknown> {
  return withJq(texts, async (settings, jq) => {
    const rules = compileRules(settings[what], jq).rulesFor(keyOf(object))
    const places = await Promise.all(rules.map((rule) => rule.places(object)))
    return withoutPlaces(object, placesOf(places.flat()))
  })
}
