import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';

/** What `generate` makes is what `check` finds nothing in and `explain` proves, in every format and by both mechanisms. */
const cli = useCli();
// Each test starts up to five processes.
vi.setConfig({ testTimeout: 120_000 });
const account = '111122223333';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/5C7A1D0E9B3F42688D5E6A7B8C9D0E1F';
const pair = [
  'generate',
  '--role-name',
  'demo-role',
  '--namespace',
  'demo-namespace',
  '--service-account',
  'demo-sa',
  '--account',
  account,
  '--cluster',
  'demo-cluster',
  '--region',
  'eu-west-1',
];
const ways = { irsa: ['--issuer', issuer], 'pod-identity': ['--mechanism', 'pod-identity'] } as const;
type Way = keyof typeof ways;

/** The files of a format in `out`, and what check and explain say of them. */
async function made(way: Way, format: string, more: readonly string[] = [], files: Record<string, string> = {}) {
  const cwd = folder(files);
  const generate = await cli([...pair, ...ways[way], '--for', format, '--out', 'out'], { cwd });
  expect(generate).toMatchObject({ code: 0 });
  const ask = async () => ({
    check: await cli(['check', 'out', ...more], { cwd }),
    page: await cli(['explain', 'demo-namespace/demo-sa', 'out', ...more], { cwd }),
    json: await cli(['explain', 'demo-namespace/demo-sa', 'out', '--format', 'json', ...more], { cwd }),
  });
  return { cwd, ask };
}

const trustPolicy = async (way: Way): Promise<string> => {
  const { cwd } = await made(way, 'manifests');
  return readFileSync(join(cwd, 'out/iam/demo-role/trust-policy.json'), 'utf8');
};

/** What a snapshot tells after the role and, for Pod Identity, its association were made. */
async function snapshot(way: Way): Promise<string> {
  return JSON.stringify({
    version: 1,
    accounts: [
      {
        id: account,
        partition: 'aws',
        takenAt: '2026-11-20T00:00:00Z',
        policies: [],
        partial: [],
        regions: ['eu-west-1'],
        providers: [{ arn: `arn:aws:iam::${account}:oidc-provider/${issuer}`, clientIds: ['sts.amazonaws.com'] }],
        roles: [
          { arn: `arn:aws:iam::${account}:role/demo-role`, detail: false, trustPolicy: JSON.parse(await trustPolicy(way)) as object },
        ],
        clusters: [{ arn: `arn:aws:eks:eu-west-1:${account}:cluster/demo-cluster`, issuer }],
        associations:
          way === 'irsa'
            ? []
            : [
                {
                  id: 'a-1',
                  clusterName: 'demo-cluster',
                  region: 'eu-west-1',
                  namespace: 'demo-namespace',
                  serviceAccount: 'demo-sa',
                  roleArn: `arn:aws:iam::${account}:role/demo-role`,
                },
              ],
      },
    ],
  });
}

function expectProof({ check, page, json }: Awaited<ReturnType<Awaited<ReturnType<typeof made>>['ask']>>): void {
  expect(check).toMatchObject({ code: 0 });
  expect(check.stdout + check.stderr).toMatch(/No problems/);
  expect(page).toMatchObject({ code: 0 });
  expect(page.stdout).toMatch(/^Can demo-namespace\/demo-sa assume demo-role\?\s+Yes\./);
  expect(page.stdout).not.toMatch(/\$\{|::<|has an EKS Pod Identity association/);
  expect(json).toMatchObject({ code: 0 });
  expect((JSON.parse(json.stdout) as { decision: string }).decision).toBe('allowed');
}

describe.each(Object.keys(ways) as Way[])('what was generated for %s is proven', (way) => {
  test.each(['terraform', 'cloudformation', 'eksctl', 'ack', 'crossplane', ...(way === 'irsa' ? ['manifests'] : [])])(
    '%s',
    async (format) => {
      const { ask } = await made(way, format);
      expectProof(await ask());
    },
  );

  test.each(['terraform', 'cloudformation', 'eksctl', 'ack', 'crossplane', 'manifests'])(
    '%s, together with what AWS then has',
    async (format) => {
      const { cwd, ask } = await made(way, format, ['--snapshot', 'pod-roles.snapshot.json']);
      writeFileSync(join(cwd, 'pod-roles.snapshot.json'), await snapshot(way));
      const answers = await ask();
      expectProof(answers);
      if (way === 'pod-identity') expect(answers.page.stdout).not.toContain('as the trust policy says');
    },
  );
});

describe('what files do not tell is said', () => {
  test('an association that only AWS has', async () => {
    const { cwd, ask } = await made('pod-identity', 'manifests', ['--snapshot', 'pod-roles.snapshot.json']);
    writeFileSync(
      join(cwd, 'pod-roles.snapshot.json'),
      (await snapshot('pod-identity')).replace('"serviceAccount":"demo-sa"', '"serviceAccount":"another"'),
    );
    const { page, check } = await ask();
    expect([page.code, check.code]).toEqual([3, 0]);
    expect(page.stdout).toContain('An EKS Pod Identity association, or a token that the pod mounts itself, may still give it a role.');
  });

  test('the commands for the AWS CLI define the account when they run; the association is in AWS then', async () => {
    const { cwd, ask } = await made('pod-identity', 'aws-cli', ['--snapshot', 'pod-roles.snapshot.json']);
    writeFileSync(join(cwd, 'pod-roles.snapshot.json'), await snapshot('pod-identity'));
    expectProof(await ask());
    const irsa = await (await made('irsa', 'aws-cli')).ask();
    expect([irsa.check.code, irsa.page.code]).toEqual([0, 2]);
    expect(irsa.page.stderr).toContain('no ServiceAccount demo-namespace/demo-sa is in the 0 files that were read');
  });

  test.each(['terraform', 'cloudformation', 'crossplane'])(
    'the cluster of the trust policy is an assumption where no file tells its account or region: %s',
    async (format) => {
      const { page } = await (await made('pod-identity', format)).ask();
      expect(page.stdout).toContain(
        `The cluster demo-cluster is arn:aws:eks:eu-west-1:${account}:cluster/demo-cluster, as in the trust policy.`,
      );
      const known = await (
        await made('pod-identity', format, ['--config', 'pod-roles.yaml'], {
          'pod-roles.yaml': `clusters: [{name: demo-cluster, account: "${account}", region: eu-west-1}]\n`,
        })
      ).ask();
      expectProof(known);
      expect(known.page.stdout).not.toContain('as the trust policy says');
    },
  );

  test('with another region in pod-roles.yaml it is no assumption, but a refusal', async () => {
    const { page, check } = await (
      await made('pod-identity', 'cloudformation', ['--config', 'pod-roles.yaml'], {
        'pod-roles.yaml': `clusters: [{name: demo-cluster, account: "${account}", region: us-east-1}]\n`,
      })
    ).ask();
    expect([page.code, check.code]).toEqual([1, 1]);
    expect(check.stdout).toContain('association-role-mismatch');
  });
});
