import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../server/src/core/diagnose/diagnose';
import { filesOf } from '../../server/src/core/diagnose/files/workspace';
import { explainAccount } from '../../server/src/core/features/explain';
import { openWorkspace, pathOf } from '../support/fixtureWorkspace';
import { account, deployment, trust } from '../cli/files';
import {
  accountYaml,
  denied,
  goDenied,
  irsaEnvironment,
  issuer,
  lookup,
  ordersRole,
  podDescription,
  podIdentityEnvironment,
  podIdentityEvent,
  podYaml,
  token,
  webIdentityEvent,
} from './evidence';
import { noise } from './mess';

const id = '11111111-2222-4333-8444-555555555555';

/** A workspace of one account, its workload and the trust policy of its role, and the engine on it. */
function shop(
  subject: string,
  options: { readonly namespace?: string; readonly role?: string; readonly more?: Readonly<Record<string, string>> } = {},
) {
  const workspace = openWorkspace(
    new Map(
      Object.entries({
        'k8s/sa.yaml': account('orders', options.namespace ?? 'shop', options.role ?? ordersRole),
        'k8s/deploy.yaml': deployment('orders-api', 'shop', 'orders'),
        'iam/orders-role/trust.json': trust(subject),
        ...options.more,
      }),
    ),
  );
  return {
    workspace,
    ask: (pastes: readonly string[], workload?: { namespace: string; name: string }) => {
      const answer = diagnose({ pastes, workload }, filesOf(workspace));
      const at =
        answer.place &&
        `${pathOf(answer.place.doc.uri)}:${(workspace.position(answer.place.doc, answer.place.span.start)?.line ?? -1) + 1}`;
      return { ...answer, at, summary: `${answer.certainty} ${answer.class ?? 'nothing'}` };
    },
  };
}

const wrong = 'system:serviceaccount:shop:order';
const right = 'system:serviceaccount:shop:orders';

/** What `env` prints. */
const listing = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

describe('what the user named, and what the pastes tell, is not asked for again', () => {
  it('fills in the pod, the namespace and the role, and leaves out what is no name', () => {
    const { ask } = shop(right);
    const named = ask(['NoCredentialsError: Unable to locate credentials'], { namespace: 'shop', name: 'orders-api' });
    expect(named.next.length).toBeGreaterThan(0);
    expect(named.next.join('\n')).toContain('-n shop');
    expect(named.next.join('\n')).not.toMatch(/NAMESPACE|Name the workload/);
    const hostile = ask(['NoCredentialsError: Unable to locate credentials'], { namespace: '$(touch x)', name: 'orders-api' });
    expect(hostile.next.join('\n')).toContain('-n NAMESPACE');
    const agent = ask([
      '{"cluster-name":"demo","error":"operation error EKS Auth: AssumeRoleForPodIdentity, ResourceNotFoundException: No association found with service account: orders, namespace: shop, cluster: demo"}',
    ]);
    expect(agent.next.join('\n')).toContain('--cluster-name demo --namespace shop');
  });

  it('says so where no file has the workload, whatever else is told', () => {
    const { ask } = shop(wrong);
    const text = 'No file names shop/nope, or the service account that it uses.';
    expect(ask([denied], { namespace: 'shop', name: 'nope' }).reasons.map((each) => each.text)).toContain(text);
    expect(ask([denied], { namespace: 'shop', name: 'orders-api' }).reasons.map((each) => each.text)).not.toContain(text);
    expect(ask([], { namespace: 'shop', name: 'nope' }).cause).toBe(`${text.slice(0, -1)}, and no error was pasted.`);
  });

  it('offers a fix once that both sides of a mismatch have', () => {
    const { fixes } = shop(wrong).ask([], { namespace: 'shop', name: 'orders' });
    const keys = fixes.map(({ title, edits }) => JSON.stringify([title, edits.map(({ doc, span }) => [doc.uri, span.start])]));
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells of a proxy beside what the files say, and does not say that nothing was pasted', () => {
    const environment = listing({ ...podIdentityEnvironment, HTTP_PROXY: 'http://proxy:3128', HTTPS_PROXY: 'http://proxy:3128' });
    const answer = shop(wrong).ask([environment], { namespace: 'shop', name: 'orders' });
    const proxy = 'Requests to the Pod Identity agent go through the proxy: NO_PROXY lacks 169.254.170.23.';
    expect([answer.summary, answer.cause]).toEqual(['likely pod-identity', proxy]);
    expect(answer.alternatives.map(({ cause }) => cause)).toContain('The trust policy of orders-role allows shop/order, not shop/orders.');
    const metadata =
      'botocore.exceptions.MetadataRetrievalError: Error retrieving metadata: Received non 200 response 403 from container metadata: ';
    const failed = shop(wrong).ask([`${environment}\n${metadata}`], { namespace: 'shop', name: 'orders' });
    expect(failed.cause).toBe('A proxy is between the pod and the Pod Identity agent: NO_PROXY lacks 169.254.170.23.');
    expect(
      shop(wrong)
        .ask([listing(irsaEnvironment)], { namespace: 'shop', name: 'orders' })
        .reasons.at(-1)!.text,
    ).toBe('This is what the files say: nothing in the paste says what failed.');
  });
});

