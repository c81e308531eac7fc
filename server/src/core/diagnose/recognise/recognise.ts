import { withoutSecrets } from '../door/secrets';
import type { Findings } from '../evidence';
import type { SymptomId } from '../symptoms/catalogue';
import { clean } from '../unmess/clean';
import { compact, compactPhrase } from '../unmess/compact';
import { unwrap } from '../unmess/unwrap';
import { Collector, type Prepared } from './recogniser';
import { recognisers } from './registry';

/** The paste as recognisers see it: through the door, and made readable. */
export function prepare(text: string, paste: number, base = 0): Prepared & { readonly secrets: number } {
  const { text: raw, cut } = withoutSecrets(text);
  const { text: readable, offsets } = unwrap(clean(raw));
  return {
    paste,
    raw,
    base,
    text: readable,
    at: (offset) => base + (offsets[Math.min(Math.max(0, offset), offsets.length - 1)] ?? 0),
    compact: compact({ text: readable }),
    secrets: cut,
  };
}

const phrases = recognisers.flatMap((recogniser) =>
  (recogniser.phrases ?? []).map(([phrase, symptom]) => ({ text: compactPhrase(phrase), symptom, emitter: recogniser.name })),
);

/** Everything that the pastes tell. */
export function recognise(pastes: readonly Prepared[]): Findings {
  const found = new Collector();
  for (const paste of pastes) {
    phrasesOf(paste, found);
    for (const recogniser of recognisers) recogniser.read?.(paste, found);
  }
  return found;
}

/** The phrases of all sources: each counts once, where it stands first. Of several that begin at one place the longest counts. */
function phrasesOf(paste: Prepared, found: Collector): void {
  const best = new Map<number, { readonly length: number; readonly symptom: SymptomId; readonly emitter: string }>();
  for (const { text, symptom, emitter } of phrases) {
    const at = paste.compact.text.indexOf(text);
    const known = best.get(at);
    if (at >= 0 && (known === undefined || known.length < text.length)) best.set(at, { length: text.length, symptom, emitter });
  }
  for (const [at, { symptom, emitter }] of best) found.symptom(paste, symptom, paste.compact.offsets[at] ?? 0, emitter);
}
