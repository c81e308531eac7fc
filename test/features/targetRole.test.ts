import { describe, expect, test } from 'vitest';
import { table } from '../../server/src/cli/maps/table';
import { accessMap } from '../../server/src/core/features/accessMap';
import { lensesOf } from '../../server/src/core/features/codeLens';
import { explainAccount } from '../../server/src/core/features/explain';
import { accountHover } from '../../server/src/core/features/hover/account';
import { Workspace } from '../../server/src/core/workspace/workspace';
import '../terraform/load';

const target = (condition: string) => `
resource "aws_iam_role" "association" {
  name = "association"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "pods.eks.amazonaws.com" }, Action = ["sts:AssumeRole", "sts:TagSession"] }] })
}
resource "aws_iam_role" "target" {
  name = "target"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_role.association.arn }, Action = ["sts:AssumeRole", "sts:TagSession"]${condition} }] })
}
resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "app"
  role_arn        = aws_iam_role.association.arn
  target_role_arn = aws_iam_role.target.arn
}
`;
const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: shop}\n';

function shown(terraform: string) {
  const workspace = new Workspace({ log: (message) => expect(message).toBe(''), textOf: () => ({ text: terraform }) });
  workspace.load('file:///r/main.tf', terraform);
  workspace.load('file:///r/sa.yaml', account);
  const uri = 'file:///r/sa.yaml';
  const fact = workspace.wiring.facts(uri).find(({ kind }) => kind === 'serviceAccount');
  if (fact?.kind !== 'serviceAccount') throw new Error('no account');
  const explained = explainAccount(workspace, fact);
  return {
    lens: lensesOf(workspace, uri).map(({ title }) => title),
    answer: explained.answer,
    outcome: explained.outcome.map(({ text }) => text),
    fixes: explained.fixes.map(({ text }) => text),
    assumptions: explained.assumptions,
    findings: workspace.check('file:///r/main.tf').map(({ rule, level, message }) => `${rule} ${level}: ${message}`),
    steps: explained.steps.map(({ text, mark }) => `${mark === true ? '✓' : mark === false ? '✗' : '?'} ${text}`),
    map: accessMap(workspace).map(({ roleName, targetRole, decision }) => [roleName, targetRole, decision]),
    nodes: explained.chain.map(({ type, name }) => `${type} ${name}`),
    hover:
      accountHover(workspace, { kind: 'account-name', account: fact, text: fact.name!, place: { doc: fact.doc, span: fact.name!.span } }) ??
      '',
  };
}