describe('a refusal by the trust policy, joined with the files', () => {
  it.each([
    ['the event', [webIdentityEvent({})]],
    ['the event as lookup-events prints it', [lookup(webIdentityEvent({}))]],
    ['an error and the event of its request', [goDenied(id), webIdentityEvent({ requestId: id })]],
    ['an error and the event in one paste', [`${goDenied(id)}\n${webIdentityEvent({ requestId: id })}`]],
    ['an error and the token', [denied, token({})]],
    [
      'an error and the environment with the token',
      [
        `${denied}\nAWS_ROLE_ARN=${ordersRole}\nAWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token\n${token({})}`,
      ],
    ],
    ['an error and the pod', [denied, podYaml(irsaEnvironment)]],
    ['an error and the pod described', [denied, podDescription(irsaEnvironment)]],
    ['the token alone', [token({})]],
    ['the event escaped', [JSON.stringify(webIdentityEvent({}))]],
  ])('%s: certain, with the place and the fix', (_, pastes) => {
    const answer = shop(wrong).ask(pastes);
    expect(answer.summary).toBe('certain trust');
    expect(answer.cause).toBe('The trust policy of orders-role allows shop/order, not shop/orders.');
    expect(answer.at).toBe('iam/orders-role/trust.json:12');
    const edited = answer.fixes.flatMap(({ edits }) => edits).map(({ newText }) => newText);
    expect(edited.some((text) => text.includes('orders'))).toBe(true);
  });

  it('the workload that the user picked, by its name and by its account', () => {
    for (const name of ['orders', 'orders-api']) {
      const answer = shop(wrong).ask([denied], { namespace: 'shop', name });
      expect([name, answer.summary, answer.at]).toEqual([name, 'certain trust', 'iam/orders-role/trust.json:12']);
    }
  });

  it('is only likely with the error alone: no file says which pod it was', () => {
    expect(shop(wrong).ask([denied]).summary).toBe('likely trust');
  });

  it('is not certain where the account in the error text is another, or two pods are pasted', () => {
    expect(shop(wrong).ask([denied, token({ account: 'other', issuer: 'oidc.eks.eu-west-1.amazonaws.com/id/0000' })]).certainty).toBe(
      'likely',
    );
    expect(shop(wrong).ask([denied, token({}), token({ account: 'carts' })]).certainty).toBe('likely');
  });

  it('is likely where the policy is tied by a guess alone', () => {
    const workspace = openWorkspace(
      new Map([
        ['app/sa.yaml', account('orders', 'shop', ordersRole)],
        ['app/policy.json', trust(wrong)],
      ]),
    );
    const answer = diagnose({ pastes: [webIdentityEvent({})] }, filesOf(workspace));
    expect([answer.certainty, answer.class]).toEqual(['likely', 'trust']);
  });

  it('is likely where the files allow it: AWS has another policy', () => {
    const answer = shop(right).ask([webIdentityEvent({})]);
    expect(answer.summary).toBe('likely trust');
    expect(answer.cause).toContain('AWS denies what these files allow');
  });

  it('tells a token of another cluster from one of the cluster that the policy names', () => {
    const other = 'oidc.eks.eu-west-1.amazonaws.com/id/FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF';
    const answer = shop(right).ask([denied, token({ issuer: other })]);
    expect(answer.summary).toBe('certain trust');
    expect(answer.cause).toContain("principal doesn't match the OIDC provider");
    expect(answer.reasons.map(({ text }) => text).join(' ')).toContain(other);
  });

  it('does not join on masked ids', () => {
    const answer = shop(wrong).ask([
      'Error calling AssumeRole for role arn:aws:iam::xxxx:role/xxx ---> Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ]);
    expect(answer.summary).toBe('likely trust');
    expect(answer.at).toBeUndefined();
  });

  it('sees a pod that asks for another role than the files say', () => {
    const answer = shop(wrong).ask([webIdentityEvent({ role: 'arn:aws:iam::111122223333:role/old-role' })]);
    expect(answer.summary).toBe('likely trust');
    expect(answer.reasons.map(({ text }) => text).join(' ')).toContain('arn:aws:iam::111122223333:role/old-role');
  });

  it('takes back a certain answer when its evidence goes', () => {
    const { ask } = shop(wrong);
    expect(ask([goDenied(id), webIdentityEvent({ requestId: id })]).certainty).toBe('certain');
    expect(ask([goDenied(id)]).certainty).toBe('likely');
    expect(ask([denied, podYaml(irsaEnvironment)]).certainty).toBe('certain');
    expect(ask([denied, podYaml(irsaEnvironment).replaceAll(/serviceAccount(?:Name)?: orders/g, '')]).certainty).toBe('likely');
  });

  it('an audience that the condition does not list', () => {
    const answer = shop(right).ask([webIdentityEvent({ audience: 'sts.amazonaws.com.cn' })]);
    expect(answer.summary).toBe('certain trust');
    expect(answer.cause).toContain("audience doesn't match");
  });
});

describe('EKS Pod Identity, joined with the files', () => {
  const association = `apiVersion: eks.services.k8s.aws/v1alpha1
kind: PodIdentityAssociation
metadata:
  name: orders
spec:
  clusterName: prod
  namespace: shop
  serviceAccount: orders
  roleARN: ${ordersRole}
`;
  const podTrust = (actions: readonly string[]) =>
    JSON.stringify(
      { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: actions }] },
      undefined,
      2,
    );
  const files = (actions: readonly string[]) => ({
    'k8s/sa.yaml': account('orders', 'shop', undefined),
    'k8s/association.yaml': association,
    'iam/orders-role/trust.json': podTrust(actions),
  });

  it('a missing sts:TagSession is certain, with its place', () => {
    const { ask } = shop(right, { more: files(['sts:AssumeRole']) });
    for (const pastes of [
      [podIdentityEvent({})],
      ['Unauthorized Exception! EKS does not have permissions to assume the associated role.', podYaml(podIdentityEnvironment)],
    ]) {
      const answer = ask(pastes);
      expect(answer.summary).toBe('certain pod-identity');
      expect(answer.at).toMatch(/^iam\/orders-role\/trust\.json:/);
    }
  });

  it('is likely where the files allow it', () => {
    expect(shop(right, { more: files(['sts:AssumeRole', 'sts:TagSession']) }).ask([podIdentityEvent({})]).summary).toBe(
      'likely pod-identity',
    );
  });
});

