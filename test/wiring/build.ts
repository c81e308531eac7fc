import { readSettings } from '../../server/src/core/config/readSettings';
import type { ServiceAccountFact, TrustPolicyFact } from '../../server/src/core/model/facts';
import { literal } from '../../server/src/core/text/texts';
import { Workspace } from '../../server/src/core/workspace/workspace';

export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

/** A ServiceAccount that asks for a role. */
export function account(name: string, namespace: string | undefined, role: string, awsAccount = '111122223333'): string {
  return [
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata:',
    `  name: ${name}`,
    ...(namespace ? [`  namespace: ${namespace}`] : []),
    '  annotations:',
    `    eks.amazonaws.com/role-arn: arn:aws:iam::${awsAccount}:role/${role}`,
    '',
  ].join('\n');
}

export function deployment(serviceAccount: string, namespace: string | undefined): string {
  return [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: api',
    ...(namespace ? [`  namespace: ${namespace}`] : []),
    'spec:',
    '  template:',
    '    spec:',
    `      serviceAccountName: ${serviceAccount}`,
    '      containers: [{name: api, image: api}]',
    '',
  ].join('\n');
}

/** A trust policy that admits one subject. */
export function trust(subject: string, awsAccount = '111122223333'): string {
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::${awsAccount}:oidc-provider/${issuer}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: `system:serviceaccount:${subject}` } },
        },
      ],
    },
    null,
    2,
  );
}

/** The output of `aws iam get-role`. */
export function getRole(name: string, subject: string, awsAccount = '111122223333'): string {
  return JSON.stringify({
    Role: {
      RoleName: name,
      Arn: `arn:aws:iam::${awsAccount}:role/${name}`,
      AssumeRolePolicyDocument: JSON.parse(trust(subject, awsAccount)) as unknown,
    },
  });
}

export const uriOf = (path: string): string => `file:///repo/${path}`;
export const pathOf = (uri: string): string => uri.slice('file:///repo/'.length);

/** A workspace of files on disk; `pod-roles.yaml` among them sets it. */
export function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const { 'pod-roles.yaml': config, ...rest } = files;
  const { settings, problems } = readSettings(config ?? '', uriOf('pod-roles.yaml'));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const workspace = new Workspace({
    settings,
    log: (message) => {
      throw new Error(message);
    },
  });
  for (const [path, text] of Object.entries(rest)) workspace.load(uriOf(path), text);
  return workspace;
}

/** `account → kind:file` for each tie of each chain. */
export function tiesOf(workspace: Workspace): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const chain of workspace.wiring.chains()) {
    found[pathOf(chain.account.doc.uri)] = chain.ties.map((tie) => `${tie.kind}:${pathOf(tie.policy.doc.uri)}`);
  }
  return found;
}

export function accountIn(workspace: Workspace, path: string): ServiceAccountFact {
  const fact = workspace.wiring.facts(uriOf(path)).find((each) => each.kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error(`${path} has no account`);
  return fact;
}

export function policyIn(workspace: Workspace, path: string): TrustPolicyFact {
  const fact = workspace.wiring.facts(uriOf(path)).find((each) => each.kind === 'trustPolicy');
  if (fact?.kind !== 'trustPolicy') throw new Error(`${path} has no trust policy`);
  return fact;
}

/** `namespace/name` of the accounts that each workload uses. */
export function joinsOf(workspace: Workspace): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const workload of workspace.wiring.workloads()) {
    found[pathOf(workload.doc.uri)] = workspace.wiring
      .accountsOf(workload)
      .map((each) => `${pathOf(each.doc.uri)}#${literal(each.name)}`)
      .sort();
  }
  return found;
}
