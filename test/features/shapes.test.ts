import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { hoverAt } from '../../server/src/core/features/hover/hover';
import { policyElements } from '../../server/src/core/features/policyElements';
import { withoutStops } from '../../server/src/core/features/completion/snippet';
import { operatorNames } from '../../server/src/core/trust/operators';
import { readSettings } from '../../server/src/core/config/readSettings';
import { markedWorkspace } from '../support/marked';

const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const wired = `==> k8s/app.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::481516234212:role/orders
==> iam/other/trust.json
{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}" },
  "Action": "sts:AssumeRoleWithWebIdentity", "Condition": { "StringEquals": { "${issuer}:sub": "system:serviceaccount:shop:cart" } } }] }
`;

function labels(source: string): string[] {
  const { workspace, uri, offset } = markedWorkspace(source);
  return completionAt(workspace, uri, offset)?.items.map(({ label }) => label) ?? [];
}

/** The file after taking a shape and changing none of its stops, and what is then found in the workspace. */
function taken(source: string, label: string): { text: string; findings: string[] } {
  const { workspace, uri, offset, text } = markedWorkspace(source);
  const found = completionAt(workspace, uri, offset)!;
  const item = found.items.find((candidate) => candidate.label === label)!;
  const result =
    text.slice(0, found.doc.start + found.span.start) + withoutStops(item.insert) + text.slice(found.doc.start + found.span.end);
  workspace.change(uri, result);
  return {
    text: result,
    findings: workspace
      .check(uri)
      .filter(({ level }) => level !== 'info')
      .map(({ rule, message }) => `${rule}: ${message}`),
  };
}

const manifests = ['ServiceAccount with an IAM role', 'Deployment that uses a service account', 'Pod Identity association'];
const policies = ['IRSA trust policy', 'EKS Pod Identity trust policy'];

describe('shapes are offered', () => {
  it.each<[string, string, string[]]>([
    ['an empty manifest', '==> k8s/sa.yaml\n‸', manifests],
    ['an empty manifest in a workspace that has wiring', `${wired}==> what/ever.yaml\n‸`, manifests],
    ['below a license', '==> k8s/sa.yaml\n# Copyright\n\n‸\n', manifests],
    ['a new document beside others', '==> any.yaml\napiVersion: v1\nkind: ConfigMap\n---\n‸\n', manifests],
    ['between two documents', '==> any.yaml\napiVersion: v1\nkind: ConfigMap\n---\n‸\n---\napiVersion: v1\nkind: Secret\n', manifests],
    ['an empty trust policy', '==> trust.json\n‸\n', policies],
    ['braces alone', '==> iam/orders/assume-role-policy.json\n{\n  ‸\n}\n', policies],
    ['an empty configuration', '==> .pod-roles.yaml\n‸', ['Cluster']],
  ])('in %s', (_, source, expected) => expect(labels(source)).toEqual(expected));
});

describe('shapes are never offered', () => {
  it.each<[string, string]>([
    ['in the middle of a manifest', `${wired}==> k8s/x.yaml\napiVersion: v1\nkind: ServiceAccount\n‸\nmetadata:\n  name: x\n`],
    ['at the end of a manifest', `${wired}==> k8s/x.yaml\napiVersion: v1\nkind: ConfigMap\n‸`],
    ['behind a kind', `${wired}==> k8s/x.yaml\nkind: ServiceAccount‸`],
    ['behind a word', `${wired}==> k8s/x.yaml\nserviceaccount‸`],
    ["on the marker's own line", `${wired}==> k8s/x.yaml\na: 1\n---‸\n`],
    ['on an indented line', `${wired}==> k8s/x.yaml\n  ‸\n`],
    ['behind a comment', `${wired}==> k8s/x.yaml\n# x‸\n`],
    ['in a compose file', `${wired}==> docker-compose.yml\n‸`],
    ['in a compose file of another name', `${wired}==> deploy/compose.prod.yaml\n‸`],
    ['in a workflow', `${wired}==> .github/workflows/deploy.yaml\n‸`],
    ['in a chart', `${wired}==> chart/Chart.yaml\n‸`],
    ['in values', `${wired}==> chart/values-prod.yaml\n‸`],
    ['in a kustomization', `${wired}==> k8s/kustomization.yaml\n‸`],
    ['in a repository that is about something else', '==> _config.yml\n‸'],
    ['beside documents that are no manifests', `${wired}==> data.yaml\na: 1\n---\n‸\n`],
    ['in package.json', `${wired}==> package.json\n{‸}\n`],
    ['in other JSON', `${wired}==> data/x.json\n‸`],
    ['in JSON that holds something', '==> trust.json\n{ "a": 1 ‸}\n'],
    ['in a policy that has begun', '==> trust.json\n{ "Version": "2012-10-17" ‸}\n'],
  ])('%s', (_, source) => {
    const offered = labels(source);
    expect(offered.filter((label) => [...manifests, ...policies, 'Cluster'].includes(label))).toEqual([]);
  });
});

