import type { PolicyDocument, Statement } from '../../model/policy';
import { literal } from '../../text/texts';
import type { VariableResolver } from '../../text/wildcards/compile';
import { refusals } from '../refusals';
import { all, unknown, type Formula } from './formula';
import { meaningOf } from './symbols';
import type { PolicySet } from './types';

/** A statement with what the comparison knows of it by itself. */
export interface PreparedStatement {
  readonly statement: Statement;
  /**
   * The same for equal statements. Where parts of them are unknown by their place alone, two of one side are two: the first of one side
   * is the first of the other.
   */
  readonly id: string;
  /** Undefined: a hole, or in a template. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  readonly policy: PreparedPolicy;
}

export interface PreparedPolicy {
  readonly document: PolicyDocument;
  readonly id: string;
  readonly statements: readonly PreparedStatement[];
  /** Whether IAM accepts the policy, as far as that is known; and why it may not. */
  readonly accepted: Formula;
  readonly doubts: ReadonlySet<string>;
  /** How `${…}` in values is read; undefined: as plain text. What a variable stands for is never known here. */
  readonly variables: VariableResolver | undefined;
  /** Tells apart the ways in which values with `${…}` are read. */
  readonly reading: 'text' | 'variables' | 'either';
}

/** Names equal things of both sides alike. */
export class Names {
  private readonly byMeaning = new Map<string, number>();

  /** One side of a comparison. */
  side(policies: PolicySet): PreparedPolicy[] {
    const counts = new Map<string, number>();
    return policies.map((document) => this.policy(document, counts));
  }

  private policy(document: PolicyDocument, counts: Map<string, number>): PreparedPolicy {
    const statements: PreparedStatement[] = [];
    const reading = readingOf(document);
    const policy: PreparedPolicy = {
      document,
      id: this.id('p', meaningOf(document), counts),
      statements,
      ...acceptanceOf(document),
      reading,
      // What a variable stands for depends on the request: equal texts are equal, nothing else is known.
      variables: reading === 'text' ? undefined : () => null,
    };
    for (const statement of document.statements) {
      const effect = literal(statement.effect?.text);
      statements.push({
        statement,
        id: this.id(`s${reading}`, meaningOf(statement), counts),
        effect: effect === 'Allow' || effect === 'Deny' ? effect : undefined,
        policy,
      });
    }
    return policy;
  }

  private id(kind: string, meaning: string, counts: Map<string, number>): string {
    let number = this.byMeaning.get(meaning);
    if (number === undefined) this.byMeaning.set(meaning, (number = this.byMeaning.size));
    const id = `${kind}${number}`;
    if (!/"named":false|"open":true/.test(meaning)) return id;
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    return `${id}.${count}`;
  }
}

/** By the Version, as trust/request/variables.ts has it. */
function readingOf({ version, open }: PolicyDocument): PreparedPolicy['reading'] {
  if (!version && !open) return 'text';
  const value = literal(version?.text);
  return value === undefined ? 'either' : value === '2012-10-17' ? 'variables' : 'text';
}

/** A policy that IAM surely rejects allows nobody. The quota is left to those who know it. */
function acceptanceOf(document: PolicyDocument): Pick<PreparedPolicy, 'accepted' | 'doubts'> {
  const found = refusals(document, { trustPolicyQuota: Infinity });
  const doubts = new Map(found.map(({ code, message }) => [`rejected ${code} ${message}`, message]));
  const accepted = [...doubts].map(([id, message]) => unknown(id, `whether IAM accepts the policy: ${message.replace(/\.$/, '')}`));
  return { accepted: !found.some(({ sure }) => sure) && all(accepted), doubts: new Set(doubts.keys()) };
}
