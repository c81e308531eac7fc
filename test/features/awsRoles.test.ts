import { describe, expect, test } from 'vitest';
import { completionAt } from '../../server/src/core/features/completion/completion';
import { explainAt } from '../../server/src/core/features/explainAt';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { replacePlaceholderIssuers } from '../../server/src/core/features/placeholderIssuers';
import type { AwsFacts, AwsRole } from '../../server/src/core/model/aws';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import type { Workspace } from '../../server/src/core/workspace/workspace';
import { applyEdits } from '../support/fixture';
import { markedWorkspace } from '../support/marked';

const id = '481516234212';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';

function trust(subject: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${id}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { [subject.includes('*') ? 'StringLike' : 'StringEquals']: { [`${issuer}:sub`]: `system:serviceaccount:${subject}` } },
      },
    ],
  });
}

function role(name: string, trustPolicy?: string, more: Partial<AwsRole> = {}): AwsRole {
  return { arn: `arn:aws:iam::${id}:role/${name}`, name, path: '/', detail: false, ...(trustPolicy ? { trustPolicy } : {}), ...more };
}

function withAws(workspace: Workspace, roles: readonly AwsRole[], clientIds?: readonly string[]): Workspace {
  const facts: AwsFacts = {
    version: 1,
    accounts: [
      {
        id,
        partition: 'aws',
        takenAt: '2026-11-20T09:00:00.000Z',
        roles,
        policies: [],
        clusters: [],
        associations: [],
        partial: clientIds ? [] : [{ action: 'iam:ListOpenIDConnectProviders', reason: 'not asked' }],
        regions: [],
        providers: clientIds ? [{ arn: `arn:aws:iam::${id}:oidc-provider/${issuer}`, issuer, clientIds }] : [],
      },
    ],
  };
  workspace.setAws(new AwsIndex(facts, { kind: 'snapshot', label: 'snapshot of 2026-11-20' }));
  return workspace;
}

const account = (arn: string): string => `==> sa.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: demo
  annotations:
    eks.amazonaws.com/role-arn: ${arn}
`;

describe('role ARNs of the account', () => {
  const { workspace, uri, offset } = markedWorkspace(account('‸'));
  const proposed = (roles: readonly AwsRole[]) =>
    [...completionAt(withAws(workspace, roles), uri, offset)!.items].sort((a, b) => a.rank - b.rank);

  test('those that admit the account first, then by likeness; those that refuse it last', () => {
    const found = proposed([
      role('zebra'),
      role('app-refused', trust('demo:other')),
      role('app-reader'),
      role('z-admits', trust('demo:app'), { description: 'Reads <b>all</b>', lastUsed: '2026-11-17T15:20:00.000Z' }),
      role('wide', trust('demo:*')),
      role('AWSServiceRoleForX', undefined, { path: '/aws-service-role/x/' }),
    ]);
    const order = found.map(({ label }) => label.split('/').pop());
    expect(order.slice(0, 2).sort()).toEqual(['wide', 'z-admits']);
    expect(order.slice(2)).toEqual(['app-reader', 'zebra', 'app-refused', 'Create a role…']);
    const best = found.find(({ label }) => label.endsWith('z-admits'))!;
    expect(best).toMatchObject({ detail: '✓ allows this service account · 481516234212 · last used 2026-11-17', preselect: true });
    expect(best.documentation).toContain('Reads &lt;b\\>all&lt;/b\\>');
    expect(best.documentation).toContain('In the snapshot of 2026\\-11\\-20');
  });

  test('5,000 roles, each with a trust policy of its own, are offered, ranked', () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      role(`role-${i}`, trust(i === 4_711 ? 'demo:app' : i % 2 ? `other:sa-${i}` : `team-${i}:*`)),
    );
    const { items } = completionAt(withAws(workspace, many), uri, offset)!;
    expect(items.filter(({ kind }) => kind === 'role')).toHaveLength(5_000);
    expect([...items].sort((a, b) => a.rank - b.rank)[0]!.filter).toBe(`arn:aws:iam::${id}:role/role-4711`);
  });
});

