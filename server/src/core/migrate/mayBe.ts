import { parseRoleArn } from '../model/arn';
import type { TrustPolicyFact } from '../model/facts';
import { literal, plain } from '../text/texts';
import type { Text } from '../text/text';
import type { Chain } from '../wiring/chain';

/** What asks for a role, and the policy that it is known to have. */
interface Asking {
  readonly chain?: Chain;
  readonly policy: { readonly kind: string; readonly facts: readonly TrustPolicyFact[] };
}

/**
 * The annotations of an account that only a trust policy names, where their role may be that policy's: the policy's role has a name
 * that no file tells in full, or is of another environment by its folder. Nothing joins them for certain.
 */
export function annotatedWithRole<T extends Asking>(move: T, others: readonly T[]): T[] {
  const [fact] = move.policy.facts;
  if (move.chain || !fact) return [];
  return others.filter(({ chain, policy }) => chain && policy.kind === 'unknown' && mayHaveRole(chain, fact));
}

/** Whether an annotation's role may be that of a policy, by what is written of its name. */
export function mayHaveRole({ roleArn }: Pick<Chain, 'roleArn'>, { roleName, roleArn: arn }: TrustPolicyFact): boolean {
  const [asked, own] = [literal(roleArn?.name), roleName ?? (arn && parseRoleArn(arn)?.name)];
  return asked !== undefined && own !== undefined && own.value !== '' && mayBe(undefined, own, asked);
}

/** Whether a name, known or partly known, may be a value: what is written around its unknown parts has to fit. */
export function mayBe(known: string | undefined, written: Text | undefined, value: string): boolean {
  if (known !== undefined) return known === value;
  const text = written ?? plain('');
  if (literal(text) !== undefined) return text.value === '' || text.value === value;
  const [first, last] = [text.holes[0]!, text.holes[text.holes.length - 1]!];
  const [head, tail] = [text.value.slice(0, first.start), text.value.slice(last.end)];
  return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}
