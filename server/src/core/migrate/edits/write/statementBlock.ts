import type { Made } from '../../types';
import type { NewStatement } from '../statements';
import { aligned } from './hcl';
import { hclTongue } from './tongues';
import type { Phrase } from './value';

/** The lines of a `statement` block, as `terraform fmt` leaves them. */
export function statementLines({ principal, actions, conditions }: NewStatement, step: string): Made<readonly string[]> {
  const tongue = hclTongue(false);
  const phrases = [principal.value, ...conditions.flatMap(([key, values]) => [key, ...values])];
  for (const each of phrases) {
    if (tongue.leaf(each) === undefined)
      return {
        refused: `${each.map((part) => ('text' in part ? part.text : part.expression)).join('')} is not an expression that can be written here: give its value.`,
      };
  }
  const values = (all: readonly Phrase[]): string => `[${all.map((each) => tongue.leaf(each)!).join(', ')}]`;
  const quoted = (all: readonly string[]): string => `[${all.map((each) => JSON.stringify(each)).join(', ')}]`;
  const block = (type: string, pairs: readonly (readonly [string, string])[]): string[] => [
    '',
    `${step}${type} {`,
    ...aligned(pairs).map((line) => step + step + line),
    `${step}}`,
  ];
  return {
    made: [
      'statement {',
      ...aligned([
        ['effect', '"Allow"'],
        ['actions', quoted(actions)],
      ]).map((line) => step + line),
      ...block('principals', [
        ['type', JSON.stringify(principal.kind)],
        ['identifiers', values([principal.value])],
      ]),
      ...conditions.flatMap(([key, all]) =>
        block('condition', [
          ['test', '"StringEquals"'],
          ['variable', tongue.leaf(key)!],
          ['values', values(all)],
        ]),
      ),
      '}',
    ],
  };
}
