import type { Check } from '../../core/generate/checks';
import type { PairOptions } from '../../core/generate/readPair';
import type { AwsIndex } from '../../core/wiring/aws';
import { loadGenerate, type GenerateParts } from '../../generate/load';

function checkOf(option: keyof PairOptions, { checks }: GenerateParts): Check | undefined {
  const all: Partial<Record<keyof PairOptions, Check>> = {
    roleName: checks.checkRoleName,
    path: checks.checkPath,
    namespace: checks.checkNamespace,
    serviceAccount: checks.checkServiceAccount,
    accountId: checks.checkAccountId,
    issuer: (text) => checks.checkIssuer(text.replace(/^https:\/\//i, '').replace(/\/$/, '')),
    cluster: checks.checkCluster,
    region: checks.checkRegion,
    audience: checks.checkAudience,
    permissionsBoundary: checks.checkPolicyArn,
    policyArns: checks.checkPolicyArn,
    maxSessionDuration: checks.checkSessionDuration,
  };
  return all[option];
}

/** A field as it is typed: what is wrong, and what is worth knowing. */
export async function checkField(
  option: keyof PairOptions,
  value: string,
  accountId: string | undefined,
  aws: AwsIndex | undefined,
): Promise<{ problem?: string; note?: string }> {
  const parts = await loadGenerate();
  const text = value.trim();
  if (option === 'issuer') {
    const id = parts.checks.bareOidcId(text);
    const known =
      id === undefined
        ? undefined
        : aws?.facts.accounts
            .flatMap(({ clusters }) => clusters)
            .find(({ issuer }) => issuer?.toLowerCase().endsWith(`/id/${id.toLowerCase()}`));
    if (known) return { problem: `${text} is an OIDC ID, not an issuer. The issuer of ${known.name} with this ID is ${known.issuer!}.` };
  }
  const problem = checkOf(option, parts)?.(text);
  if (problem !== undefined) return { problem };
  if (option !== 'roleName' || !aws) return {};
  const accounts = accountId === undefined ? aws.facts.accounts.map(({ id }) => id) : [accountId];
  const found = accounts.flatMap((id) => aws.rolesNamed(id, text))[0];
  if (!found) return {};
  if (found.path.startsWith('/aws-service-role/'))
    return { problem: `${found.name} is a role of an AWS service, which cannot be changed.` };
  if (found.name !== text) return { problem: `There is a role ${found.name}: role names are case-insensitive.` };
  return { note: `${found.arn} exists: it will be extended.${found.path === '/' ? '' : ` Its path is ${found.path}.`}` };
}
