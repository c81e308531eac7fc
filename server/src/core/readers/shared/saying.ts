import type { Fact } from '../../model/facts';
import type { PolicyDocument } from '../../model/policy';

/** Tells which facts say the same. A policy is written out once, however many facts hold it. */
export class Sayings {
  private readonly byPolicy = new Map<PolicyDocument, number>();
  private readonly byText = new Map<string, number>();

  /**
   * A text that is equal for facts that say the same.
   * @param without these properties count as nothing
   */
  of(fact: Fact, without: { readonly deployedBy?: true; readonly roleIds?: true }): string {
    const own: Record<string, unknown> = { ...fact };
    if (without.deployedBy) delete own['deployedBy'];
    if (without.roleIds) delete own['roleIds'];
    if (fact.kind === 'trustPolicy') own['policy'] = this.numberOf(fact.policy);
    return JSON.stringify(own);
  }

  private numberOf(policy: PolicyDocument): number {
    let number = this.byPolicy.get(policy);
    if (number === undefined) {
      const text = JSON.stringify(policy);
      this.byText.set(text, (number = this.byText.get(text) ?? this.byText.size));
      this.byPolicy.set(policy, number);
    }
    return number;
  }
}
