import type { Observation, Reading, ReadingKind, Symptom } from '../evidence';
import type { SymptomId } from '../symptoms/catalogue';
import type { Compact } from '../unmess/compact';

/** One paste, without secrets, ready to be searched. */
export interface Prepared {
  /** Its number, from 0. */
  readonly paste: number;
  /** As pasted, secrets written over. */
  readonly raw: string;
  /** Without colours, boxes and escapes. */
  readonly text: string;
  /** The offset in the paste of an offset in `text`. */
  at(offset: number): number;
  /** The offset in the paste at which `raw` begins. */
  readonly base: number;
  /** `text` without white space, in lower case. */
  readonly compact: Compact;
}

/** A phrase (matched without regard to case and white space) and what it says. */
export type Phrase = readonly [phrase: string, symptom: SymptomId];

/** One kind of source: what it writes when a pod has no role. A file each, and a line in the registry. */
export interface Recogniser {
  /** As people call it: "Go v2". */
  readonly name: string;
  readonly phrases?: readonly Phrase[];
  /** Reads what phrases cannot tell. Linear in the text; never throws. */
  read?(paste: Prepared, found: Collector): void;
}

/** Collects what recognisers find. */
export class Collector {
  readonly symptoms: Symptom[] = [];
  readonly observations: Observation[] = [];

  /** @param offset in the prepared text. */
  symptom(paste: Prepared, id: SymptomId, offset: number, emitter: string, readings: readonly Reading[] = []): void {
    this.symptoms.push({ id, paste: paste.paste, offset: paste.at(offset), emitter, readings });
  }

  observe(observation: Observation): void {
    this.observations.push(observation);
  }
}

/** A value read at an offset of the prepared text. */
export function read(
  paste: Prepared,
  kind: ReadingKind,
  value: string,
  offset: number,
  from: string,
  sure: Reading['sure'] = 'told',
): Reading {
  return { kind, value, from, paste: paste.paste, offset: paste.at(offset), sure };
}

/** No text holds more of one kind that is worth reading: a log repeats itself. */
export const mostMatches = 400;

/** The matches of an expression, at most {@link mostMatches}, each text once: retries repeat a line hundreds of times. */
export function* matchesOf(text: string, pattern: RegExp): Generator<RegExpExecArray> {
  const seen = new Set<string>();
  let tried = 0;
  for (const match of text.matchAll(pattern)) {
    if (++tried > 50 * mostMatches) return;
    if (seen.has(match[0])) continue;
    seen.add(match[0]);
    yield match;
    if (seen.size >= mostMatches) return;
  }
}
