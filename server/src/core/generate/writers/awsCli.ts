import type { Pair } from '../pair';
import { shellQuote } from '../../text/shellQuote';
import { awsCommand } from '../text/shell';
import { toYaml } from '../text/yaml';
import { toJson } from '../json';
import { trustDocument } from '../trust';
import { fileStem } from './names';
import { serviceAccountObject } from './serviceAccount';
import type { Writer } from './writer';

/**
 * A script for the AWS CLI that can be run again after a failure. It stops before a role of the same name with another
 * trust policy, and before another account. The ServiceAccount goes to standard output, all else to standard error.
 */
export const awsCliWriter: Writer = {
  id: 'aws-cli',
  title: 'A script for the AWS CLI',
  write: (pair) => [{ path: `${fileStem(pair)}.sh`, text: script(pair), role: 'template', executable: true }],
  next: (pair) => [`Run it as: bash ${shellQuote(`${fileStem(pair)}.sh`)} | kubectl apply -f -`],
};

function script(pair: Pair): string {
  const { role } = pair;
  const parts = [
    `#!/usr/bin/env bash
# Makes the role ${role.arn}
# for the service account ${pair.account.namespace}/${pair.account.name}. Needs the AWS CLI and credentials of account ${role.accountId}.
# Prints the ServiceAccount: bash ${shellQuote(`${fileStem(pair)}.sh`)} | kubectl apply -f -
set -efuo pipefail
exec 3>&1 1>&2

account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != ${role.accountId} ]; then
  echo "These credentials are of account $account, not ${role.accountId}." >&2
  exit 1
fi
`,
    ...(pair.provider ? [provider(pair)] : []),
    makeRole(pair),
    ...role.policyArns.map((arn) => `${awsCommand('iam attach-role-policy', { 'role-name': role.name, 'policy-arn': arn })}\n`),
    ...(role.inline
      ? [
          `read -r -d '' policy <<'JSON' || true\n${role.inline.document}JSON\n${awsCommand('iam put-role-policy', { 'role-name': role.name, 'policy-name': role.inline.name })} --policy-document "$policy"\n`,
        ]
      : []),
    ...(pair.mechanism === 'pod-identity' ? [association(pair)] : []),
    `cat >&3 <<'YAML'\n${toYaml(serviceAccountObject(pair))}YAML\n`,
  ];
  return parts.join('\n');
}

/** IAM's provider for the cluster's issuer: made where it is missing, the audience added where that is. */
function provider(pair: Pair): string {
  const { issuer, arn } = pair.provider!;
  return `# The cluster's issuer as a provider of IAM.
if ! audiences=$(${awsCommand('iam get-open-id-connect-provider', { 'open-id-connect-provider-arn': arn, query: 'ClientIDList', output: 'text' })} 2>/dev/null); then
  ${awsCommand('iam create-open-id-connect-provider', { url: `https://${issuer}`, 'client-id-list': pair.audience })}
elif ! printf '%s\\n' $audiences | grep -qxF -- ${shellQuote(pair.audience)}; then
  ${awsCommand('iam add-client-id-to-open-id-connect-provider', { 'open-id-connect-provider-arn': arn, 'client-id': pair.audience })}
fi
`;
}

function makeRole(pair: Pair): string {
  const { role } = pair;
  const tags = Object.entries(role.tags).map(([key, value]) => JSON.stringify({ Key: key, Value: value }));
  const create = awsCommand('iam create-role', {
    'role-name': role.name,
    path: role.path,
    description: role.description,
    'max-session-duration': role.maxSessionDuration === undefined ? undefined : String(role.maxSessionDuration),
    'permissions-boundary': role.permissionsBoundary,
    tags: tags.length === 0 ? undefined : `[${tags.join(',')}]`,
  });
  return `read -r -d '' trust <<'JSON' || true
${toJson(trustDocument(pair))}JSON
# A role that is there already is left as it is, unless this script made it.
if found=$(${awsCommand('iam get-role', { 'role-name': role.name, query: 'Role.AssumeRolePolicyDocument', output: 'json' })} 2>/dev/null); then
  if [ "$(printf %s "$found" | tr -d '[:space:]')" != "$(printf %s "$trust" | tr -d '[:space:]')" ]; then
    echo ${shellQuote(`The role ${role.name} exists with another trust policy: pod-roles generate --apply extends it.`)} >&2
    exit 1
  fi
else
  ${create} --assume-role-policy-document "$trust"
fi
`;
}

/** EKS may need some seconds to see a new role. */
function association(pair: Pair): string {
  const { account, cluster, role } = pair;
  const where = { 'cluster-name': cluster!.name, namespace: account.namespace, 'service-account': account.name, region: cluster!.region };
  return `# The association; EKS may need some seconds to see a new role.
existing=$(${awsCommand('eks list-pod-identity-associations', { ...where, query: 'associations[].associationId', output: 'text' })})
if [ -n "$existing" ] && [ "$existing" != None ]; then
  current=$(aws eks describe-pod-identity-association --cluster-name ${shellQuote(cluster!.name)} --association-id "$existing" --region ${shellQuote(cluster!.region)} --query association.roleArn --output text)
  if [ "$current" != ${shellQuote(role.arn)} ]; then
    echo "The service account has an association with $current already." >&2
    exit 1
  fi
else
  for wait in 2 4 8 0; do
    if ${awsCommand('eks create-pod-identity-association', { ...where, 'role-arn': role.arn })}; then break; fi
    if [ "$wait" = 0 ]; then exit 1; fi
    sleep "$wait"
  done
fi
`;
}
