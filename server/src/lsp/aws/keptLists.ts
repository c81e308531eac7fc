import type { AwsAccount, AwsFacts } from '../../core/model/aws';

/** The lists of an account, by the call that fills them. */
const lists = [
  ['roles', 'iam:ListRoles'],
  ['providers', 'iam:ListOpenIDConnectProviders'],
  ['clusters', 'eks:ListClusters'],
  ['associations', 'eks:ListPodIdentityAssociations', 'eks:ListClusters'],
] as const;

/**
 * Facts of now, with the lists that could not be read now as they were before. They stay named in `partial`: what is not
 * in them is not known to be missing, and the reason says of when they are.
 */
export function withListsOf(now: AwsFacts, before: AwsFacts): AwsFacts {
  return {
    ...now,
    accounts: now.accounts.map((account) => {
      const old = before.accounts.find(({ id }) => id === account.id);
      return old ? joined(account, old) : account;
    }),
  };
}

function joined(account: AwsAccount, old: AwsAccount): AwsAccount {
  let result = account;
  for (const [list, ...actions] of lists) {
    const gaps = account.partial.filter(({ action }) => (actions as readonly string[]).includes(action));
    const known = new Set((account[list] as readonly object[]).map(keyOf));
    // Where only some regions could not be asked, the others have told what there is.
    const kept = (old[list] as readonly object[]).filter(
      (each) =>
        !known.has(keyOf(each)) && gaps.some(({ resource }) => resource === undefined || ('region' in each && each.region === resource)),
    );
    if (kept.length === 0) continue;
    result = {
      ...result,
      [list]: [...account[list], ...kept],
      partial: result.partial.map((gap) =>
        gaps.some(({ action, resource }) => action === gap.action && resource === gap.resource)
          ? { ...gap, reason: `${gap.reason} The data of ${old.takenAt} is still used.` }
          : gap,
      ),
    };
  }
  return result;
}

function keyOf(each: object): string {
  return 'arn' in each ? String(each.arn) : JSON.stringify(each);
}
