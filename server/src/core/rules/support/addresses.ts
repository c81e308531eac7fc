import type { Fact } from '../../model/facts';
import { visible } from '../../text/visible';
import type { Finding } from '../rule';

/** A fact with an address, and the one around it. */
interface Placed {
  readonly fact: Fact;
  readonly outer: Placed | undefined;
}

/** A plan is one line: what people know a resource in it by is its address. */
export class Addresses {
  /** By where they start. */
  private readonly placed: readonly Placed[];

  /** @param facts of one document */
  constructor(facts: readonly Fact[]) {
    this.placed = facts.some(({ address }) => address !== undefined) ? nested(facts.filter(({ address }) => address !== undefined)) : [];
  }

  /** The finding with the address of the resource that it is about, where a plan or state makes it. */
  named(finding: Finding): Finding {
    const address = this.around(finding.at.span)?.address;
    return address === undefined ? finding : { ...finding, message: `${visible(address)}: ${finding.message}` };
  }

  /** The innermost fact around a place. */
  private around(span: Fact['span']): Fact | undefined {
    let [low, high] = [0, this.placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.placed[middle]!.fact.span.start <= span.start) low = middle + 1;
      else high = middle;
    }
    for (let at = this.placed[low - 1]; at; at = at.outer) if (at.fact.span.end >= span.end) return at.fact;
    return undefined;
  }
}

function nested(facts: readonly Fact[]): readonly Placed[] {
  const placed: Placed[] = [];
  const sorted = [...facts].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  let outer: Placed | undefined;
  for (const fact of sorted) {
    while (outer && outer.fact.span.end <= fact.span.start) outer = outer.outer;
    placed.push((outer = { fact, outer }));
  }
  return placed;
}
