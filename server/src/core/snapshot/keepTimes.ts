import type { AwsAccount, AwsFacts } from '../model/aws';
import { writeSnapshot } from './write';

/**
 * The facts with the times of an earlier snapshot wherever nothing else of an account is different: then the same AWS
 * gives the same file, and a change in version control is a change in AWS.
 */
export function keepTimes(facts: AwsFacts, earlier: AwsFacts | undefined): AwsFacts {
  const before = new Map(earlier?.accounts.map((account) => [account.id, account]));
  return {
    ...facts,
    accounts: facts.accounts.map((account) => {
      const old = before.get(account.id);
      return old && content(old) === content(account) ? { ...account, takenAt: old.takenAt } : account;
    }),
  };
}

function content(account: AwsAccount): string {
  return writeSnapshot({ version: 1, accounts: [{ ...account, takenAt: '' }] });
}