describe('a pod without a role', () => {
  const none = 'botocore.exceptions.NoCredentialsError: Unable to locate credentials';
  const node =
    'AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ng/i-0abc12345def67890 is not authorized to perform: s3:ListBucket';
  const noFiles = { look: () => [] };
  const ask = (...pastes: string[]) => {
    const answer = diagnose({ pastes }, noFiles);
    return `${answer.certainty} ${answer.class ?? 'nothing'}: ${answer.cause}`;
  };

  it('is certain with the whole pod, and says why where that was pasted', () => {
    expect(ask(none, podYaml({}))).toMatch(/^certain not-injected: /);
    expect(ask(node, podDescription({ FOO_BAR: 'x' }))).toMatch(/^certain not-injected: /);
    expect(ask(none, podYaml({}), accountYaml(undefined))).toContain('has no annotation eks.amazonaws.com/role-arn');
    expect(ask(none, podYaml({}), accountYaml(ordersRole))).toContain('references a role, but the pod is older');
    expect(ask(none, podYaml({}, { labels: { 'eks.amazonaws.com/skip-pod-identity-webhook': 'true' } }))).toContain('its label');
    expect(
      ask(
        none,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'p', namespace: 'shop' },
          spec: { containers: [{ name: 'app', env: [{ name: 'A', value: 'b' }] }], nodeName: 'n' },
          status: {},
        }),
      ),
    ).toMatch(/^certain not-injected/);
  });

  it('is likely with the error alone, or with a few variables', () => {
    expect(ask(none)).toMatch(/^likely not-injected/);
    expect(ask(node)).toMatch(/^likely not-injected/);
    expect(ask(none, 'AWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1')).toMatch(/^likely not-injected/);
  });

  it('is another cause where the pod has its variables', () => {
    expect(ask(node, podYaml(irsaEnvironment))).toMatch(/^likely sdk/);
    expect(ask(none, podYaml(podIdentityEnvironment), 'boto3==1.20.0 botocore/1.23.0')).toMatch(/^certain sdk: .*1\.34\.41 is the minimum/);
    expect(ask(none, podYaml(irsaEnvironment), 'aws-cli/1.16.100 Python/3.6')).toMatch(/^certain sdk/);
    expect(ask(none, podYaml(irsaEnvironment), 'boto3/1.34.100')).toMatch(/^likely sdk/);
  });

  it('an older pod keeps its old role', () => {
    expect(ask(podYaml(irsaEnvironment), accountYaml('arn:aws:iam::111122223333:role/new-role'))).toMatch(
      /^certain not-injected: The pod is older than the annotation/,
    );
    expect(ask(podYaml(irsaEnvironment), accountYaml(ordersRole))).toMatch(/^unknown/);
  });

  it('is not certain where variables come from elsewhere, where one of a pair was pasted, or pods differ', () => {
    expect(
      ask(none, podYaml({}).replace('    name: app\n', '    name: app\n    envFrom:\n    - configMapRef:\n        name: x\n')),
    ).toMatch(/^likely not-injected/);
    expect(
      ask(
        none,
        podDescription({ FOO_BAR: 'x' }).replace(
          '    Environment:',
          '    Environment Variables from:\n      x  ConfigMap  Optional: false\n    Environment:',
        ),
      ),
    ).toMatch(/^likely not-injected/);
    expect(ask(none, `AWS_ROLE_ARN=${ordersRole}`)).toMatch(/^likely sdk/);
    expect(ask(none, podYaml({ AWS_ROLE_ARN: ordersRole }))).toMatch(/^certain sdk/);
    expect(ask(none, podYaml({}), podYaml(irsaEnvironment))).toMatch(/^likely not-injected/);
  });

  it('a manifest that was never created says nothing of what was injected', () => {
    expect(
      ask(
        none,
        podYaml({})
          .replace(/^ {2}nodeName:.*\n/m, '')
          .replace(/^status:\n.*\n/m, ''),
      ),
    ).toMatch(/^likely not-injected/);
  });
});

