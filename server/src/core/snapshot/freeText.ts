import type { AwsAccount, AwsAssociation, AwsFacts, AwsPolicy, AwsRole } from '../model/aws';

/** Condition keys whose values are made up by people, and used as passwords. No verdict on pods depends on them. */
const secretKeys = /^(sts:externalid|aws:referer|aws:useragent)$/i;
/** What stands in place of such a value. */
export const masked = '(not written)';

/**
 * Facts without what people write freely, which may hold anything: descriptions and tags are left out, and in policies the
 * values of condition keys that are used as passwords. All else of a policy stays: verdicts are made from it.
 */
export function withoutFreeText(facts: AwsFacts): AwsFacts {
  return { ...facts, accounts: facts.accounts.map(account) };
}

function account(of: AwsAccount): AwsAccount {
  return { ...of, roles: of.roles.map(role), policies: of.policies.map(policy), associations: of.associations.map(association) };
}

function association({ externalId: _externalId, ...rest }: AwsAssociation): AwsAssociation {
  return rest.policy === undefined ? rest : { ...rest, policy: document(rest.policy) };
}

function role({ description: _description, tags: _tags, ...rest }: AwsRole): AwsRole {
  return {
    ...rest,
    ...(rest.trustPolicy === undefined ? {} : { trustPolicy: document(rest.trustPolicy) }),
    ...(rest.inline === undefined
      ? {}
      : { inline: Object.fromEntries(Object.entries(rest.inline).map(([name, text]) => [name, document(text)])) }),
  };
}

function policy({ description: _description, ...rest }: AwsPolicy): AwsPolicy {
  return rest.document === undefined ? rest : { ...rest, document: document(rest.document) };
}

/** The same text where nothing is masked, so that its form stays. */
function document(text: string): string {
  if (!/externalid|referer|useragent/i.test(text)) return text;
  let changed = false;
  const mask = (value: unknown): unknown => {
    changed = true;
    return Array.isArray(value) ? value.map(() => masked) : masked;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, secretKeys.test(key) ? mask(each) : walk(each)]));
  };
  try {
    const written = JSON.stringify(walk(JSON.parse(text)));
    return changed ? written : text;
  } catch {
    return text;
  }
}