describe('shapes', () => {
  it('are filled in with the account, the provider and the namespace of the workspace', () => {
    const account = taken(`${wired}==> k8s/new.yaml\n‸`, manifests[0]!);
    expect(account.text).toContain('namespace: shop\n');
    expect(account.text).toContain('arn:aws:iam::481516234212:role/');
    const policy = taken(`${wired}==> iam/new/trust.json\n‸`, policies[0]!);
    expect(policy.text).toContain(`"Federated": "arn:aws:iam::481516234212:oidc-provider/${issuer}"`);
    expect(policy.text).toContain(`"${issuer}:sub": "system:serviceaccount:shop:app"`);
  });

  it('fit the role whose folder they are in', () => {
    const more = wired.replace(
      '==> iam',
      '==> k8s/b.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: billing\n  namespace: finance\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::222222222222:role/billing\n==> iam',
    );
    const { text, findings } = taken(`${more}==> iam/billing/trust.json\n{}‸`, policies[0]!);
    expect(text).toContain('arn:aws:iam::222222222222:oidc-provider/');
    expect(text).toContain('system:serviceaccount:finance:billing');
    expect(findings).toEqual([]);
  });

  it.each([...manifests.map((label) => ['x/sa.yaml', label] as const), ...policies.map((label) => ['trust.json', label] as const)])(
    'in %s, %s is right as it is, and no invented account is in it',
    (path, label) => {
      for (const before of ['', wired]) {
        const { text, findings } = taken(`${before}==> ${path}\n‸`, label);
        expect(findings).toEqual([]);
        expect(text).not.toMatch(/\b(?:111122223333|123456789012)\b/);
        if (path.endsWith('.json')) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }
    },
  );

  it('of the configuration are read without problems once filled in', () => {
    const { text } = taken(`${wired}==> .pod-roles.yaml\n‸`, 'Cluster');
    expect(readSettings(text, 'file:///w/pod-roles.yaml').problems).toEqual([]);
  });

  it('take no hostile name of the workspace into a snippet', () => {
    const hostile = wired.replace('namespace: shop', 'namespace: "a|},${1:x}\\n- b"').replaceAll('481516234212', '48151623421$');
    for (const source of [`${hostile}==> k8s/new.yaml\n‸`, `${hostile}==> trust.json\n‸`]) {
      const { workspace, uri, offset } = markedWorkspace(source);
      for (const { insert } of completionAt(workspace, uri, offset)!.items) expect(insert).not.toMatch(/a\||21\$/);
    }
  });
});

describe('the server completes what the schema of trust policies names', () => {
  const schema = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../schemas/trust-policy.schema.json'), 'utf8')) as {
    definitions: Record<string, unknown>;
  };
  const policy = (inside: string): string => `==> trust.json\n{ "Version": "2012-10-17", "Statement": [{ ${inside} }] }\n`;
  const keysOf = (value: unknown): string[] => Object.keys((value as { properties: object }).properties);
  const find = (path: string): unknown =>
    path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], schema.definitions);
  const enums = (value: unknown): string[] =>
    [...JSON.stringify(value).matchAll(/"enum":(\[[^\]]*\])/g)].flatMap(([, list]) => JSON.parse(list!) as string[]);

  it.each<[string, string, () => string[]]>([
    [
      'elements of a policy',
      '==> trust.json\n{ "Version": "2012-10-17", "‸" }\n',
      () => keysOf(find('policy')).filter((key) => key !== 'Version'),
    ],
    ['versions', '==> trust.json\n{ "Version": "‸", "Statement": [] }\n', () => enums(find('policy.properties.Version'))],
    ['elements of a statement', policy('"‸"'), () => keysOf(find('statement'))],
    ['effects', policy('"Effect": "‸", "Principal": "*"'), () => enums(find('statement.properties.Effect'))],
    ['actions', policy('"Effect": "Allow", "Action": "‸"'), () => enums(find('statement.properties.Action'))],
    ['actions in a list', policy('"Effect": "Allow", "Action": ["‸"]'), () => enums(find('statement.properties.Action'))],
    ['principals', policy('"Effect": "Allow", "Principal": { "‸" }'), () => keysOf((find('principal.anyOf') as unknown[])[1])],
    ['services', policy('"Effect": "Allow", "Principal": { "Service": "‸" }'), () => enums(find('principal'))],
    [
      'operators',
      policy('"Effect": "Allow", "Condition": { "‸" }'),
      () => [...keysOf((find('statement.properties.Condition.anyOf') as unknown[])[0]), ...operatorNames],
    ],
    [
      'statements',
      '==> trust.json\n{ "Version": "2012-10-17", "Statement": [‸] }\n',
      () => ['IRSA statement', 'EKS Pod Identity statement'],
    ],
    [
      'a first statement',
      '==> trust.json\n{ "Version": "2012-10-17", "Statement": ‸ }\n',
      () => ['IRSA statement', 'EKS Pod Identity statement'],
    ],
  ])('%s', (_, source, named) => {
    expect(named().length).toBeGreaterThan(0);
    expect(labels(source)).toEqual(expect.arrayContaining(named()));
  });

  it('and tells of each element on hover what completion does', () => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Id: 'x',
      Statement: [
        {
          Sid: 'A',
          Effect: 'Allow',
          Principal: {
            Federated: 'arn:aws:iam::481516234212:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/X',
            Service: 'pods.eks.amazonaws.com',
          },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {},
        },
      ],
    });
    for (const name of ['Version', 'Id', 'Sid', 'Effect', 'Principal', 'Federated', 'Service', 'Action', 'Condition']) {
      const { workspace, uri, offset } = markedWorkspace(
        `==> trust.json\n${text.replace(`"${name}"`, `"${name[0]!}‸${name.slice(1)}"`)}\n`,
      );
      expect(hoverAt(workspace, uri, offset)?.markdown).toBe(`**${name}**: ${policyElements[name]!}`);
    }
  });

  it('with what a pod needs first', () => {
    expect(labels(policy('"Effect": "Allow", "Action": "‸"'))[0]).toBe('sts:AssumeRoleWithWebIdentity');
  });
});