describe('a pod whose role is not that of the files, or not in every container', () => {
  it('is older than the annotation of the files, or they are not applied', () => {
    const answer = shop(right, { role: 'arn:aws:iam::111122223333:role/new-role' }).ask([podYaml(irsaEnvironment)]);
    expect([answer.summary, answer.at]).toEqual(['likely not-injected', 'k8s/sa.yaml:2']);
  });
  it('has a container that the annotation skips', () => {
    const pod = podYaml(irsaEnvironment)
      .replace('  annotations:\n', '  annotations:\n    eks.amazonaws.com/skip-containers: proxy\n')
      .replace('  nodeName:', '  - image: proxy:1\n    name: proxy\n  nodeName:');
    const answer = diagnose({ pastes: ['Unable to locate credentials', pod] }, { look: () => [] });
    expect([answer.certainty, answer.class]).toEqual(['likely', 'not-injected']);
    expect(answer.cause).toContain('container proxy');
  });
});

describe('what AWS knows, from a snapshot', () => {
  const snapshot = (providers: readonly object[]) =>
    JSON.stringify({
      version: 1,
      accounts: [
        {
          id: '111122223333',
          partition: 'aws',
          takenAt: '2026-11-20T00:00:00Z',
          roles: [{ arn: ordersRole, name: 'orders-role', path: '/', detail: false }],
          policies: [],
          providers,
          clusters: [],
          associations: [],
          partial: [],
          regions: [],
        },
      ],
    });
  const provider = (clientIds: readonly string[]) => ({ arn: `arn:aws:iam::111122223333:oidc-provider/${issuer}`, issuer, clientIds });
  const missing = `InvalidIdentityToken: No OpenIDConnect provider found in your account for https://${issuer}`;

  it('a provider that is missing has its place', () => {
    const { ask } = shop(right, { more: { 'pod-roles.snapshot.json': snapshot([]) } });
    const answer = ask([missing, token({})]);
    expect(answer.summary).toBe('certain provider');
    expect(answer.at).toBeDefined();
    expect(ask([missing]).summary).toBe('certain provider');
  });
  it('an audience that the provider does not list is told before the trust policy', () => {
    const { ask } = shop(right, { more: { 'pod-roles.snapshot.json': snapshot([provider(['other.example'])]) } });
    const answer = ask(['InvalidIdentityToken: Incorrect token audience', token({})]);
    expect(answer.summary).toBe('certain audience');
    expect(ask([token({})]).summary).toBe('certain audience');
  });
});

