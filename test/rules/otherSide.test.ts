import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../support/fixtureWorkspace';

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const account = (name: string, namespace = 'shop', above = '') =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  annotations:\n${above}    eks.amazonaws.com/role-arn: ${role('demo-role')}\n`;
const trust = (...subjects: readonly string[]) =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: 'sts.amazonaws.com',
              [`${issuer}:sub`]: subjects.map((each) => `system:serviceaccount:${each}`),
            },
          },
        },
      ],
    },
    null,
    2,
  );

const uri = (path: string) => `file:///workspace/${path}`;

/** The findings of a file as lines: rule, level, first line of the message, and the text that they are on. */
function check(files: Readonly<Record<string, string>>, path: string) {
  const workspace = openWorkspace(new Map(Object.entries(files)));
  return workspace.check(uri(path)).map((finding) => ({
    text: `${finding.rule} ${finding.level} ${finding.message.split('\n')[0]}`,
    on: files[path]!.slice(finding.at.doc.start + finding.at.span.start, finding.at.doc.start + finding.at.span.end),
    fixes: finding.fixes.map(({ title }) => title),
    related: finding.related.map(({ at, message }) => `${at.doc.uri.slice(uri('').length)} ${message}`),
    otherSideOf: finding.otherSideOf?.length,
  }));
}

describe('a mismatch between two files', () => {
  it('is reported on both sides, each pointing to the other, with the same fixes', () => {
    const files = { 'sa.yaml': account('demo-sa'), 'demo-role.json': trust('shop:demo') };
    const [mine] = check(files, 'sa.yaml');
    const [theirs, ...more] = check(files, 'demo-role.json');
    expect(mine!.text).toBe('subject-mismatch error The trust policy of demo-role allows shop/demo, not shop/demo-sa.');
    expect(mine!.related).toEqual(['demo-role.json The subject in the trust policy']);
    expect(theirs).toEqual({
      text: 'subject-mismatch error This subject allows shop/demo, but the service account that uses demo-role is demo-sa.',
      on: 'system:serviceaccount:shop:demo',
      fixes: ['Rename the service account to demo', 'Allow demo-sa in demo-role.json'],
      related: ['sa.yaml The service account shop/demo-sa'],
      otherSideOf: 1,
    });
    expect(mine!.fixes).toEqual(theirs!.fixes);
    expect(more).toEqual([]);
  });

  it('is one finding in the trust policy, whatever the number of accounts, with the fixes that name one', () => {
    const accounts = Array.from({ length: 12 }, (_, i) => [`sa${i + 10}.yaml`, account(`demo-${i}`)] as const);
    const found = check({ ...Object.fromEntries(accounts), 'demo-role.json': trust('shop:demo') }, 'demo-role.json');
    expect(found.map(({ text }) => text)).toEqual([
      'subject-mismatch error This subject allows shop/demo; demo-role is used by shop/demo-0, shop/demo-1, shop/demo-2 and 9 more.',
    ]);
    expect(found[0]!.otherSideOf).toBe(12);
    expect(found[0]!.related).toHaveLength(10);
    expect(found[0]!.fixes).toEqual([0, 1, 2, 3, 4].map((i) => `Allow demo-${i} in demo-role.json`));
  });

  it('is on the condition where the subject allows a service account that exists', () => {
    const files = { 'sa.yaml': account('demo-sa'), 'other.yaml': account('demo'), 'demo-role.json': trust('shop:demo') };
    expect(check(files, 'demo-role.json')).toMatchObject([
      { text: "subject-mismatch error This condition doesn't allow shop/demo-sa, which uses demo-role.", on: `${issuer}:sub` },
    ]);
    expect(check(files, 'other.yaml')).toEqual([]);
  });

  it('is suppressed on each side by itself', () => {
    const suppressed = { 'sa.yaml': account('demo-sa', 'shop', '    # pod-roles-disable-next-line subject-mismatch\n') };
    const files = { ...suppressed, 'demo-role.json': trust('shop:demo') };
    expect(check(files, 'sa.yaml')).toEqual([]);
    expect(check(files, 'demo-role.json')).toHaveLength(1);
    const off = 'overrides: [{paths: ["*.json"], rules: {subject-mismatch: "off"}}]\n';
    const other = { 'sa.yaml': account('demo-sa'), 'demo-role.json': trust('shop:demo'), 'pod-roles.yaml': off };
    expect(check(other, 'sa.yaml')).toHaveLength(1);
    expect(check(other, 'demo-role.json')).toEqual([]);
  });

  it.each(['ignore: ["sa.yaml"]\n', 'overrides: [{paths: ["sa.yaml"], rules: {subject-mismatch: "off"}}]\n'])(
    'is not reported in the trust policy for a service account that is not checked: %s',
    (config) => {
      const files = { 'sa.yaml': account('demo-sa'), 'demo-role.json': trust('shop:demo'), 'pod-roles.yaml': config };
      expect(check(files, 'demo-role.json')).toEqual([]);
    },
  );

  it('has the lower of the levels of its two files', () => {
    const config = 'overrides: [{paths: ["sa.yaml"], rules: {subject-mismatch: "warning"}}]\n';
    const files = { 'sa.yaml': account('demo-sa'), 'demo-role.json': trust('shop:demo'), 'pod-roles.yaml': config };
    expect(check(files, 'demo-role.json')[0]!.text).toMatch(/^subject-mismatch warning /);
  });

  it('goes from both sides when either is fixed', () => {
    const workspace = openWorkspace(
      new Map([
        ['sa.yaml', account('demo-sa')],
        ['demo-role.json', trust('shop:demo')],
      ]),
    );
    const count = () => workspace.check(uri('sa.yaml')).length + workspace.check(uri('demo-role.json')).length;
    expect(count()).toBe(2);
    workspace.takeDirty();
    workspace.change(uri('sa.yaml'), account('demo'));
    expect(count()).toBe(0);
    expect(new Set(workspace.takeDirty())).toEqual(new Set([uri('sa.yaml'), uri('demo-role.json')]));
    workspace.change(uri('demo-role.json'), trust('shop:other'));
    expect(count()).toBe(2);
  });
});

describe('a mistake in a trust policy for which it allows no pod', () => {
  const wrong = trust('shop:demo-sa').replace(`${issuer}:sub`, `${issuer}:aud`).replace(`"${issuer}:aud": "sts.amazonaws.com",`, '');

  it('is reported on the annotation, under the rule and with the fixes of its cause', () => {
    const files = { 'sa.yaml': account('demo-sa'), 'demo-role.json': wrong };
    const [cause, ...more] = check(files, 'demo-role.json');
    const mine = check(files, 'sa.yaml');
    expect(more).toEqual([]);
    expect(mine).toMatchObject([
      {
        text: "subject-under-audience-key error The trust policy of demo-role doesn't allow shop/demo-sa.",
        on: role('demo-role'),
        fixes: cause!.fixes,
        related: ['demo-role.json The cause in the trust policy'],
        otherSideOf: 1,
      },
    ]);
    expect(cause!.fixes.length).toBeGreaterThan(0);
  });

  it('is not reported on an annotation that an ignored trust policy belongs to', () => {
    const files = { 'sa.yaml': account('demo-sa'), 'demo-role.json': wrong, 'pod-roles.yaml': 'ignore: ["*.json"]\n' };
    expect(check(files, 'sa.yaml')).toEqual([]);
  });
});
