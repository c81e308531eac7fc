import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answer } from '../../server/src/cli/explain/batch';
import { useCli } from '../support/cli';
import { folder } from '../support/folder';
import { account, deployment, issuer, rightAccount, trust } from './files';

const cli = useCli();
const pair = ['--issuer', issuer, '--account', '111122223333', '--namespace', 'demo', '--service-account', 'app'];

interface Explained {
  readonly decision: string;
  readonly reasons: readonly {
    readonly statement?: number;
    readonly element: string;
    readonly operator?: string;
    readonly key?: string;
    readonly matched: boolean | null;
    readonly line?: number;
    readonly column?: number;
  }[];
  readonly error?: string;
  readonly path?: string;
}

describe('a pair', () => {
  const explain = async (text: string, args: readonly string[] = pair, name = 'trust.json') => {
    const { code, stdout, stderr } = await cli(['explain', '--trust', name, ...args, '--format', 'json'], {
      cwd: folder({ [name]: text }),
    });
    return { code, stderr, json: (stdout === '' ? undefined : JSON.parse(stdout)) as Explained };
  };

  it('is allowed, with each part that was compared and its place', async () => {
    const { code, json } = await explain(trust('system:serviceaccount:demo:app'));
    expect([code, json.decision, json.error]).toEqual([0, 'allowed', undefined]);
    expect(json.reasons.every(({ matched }) => matched === true)).toBe(true);
    const sub = json.reasons.find(({ key }) => key === `${issuer}:sub`)!;
    expect(sub).toMatchObject({ statement: 0, element: 'Condition', operator: 'StringEquals', line: 12, column: 11 });
  });

  it('is denied, with the text that the pod would see', async () => {
    const { code, json } = await explain(trust('system:serviceaccount:demo:other'));
    expect([code, json.decision]).toEqual([1, 'denied']);
    expect(json.error).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(json.reasons.filter(({ matched }) => matched === false).map(({ key }) => key)).toContain(`${issuer}:sub`);
  });

  it('is unknown where a hole decides, and only there', async () => {
    expect((await explain(trust('system:serviceaccount:demo:${NAME}'))).code).toBe(3);
    expect((await explain(trust('system:serviceaccount:other:${NAME}'))).code).toBe(1);
    expect(
      (await explain(trust('system:serviceaccount:demo:app').replace('"StringEquals": {', '"StringEquals": {"aws:SourceIp": "10.0.0.1",')))
        .code,
    ).toBe(3);
  });

  it('takes the issuer with its scheme, another audience, and the role’s own account', async () => {
    const args = ['--issuer', `https://${issuer}`, '--namespace', 'demo', '--service-account', 'app', '--audience', 'mine', '--role-arn'];
    const text = trust('system:serviceaccount:demo:app', { audience: 'mine' });
    expect((await explain(text, [...args, 'arn:aws:iam::111122223333:role/x'])).code).toBe(0);
    expect((await explain(text, [...args, 'arn:aws:iam::999999999999:role/x'])).code).toBe(1);
  });

  it('says that IAM refuses the document', async () => {
    const { code, json } = await explain(
      trust('system:serviceaccount:demo:app').replace('"Effect": "Allow"', '"Effect": "Allow", "Resource": "*"'),
    );
    expect([code, json.decision]).toEqual([1, 'denied']);
    expect((await explain('{"Version": "2012-10-17", "Statement": [')).json.decision).toBe('denied');
  });

  it('is read from what holds a policy: get-role, list-roles with the role’s name, a manifest', async () => {
    const policy: unknown = JSON.parse(trust('system:serviceaccount:demo:app'));
    const role = (name: string, document: unknown) => ({
      RoleName: name,
      Arn: `arn:aws:iam::111122223333:role/${name}`,
      AssumeRolePolicyDocument: document,
    });
    expect((await explain(JSON.stringify({ Role: role('app', policy) }))).code).toBe(0);
    expect((await explain(JSON.stringify({ Role: role('app', encodeURIComponent(JSON.stringify(policy))) }))).code).toBe(0);
    const list = JSON.stringify({ Roles: [role('other', JSON.parse(trust('system:serviceaccount:demo:other'))), role('app', policy)] });
    expect((await explain(list, [...pair, '--role-arn', 'arn:aws:iam::111122223333:role/app'])).code).toBe(0);
    const ambiguous = await explain(list);
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toContain('trust.json holds 2 trust policies (other, app): say by --role-arn which role is meant.');
    const manifest = `apiVersion: iam.aws.crossplane.io/v1beta1\nkind: Role\nmetadata:\n  name: app\nspec:\n  forProvider:\n    assumeRolePolicyDocument: |\n${trust('system:serviceaccount:demo:app').replace(/^/gm, '      ')}\n`;
    const { code, json } = await explain(manifest, pair, 'role.yaml');
    expect([code, json.reasons.find(({ key }) => key === `${issuer}:sub`)?.line]).toEqual([0, 19]);
  });

  it('is read from standard input', async () => {
    const { code } = await cli(['explain', '--trust', '-', ...pair], {
      cwd: folder(),
      input: `\uFEFF${trust('system:serviceaccount:demo:app')}`,
    });
    expect(code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    [
      'missing arguments',
      ['--trust', 't.json', '--issuer', issuer],
      /--account ID \(or --role-arn ARN\) and --namespace NS and --service-account NAME are needed/,
    ],
    ['an account that is none', ['--trust', 't.json', ...pair, '--account', '123'], /the account is 12 digits, not 123/],
    [
      'a role that is none',
      ['--trust', 't.json', ...pair, '--role-arn', 'arn:aws:iam::111122223333:user/x'],
      /isn't the ARN of an IAM role/,
    ],
    ['a namespace that cannot be', ['--trust', 't.json', ...pair, '--namespace', 'Demo'], /Demo cannot be a namespace/],
    ['a file that is not there', ['--trust', 'no.json', ...pair], /no\.json: no such file/],
    ['a manifest without a policy', ['--trust', 'none.yaml', ...pair], /none\.yaml holds no trust policy/],
    ['two ways to ask', ['demo/app', '--trust', 't.json', ...pair], /different ways to ask/],
    ['nothing to explain', [], /say what to explain/],
  ])('could not be explained: %s', async (_, args, message) => {
    const cwd = folder({ 't.json': trust('system:serviceaccount:demo:app'), 'none.yaml': 'a: 1\n' });
    const { code, stdout, stderr } = await cli(['explain', ...args], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('from the workspace', () => {
  const files = {
    'sa.yaml': rightAccount,
    'deploy.yaml': deployment('api', 'demo', 'app'),
    'iam/app/trust.json': trust('system:serviceaccount:demo:app'),
  };

  it('is a page: each step with its place and mark', async () => {
    const { code, stdout } = await cli(['explain', 'demo/app'], { cwd: folder(files) });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Can demo\/app assume app\? {3}Yes\.\n\n✓ {2}1 Deployment api uses serviceAccountName app +deploy\.yaml:9\n✓ {2}2 ServiceAccount app uses arn:aws:iam::111122223333:role\/app +sa\.yaml:7\n/,
    );
    expect(stdout).toMatch(
      /\n✓ {2}5 Trust policy, statement 1 +iam\/app\/trust\.json:4\n✓ {6}Principal .*\n✓ {6}Action .*\n✓ {6}StringEquals .* iam\/app\/trust\.json:12\n/,
    );
    expect(stdout).toContain('   STS gives the pod the role.\n');
    expect(stdout).toMatch(/Assumptions:\n {3}The trust policy is assumed to be that of app, /);
    expect((await cli(['explain', 'demo/app', '--quiet'], { cwd: folder(files) })).stdout).toBe('Can demo/app assume app? Yes.\n');
  });

  it('says what STS answers and how to fix it', async () => {
    const cwd = folder({ ...files, 'iam/app/trust.json': trust('system:serviceaccount:demo:ap') });
    const { code, stdout } = await cli(['explain', 'demo/app', '.'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/assume app\? {3}No\.\n/);
    expect(stdout).toMatch(
      /\n✗ .*\n(?:✓ .*\n)* {3}No other statement allows it\. Pods get:\n {5}.*Not authorized to perform sts:AssumeRoleWithWebIdentity\n Fix in (sa\.yaml:7|iam\/app\/trust\.json:12): /,
    );
    const json = JSON.parse((await cli(['explain', 'demo/app', '--format', 'json'], { cwd })).stdout) as Explained;
    expect([json.decision, json.path]).toEqual(['denied', 'iam/app/trust.json']);
  });

  it('is unknown without a policy, and without an annotation', async () => {
    const cwd = folder({ 'sa.yaml': rightAccount, 'plain.yaml': account('plain', 'demo', undefined) });
    const bare = await cli(['explain', 'demo/app'], { cwd });
    expect([bare.code, bare.stdout]).toEqual([
      3,
      expect.stringContaining('The trust policy of app is in none of the files that were read'),
    ]);
    const plain = await cli(['explain', 'demo/plain'], { cwd });
    expect([plain.code, plain.stdout]).toEqual([
      3,
      expect.stringContaining('ServiceAccount plain has no annotation eks.amazonaws.com/role-arn'),
    ]);
  });

  it('takes the namespace as asked where the manifest has none, and says so', async () => {
    const cwd = folder({ ...files, 'sa.yaml': account('app', undefined, 'arn:aws:iam::111122223333:role/app') });
    const { code, stdout } = await cli(['explain', 'demo/app'], { cwd });
    expect([code, stdout]).toEqual([0, expect.stringContaining("The files do not name the account's namespace: demo is taken, as asked.")]);
    expect((await cli(['explain', 'other/app'], { cwd })).code).toBe(1);
  });

  it('names the nearest account where there is none of that name', async () => {
    const { code, stderr } = await cli(['explain', 'demo/apq'], { cwd: folder(files) });
    expect([code, stderr]).toEqual([2, 'pod-roles: no ServiceAccount demo/apq is in the 3 files that were read. Did you mean demo/app?\n']);
    expect((await cli(['explain', 'app'], { cwd: folder(files) })).stderr).toContain('write the account as NAMESPACE/NAME');
  });
});

describe('a batch', () => {
  const base = {
    trustPolicy: JSON.parse(trust('system:serviceaccount:demo:app')) as object,
    roleArn: 'arn:aws:iam::111122223333:role/app',
    issuer,
    namespace: 'demo',
    serviceAccount: 'app',
  };
  const line = (fields: object) => answer(JSON.stringify({ id: 'x', ...base, ...fields }), 1);

  it('answers each line in its order, and one bad line does not stop the rest', async () => {
    const input = [
      JSON.stringify({ id: 1, ...base }),
      '',
      JSON.stringify({ id: 'two', ...base, serviceAccount: 'b' }),
      '{"id": 3, torn',
      '   ',
      JSON.stringify({ id: { n: 4 }, ...base, issuer: `https://${issuer}`, audience: 'sts.amazonaws.com' }),
      '[]',
    ].join('\r\n');
    const cwd = folder({ 'cases.ndjson': `\uFEFF${input}\n` });
    for (const [args, given] of [
      [['cases.ndjson'], undefined],
      [['-'], input],
    ] as const) {
      const { code, stdout, stderr } = await cli(['explain', '--batch', ...args], {
        cwd,
        ...(given === undefined ? {} : { input: given }),
      });
      expect([code, stderr]).toEqual([0, '']);
      expect(
        stdout
          .split('\n')
          .filter(Boolean)
          .map((text) => JSON.parse(text) as unknown),
      ).toEqual([
        { id: 1, decision: 'allowed' },
        { id: 'two', decision: 'denied' },
        { id: null, error: expect.stringMatching(/^line 4 is not JSON/) as string },
        { id: { n: 4 }, decision: 'allowed' },
        { id: null, error: "line 7 isn't a JSON object" },
      ]);
    }
  });

  it('could not run without its file', async () => {
    const cwd = folder();
    expect(await cli(['explain', '--batch', 'no.ndjson'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'pod-roles: no.ndjson: no such file\n',
    });
    expect((await cli(['explain', '--batch', '.'], { cwd })).code).toBe(2);
  });

  it('takes the policy as an object or a text, plain or URL-encoded', () => {
    const text = JSON.stringify(base.trustPolicy);
    expect(line({})).toEqual({ id: 'x', decision: 'allowed' });
    expect(line({ trustPolicy: text })).toEqual({ id: 'x', decision: 'allowed' });
    expect(line({ trustPolicy: encodeURIComponent(text) })).toEqual({ id: 'x', decision: 'allowed' });
    expect(line({ trustPolicy: `${text} // no JSON` })).toEqual({ id: 'x', decision: 'denied' });
  });

  it('sees a key that stands twice in an object', () => {
    const twice = JSON.stringify({ id: 'x', ...base }).replace('"Effect":"Allow"', '"Effect":"Allow","Effect":"Allow"');
    expect(answer(twice, 1)).toEqual({ id: 'x', decision: 'denied' });
  });

  it('judges Pod Identity', () => {
    const pod = {
      mechanism: 'pod-identity',
      clusterArn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
      account: '111122223333',
      trustPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pods.eks.amazonaws.com' },
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Condition: { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'demo' } },
          },
        ],
      },
    };
    expect(line(pod)).toEqual({ id: 'x', decision: 'allowed' });
    expect(line({ ...pod, namespace: 'other' })).toEqual({ id: 'x', decision: 'denied' });
    expect(line({ ...pod, clusterArn: 'prod' })).toEqual({ id: 'x', error: "prod isn't the ARN of an EKS cluster" });
  });

  it.each<[object, string]>([
    [{ trustPolicy: undefined }, 'the trustPolicy is missing: an object, or a text that holds one'],
    [{ trustPolicy: 5 }, 'the trustPolicy is missing: an object, or a text that holds one'],
    [{ namespace: '' }, 'the namespace is missing'],
    [{ serviceAccount: undefined }, 'the service account is missing'],
    [{ issuer: null }, 'the issuer is missing'],
    [{ issuer: 5 }, "issuer isn\'t a string"],
    [{ roleArn: 'app' }, "app isn't the ARN of an IAM role"],
    [{ mechanism: 'kube2iam' }, 'the mechanism is irsa or pod-identity, not kube2iam'],
    [{ context: [5] }, "context isn't an object of keys and strings"],
  ])('says what is wrong with %j', (fields, error) => {
    expect(line(fields)).toEqual({ id: 'x', error });
  });

  it('survives anything', () => {
    for (const text of [
      'null',
      '0',
      '"',
      '{"id":1,"trustPolicy":{}}',
      `{"trustPolicy":${'['.repeat(50_000)}`,
      '{"__proto__":{"id":1}}',
      '{"id":1e999}',
    ]) {
      expect(answer(text, 1)).toHaveProperty('error');
    }
    expect(answer(JSON.stringify({ id: 1, ...base, trustPolicy: {} }), 1)).toEqual({ id: 1, decision: 'denied' });
  });
});

const vectors = resolve(import.meta.dirname, '../../../shared/vectors.json');
describe('the shared vectors', () => {
  const cases = existsSync(vectors) ? (JSON.parse(readFileSync(vectors, 'utf8')) as { irsa: Vector[] }).irsa : [];
  it('come out through --batch as they should', () => {
    const decisions: Readonly<Record<string, string>> = { allow: 'allowed', deny: 'denied', unknown: 'unknown' };
    for (const {
      name,
      trustPolicy,
      token,
      roleAccount,
      providerClientIds,
      context,
      expect: wanted,
      confidence,
      rolePartition = 'aws',
    } of cases) {
      const subject = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(token.sub ?? '');
      // Absent behind a VPC endpoint, or of another partition: what a line of --batch cannot say in the vectors' words.
      if (confidence !== 'verified' || !subject || /VPC endpoint|absent|China/.test(name)) continue;
      const fields = {
        id: name,
        trustPolicy,
        roleArn: `arn:${rolePartition}:iam::${roleAccount}:role/x`,
        issuer: token.issuer,
        audience: token.aud,
        namespace: subject[1],
        serviceAccount: subject[2],
        ...(providerClientIds ? { providerClientIds } : {}),
        ...(context ? { context } : {}),
      };
      expect(answer(JSON.stringify(fields), 1)).toEqual({ id: name, decision: decisions[wanted] });
    }
  });
});

interface Vector {
  readonly name: string;
  readonly trustPolicy: unknown;
  readonly token: { readonly issuer: string; readonly sub?: string; readonly aud?: string };
  readonly roleAccount: string;
  readonly rolePartition?: string;
  readonly providerClientIds?: readonly string[];
  readonly context?: unknown;
  readonly expect: string;
  readonly confidence: string;
}