describe('noise', () => {
  it('changes no certain answer', () => {
    for (const pastes of [
      [webIdentityEvent({})],
      [goDenied(id), webIdentityEvent({ requestId: id })],
      [denied, podYaml(irsaEnvironment)],
    ]) {
      const { ask } = shop(wrong);
      expect(ask(pastes).summary).toBe('certain trust');
      expect(ask([noise(300), ...pastes, noise(300)]).summary).toBe('certain trust');
    }
    const { ask } = shop(wrong);
    expect(ask([`${noise(500)}\n${goDenied(id)}\n${noise(500)}`, webIdentityEvent({ requestId: id })]).summary).toBe('certain trust');
  });
});

describe('a refused action', () => {
  const call = (role: string, session: string) =>
    `User: arn:aws:sts::111122223333:assumed-role/${role}/${session} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::x because no identity-based policy allows the s3:GetObject action`;
  it('is about permissions where the role is the pod’s own', () => {
    expect(shop(right).ask([call('orders-role', 'orders')]).summary).toBe('likely permissions');
    expect(shop(right).ask([call('orders-role', 'orders'), podYaml(irsaEnvironment)]).summary).toBe('certain permissions');
  });
  it('is not where the pod was given another', () => {
    expect(shop(right).ask([call('other-role', 'botocore-session-1'), podYaml(irsaEnvironment)]).summary).toBe('likely role-chain');
  });
});

describe('texts that contradict each other', () => {
  it('name both causes, and none is certain', () => {
    const both =
      'InvalidIdentityToken: Incorrect token audience\n\n'.padEnd(900, '.') +
      'PackedPolicyTooLarge: Packed size of session tags consumes 112% of allotted space';
    const answer = diagnose({ pastes: [both] }, { look: () => [] });
    expect(answer.certainty).toBe('likely');
    expect([answer.class, ...answer.alternatives.map((each) => each.class)]).toEqual(expect.arrayContaining(['audience', 'role-chain']));
  });
  it('an SDK that fell through to the node shows what refused the pod first', () => {
    const answer = diagnose(
      {
        pastes: [
          `${denied}\nUser: arn:aws:sts::111122223333:assumed-role/ng/i-0abc12345def67890 is not authorized to perform: s3:ListBucket`,
        ],
      },
      { look: () => [] },
    );
    expect([answer.certainty, answer.class]).toEqual(['likely', 'trust']);
  });
});

describe('the vectors: Diagnose and Explain give the same cause', () => {
  interface Vector {
    readonly name: string;
    readonly trustPolicy: unknown;
    readonly token: { readonly issuer: string; readonly sub: string; readonly aud: string };
    readonly roleAccount: string;
    readonly expected?: unknown;
  }
  /** Vectors that live beside the repository: run where they are present. */
  const file = ['../../../shared/vectors.json', '../../../../shared/vectors.json']
    .map((path) => resolve(import.meta.dirname, path))
    .find(existsSync);
  const { irsa } = (file === undefined ? { irsa: [] } : JSON.parse(readFileSync(file, 'utf8'))) as { irsa: readonly Vector[] };
  const named = irsa.filter(({ token: { sub } }) => /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/.test(sub));

  it.skipIf(named.length === 0)('are present', () => expect(named.length).toBeGreaterThan(10));
  it.each(named.map((each) => [each.name, each] as const))('%s', (_, vector) => {
    const [, , namespace, name] = vector.token.sub.split(':') as [string, string, string, string];
    const role = `arn:aws:iam::${vector.roleAccount}:role/vector-role`;
    const policy = typeof vector.trustPolicy === 'string' ? vector.trustPolicy : JSON.stringify(vector.trustPolicy, undefined, 2);
    const host = vector.token.issuer.replace('https://', '');
    const workspace = openWorkspace(
      new Map([
        [
          'k8s/sa.yaml',
          account(name, namespace, role).replace(
            /$/,
            vector.token.aud === 'sts.amazonaws.com' ? '' : `    eks.amazonaws.com/audience: ${JSON.stringify(vector.token.aud)}\n`,
          ),
        ],
        ['iam/vector-role/trust.json', policy],
        ['pod-roles.yaml', `clusters:\n  - name: c\n    issuer: ${host}\n    paths: ['**']\n`],
      ]),
    );
    const [first] = [...workspace.wiring.accounts()];
    const explained = explainAccount(workspace, first!);
    const event = webIdentityEvent({ role, issuer: host, audience: vector.token.aud, namespace, account: name });
    const answer = diagnose({ pastes: [event] }, filesOf(workspace));
    expect(answer.certainty === 'certain').toBe(explained.decision === 'denied');
    if (explained.decision !== 'denied') return;
    const failed = explained.steps.filter(({ mark }) => mark === false).map(({ text }) => text);
    expect(failed.length + answer.reasons.length).toBeGreaterThan(0);
    expect(answer.class).toMatch(/^(?:trust|audience|provider)$/);
  });
});