describe('the real role', () => {
  const arn = `arn:aws:iam::${id}:role/demo-role`;

  test('decides where no file tells', () => {
    const { workspace, uri } = markedWorkspace(account(`${arn}‸`));
    expect(lensesOf(workspace, uri)[0]!.title).toBe('? demo-role: trust policy not found');
    expect(lensesOf(withAws(workspace, [role('demo-role', trust('demo:app'))]), uri)[0]!.title).toBe('✓ Can assume demo-role');
    expect(lensesOf(withAws(workspace, [role('demo-role', trust('demo:other'))]), uri)[0]!.title).toBe(
      "✗ Can't assume demo-role: subject doesn't match",
    );
    expect(workspace.takeDirty()).toEqual([uri]);
    workspace.setAws(undefined);
    expect(lensesOf(workspace, uri)[0]!.title).toBe('? demo-role: trust policy not found');
  });

  test('is told of where a file decides otherwise', () => {
    const { workspace, uri } = markedWorkspace(`${account(`${arn}‸`)}==> iam/demo-role/trust.json\n${trust('demo:app')}\n`);
    withAws(workspace, [role('demo-role', trust('demo:other'))]);
    expect(lensesOf(workspace, uri)[0]!.title).toBe("✓ Can assume demo-role · the role in AWS doesn't allow it yet");
    const page = explainAt(workspace, uri, undefined);
    expect('assumptions' in page && page.assumptions).toContain(
      "The role in the snapshot of 2026-11-20 doesn't allow this service account: the file is not applied, or the role was changed.",
    );
  });

  test("the provider's audiences count", () => {
    const { workspace, uri } = markedWorkspace(account(`${arn}‸`));
    expect(lensesOf(withAws(workspace, [role('demo-role', trust('demo:app'))], ['sts.amazonaws.com']), uri)[0]!.title).toMatch(/^✓/);
    expect(lensesOf(withAws(workspace, [role('demo-role', trust('demo:app'))], ['other']), uri)[0]!.title).toMatch(/^✗/);
  });

  test('its places have lines, in the text that is shown', () => {
    const { workspace } = markedWorkspace(account(`${arn}‸`));
    withAws(workspace, [role('demo-role', trust('demo:app'))]);
    const { text, fact } = workspace.wiring.aws!.trust(arn)!;
    const { span } = fact.policy.statements[0]!.effect!.text!;
    expect(text.slice(span.start, span.end)).toBe('Allow');
    const at = workspace.position(fact.doc, span.start)!;
    expect(text.split('\n')[at.line]!.slice(at.character)).toMatch(/^Allow/);
  });
});

describe('placeholder issuers', () => {
  const real = { issuer, account: id, partition: 'aws' };
  const replaced = (policy: string): { count: number; text: string } => {
    const { workspace, uri, text } = markedWorkspace(`==> trust.json\n${policy}‸`);
    const { count, edits } = replacePlaceholderIssuers(workspace, uri, real);
    return {
      count,
      text: applyEdits(
        text,
        edits.map(({ doc, span, newText }) => ({ start: doc.start + span.start, end: doc.start + span.end, newText })),
      ),
    };
  };
  const policy = (provider: string, key: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${key}:sub`]: 'system:serviceaccount:demo:app' } },
        },
      ],
    });
  const filled = policy(`arn:aws:iam::${id}:oidc-provider/${issuer}`, issuer);

  test.each([
    ['arn:aws:iam::<ACCOUNT_ID>:oidc-provider/<OIDC_PROVIDER>', '<OIDC_PROVIDER>'],
    [
      'arn:aws:iam::111122223333:oidc-provider/oidc.eks.<REGION>.amazonaws.com/id/<OIDC_ID>',
      'oidc.eks.<REGION>.amazonaws.com/id/<OIDC_ID>',
    ],
    ['arn:${PARTITION}:iam::${ACCOUNT}:oidc-provider/${ISSUER}', '${ISSUER}'],
  ])('are replaced: %s', (provider, key) => {
    const { count, text } = replaced(policy(provider, key));
    expect(count).toBe(2);
    expect(text).toBe(provider.includes('111122223333') ? filled.replace(id, '111122223333') : filled);
  });

  test.each([
    ['an issuer that is written out', `arn:aws:iam::${id}:oidc-provider/${issuer}`, issuer],
    [
      'another provider',
      'arn:aws:iam::<ACCOUNT_ID>:oidc-provider/token.actions.githubusercontent.com',
      'token.actions.githubusercontent.com',
    ],
  ])('%s is left alone', (_, provider, key) => {
    expect(replaced(policy(provider, key))).toEqual({ count: 0, text: policy(provider, key) });
  });
});