describe('an association with a target role', () => {
  test('both steps work, with the external ID by reference', () => {
    const { lens, answer, steps, nodes, hover, map } = shown(
      target(', Condition = { StringEquals = { "sts:ExternalId" = aws_eks_pod_identity_association.app.external_id } }'),
    );
    expect(lens).toEqual(['✓ Can assume association by Pod Identity, then target']);
    expect(answer).toBe('Yes.');
    expect(steps).toContain('✓ Then EKS assumes the target role target with the session of association');
    expect(steps).toContain("✓ Target role's trust policy, statement 1");
    expect(nodes).toEqual(['ServiceAccount shop/app', 'Pod Identity association demo', 'Role association', 'Target role target']);
    expect(hover).toContain('Pods get the target role');
    expect(map).toEqual([['association', 'target', 'allowed']]);
  });

  test('the second step fails', () => {
    const { lens, answer, steps } = shown(target(', Condition = { StringEquals = { "aws:PrincipalAccount" = "999999999999", "aws:SecureTransport" = "false" } }')); // prettier-ignore
    expect(lens).toEqual([
      "✗ Can't assume association by Pod Identity, then target: target role target doesn't allow the association's role",
    ]);
    expect(answer).toBe('No.');
    expect(steps).toContain('✗ Then EKS assumes the target role target with the session of association');
  });

  test('the external ID of another association says nothing', () => {
    const { answer } = shown(
      target(', Condition = { StringEquals = { "sts:ExternalId" = aws_eks_pod_identity_association.other.external_id } }'),
    );
    expect(answer).toBe('Unknown.');
  });

  test('a literal external ID is only known to be right when the association exists', () => {
    const { lens, answer } = shown(target(', Condition = { StringEquals = { "sts:ExternalId" = "a-guess" } }'));
    expect(lens).toEqual(['? association by Pod Identity, then target: target role target: depends on sts:ExternalId']);
    expect(answer).toBe('Unknown.');
  });

  test('session tags and a session policy are said', () => {
    const { steps, hover } = shown(
      target('').replace(
        'target_role_arn = aws_iam_role.target.arn',
        'disable_session_tags = true\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })',
      ),
    );
    expect(steps.some((step) => step.includes('It disables session tags'))).toBe(true);
    expect(steps.some((step) => step.includes('Its session policy restricts what pods may do with the role'))).toBe(true);
    expect(hover).toContain('Session tags are disabled. A session policy restricts the permissions.');
  });

  test('a switch for session tags that a variable sets makes the answer unknown where it matters', () => {
    const tagged = (value: string) =>
      `variable "off" {}\n${target('')}`
        .replace('target_role_arn = aws_iam_role.target.arn', `disable_session_tags = ${value}`)
        .replace(
          'Action = ["sts:AssumeRole", "sts:TagSession"] }] })',
          'Action = ["sts:AssumeRole", "sts:TagSession"], Condition = { StringEquals = { "aws:RequestTag/kubernetes-namespace" = "shop" } } }] })',
        );
    expect(shown(tagged('false')).answer).toBe('Yes.');
    expect(shown(tagged('true')).answer).toBe('No.');
    const { answer, steps } = shown(tagged('var.off'));
    expect(answer).toBe('Unknown.');
    expect(steps).toContain("? It depends on the association's disableSessionTags, which no file sets.");
  });

  test('a target role without sts:TagSession: the finding names it, and Explain says what to change, not the whole finding', () => {
    const untagged = target('').replace(
      'aws_iam_role.association.arn }, Action = ["sts:AssumeRole", "sts:TagSession"]',
      'aws_iam_role.association.arn }, Action = "sts:AssumeRole"',
    );
    const { answer, steps, fixes, findings } = shown(untagged);
    expect(answer).toBe('No.');
    expect(findings).toContain(
      "target-role-mismatch error: The trust policy of target role target doesn't allow the association's role association.\n" +
        "It doesn't allow both sts:AssumeRole and sts:TagSession, which the session tags need. Pods get no credentials.\n" +
        'Allow the principal AWS association to use sts:AssumeRole and sts:TagSession.',
    );
    expect(fixes).toEqual(['Allow the principal AWS association to use sts:AssumeRole and sts:TagSession.']);
    expect(steps).toContain("✓ AWS association is the association's role.");
  });

  test("a target role for pods: the reason is a sentence, with the principal's kind as policies write it", () => {
    const { findings } = shown(target('').replace('AWS = aws_iam_role.association.arn', 'Service = "pods.eks.amazonaws.com"'));
    expect(findings.join('\n')).toContain("\nService pods.eks.amazonaws.com isn't the association's role.");
  });

  test('whether sts:TagSession is needed without session tags is unknown, everywhere', () => {
    const untagged = target('')
      .replace('Action = ["sts:AssumeRole", "sts:TagSession"] }] })', 'Action = "sts:AssumeRole" }] })')
      .replace('target_role_arn = aws_iam_role.target.arn', 'disable_session_tags = true');
    const { lens, answer, steps, outcome, findings, map } = shown(untagged);
    const unknown = "AWS doesn't document whether EKS needs sts:TagSession if the association disables session tags.";
    expect([answer, outcome, lens]).toEqual(['Unknown.', [unknown], ['? association by Pod Identity: depends on sts:TagSession']]);
    expect(steps).toContain(`? ${unknown}`);
    expect(map).toEqual([['association', undefined, 'unknown']]);
    expect(findings.filter((each) => each.startsWith('pod-identity-action-missing')).map((each) => each.split(':')[0])).toEqual([
      'pod-identity-action-missing info',
    ]);
  });

  test('of another account: the permission of the first role is assumed, since no file has all of its policies', () => {
    const elsewhere = (more: string) =>
      target('').replace('aws_iam_role.association.arn\n  target_role_arn = aws_iam_role.target.arn', `"arn:aws:iam::111122223333:role/association"\n  target_role_arn = "arn:aws:iam::444455556666:role/shared"${more}`); // prettier-ignore
    expect(shown(elsewhere('')).assumptions).toContain(
      'The policies of association allow sts:AssumeRole and sts:TagSession on arn:aws:iam::444455556666:role/shared.',
    );
    expect(shown(elsewhere('\n  disable_session_tags = true')).assumptions).toContain(
      'The policies of association allow sts:AssumeRole on arn:aws:iam::444455556666:role/shared.',
    );
    expect(shown(target('')).assumptions.join()).not.toContain('policies of');
  });
});

test('the map names the policy of the target role, where that is what fails', () => {
  const files = {
    'association.tf': target('').replace(/resource "aws_iam_role" "target" \{[^]*?\n\}\n/, ''),
    'target.tf': /resource "aws_iam_role" "target" \{[^]*?\n\}\n/.exec(target(', Condition = { StringEquals = { "aws:PrincipalAccount" = "999999999999", "aws:SecureTransport" = "false" } }'))![0], // prettier-ignore
  };
  const workspace = new Workspace({ log: (message) => expect(message).toBe(''), textOf: () => undefined });
  for (const [path, text] of Object.entries({ ...files, 'sa.yaml': account })) workspace.open(`file:///r/${path}`, text);
  const [entry] = accessMap(workspace);
  expect(entry).toMatchObject({ decision: 'denied', isTargetAtFault: true });
  expect(entry!.policy?.doc.uri).toBe('file:///r/association.tf');
  expect(entry!.targetPolicy?.doc.uri).toBe('file:///r/target.tf');
  const at = (path: string, line: number) => ({ path, line });
  const row = { serviceAccount: 'app', path: 'sa.yaml', line: 1, role: 'r', mechanism: 'pod-identity', decision: 'denied', policy: at('a.tf', 2), targetPolicy: at('t.tf', 3) } as const; // prettier-ignore
  const shownAt = (fault: object) => table.write([{ ...row, ...fault }]);
  expect(shownAt({ isTargetAtFault: true })).toContain("✗ can't assume (t.tf:3)");
  expect(shownAt({})).toContain("✗ can't assume (a.tf:2)");
});
