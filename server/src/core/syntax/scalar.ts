import { findHoles, type HoleOptions } from '../text/holes';
import type { Span } from '../text/span';
import type { Encoding } from '../text/text';
import type { ScalarNode } from './tree';

/** A decoded value with the places of its characters: pairs [value offset, document offset]. */
export interface Decoded {
  readonly value: string;
  /** Absent: the value stands in the document as it is, from the span's start. */
  readonly map?: readonly (readonly [number, number])[];
}

/** Collects a decoded value piece by piece, noting where value and document offsets part ways. */
export class Decoder {
  private parts: string[] = [];
  private length = 0;
  private readonly pairs: [number, number][] = [];

  /** Adds characters that stand at `offset` of the document. The caller's pieces come in order. */
  add(text: string, offset: number): void {
    if (text === '') return;
    const last = this.pairs[this.pairs.length - 1];
    if (!last || last[1] + (this.length - last[0]) !== offset) this.pairs.push([this.length, offset]);
    this.parts.push(text);
    this.length += text.length;
  }

  /** The value; `start` is where a value without any character stands. */
  done(start: number): Decoded {
    const value = this.parts.join('');
    if (this.pairs.length === 0) return { value, map: [[0, start]] };
    return this.pairs.length === 1 && this.pairs[0]![1] === start ? { value } : { value, map: this.pairs };
  }
}

/** How a scalar stands in the source. */
export interface ScalarPlace {
  readonly span: Span;
  readonly outer: Span;
  readonly encodings: readonly Encoding[];
  readonly quoted: boolean;
  readonly type: ScalarNode['type'];
}

/** A scalar node of a decoded value, its holes found. */
export function scalarNode(decoded: Decoded, place: ScalarPlace, options?: HoleOptions): ScalarNode {
  const holes = findHoles(decoded.value, options);
  return { kind: 'scalar', value: decoded.value, holes, ...place, ...(decoded.map ? { map: decoded.map } : {}) };
}
