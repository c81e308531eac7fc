import type { Text } from '../../text/text';
import type { Tri } from '../../text/tri';

/** What the request holds under a condition key. */
export interface Lookup {
  /** Whether the key is there; `null`: no file tells. */
  readonly presence: Tri;
  /** Its values where it is there: one for a single-valued key. Holes stand for what no file tells. */
  readonly values: readonly Text[];
  /** The one value by what it is, where no file tells it: it equals what has the same identity. */
  readonly identified?: Text;
  /** True for keys that hold several values by their nature (`aws:TagKeys`). */
  readonly multivalued: boolean;
  /** Why the key is absent or not known, as the end of a sentence: "the token's issuer is another". */
  readonly why?: string;
  /** What was taken as true to find it. */
  readonly note?: string;
  /** How the key is called in messages: `…:sub` for a long issuer. */
  readonly name: string;
}

/** The request as a policy's conditions see it. */
export interface RequestKeys {
  lookup(key: Text): Lookup;
}

export function present(name: string, values: readonly Text[], multivalued = false): Lookup {
  return { presence: true, values, multivalued, name };
}

export function absent(name: string, why: string): Lookup {
  return { presence: false, values: [], multivalued: false, why, name };
}

export function unknown(name: string, values: readonly Text[], why: string, presence: Tri = null): Lookup {
  return { presence, values, multivalued: false, why, name };
}
