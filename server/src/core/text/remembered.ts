import type { Text } from './text';

/** The same parser, run once for each text: many look at the texts of a policy, and texts never change. */
export function remembered<T>(parse: (text: Text) => T): (text: Text) => T {
  const known = new WeakMap<Text, { readonly value: T }>();
  return (text) => {
    let found = known.get(text);
    if (!found) known.set(text, (found = { value: parse(text) }));
    return found.value;
  };
}
