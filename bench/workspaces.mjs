import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { random } from './random.mjs';
import {
  account,
  chartTemplate,
  chartValues,
  configMap,
  dashboard,
  definition,
  deployment,
  nameFor,
  roleArn,
  roleBinding,
  service,
  serviceAccount,
  teams,
  trustPolicy,
} from './texts.mjs';

/** A mistake is planted in one of so many services that ask for a role. */
const mistakeEvery = 5;

/** @typedef {{ file: string, rule: string }} Planted */

/**
 * Writes a workspace of about `count` files in the proportions of a real monorepo of manifests: each service has a
 * workload, a Service, most an account; some have a chart; some ask for a role and have its trust policy. Mistakes are
 * planted here and there, and right things that look like them. Of all there is as much per file whatever `count` is.
 * @param {string} folder
 * @param {number} count
 * @returns {{ files: number, bytes: number, planted: Planted[], open: string }} `open`: a file that a user may have open
 */
export function writeWorkspace(folder, count) {
  const r = random(count);
  /** @type {Planted[]} */
  const planted = [];
  let files = 0;
  let bytes = 0;
  let open = '';
  const put = (path, text) => {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
    files++;
    bytes += Buffer.byteLength(text);
  };
  let asking = 0;
  for (let i = 0; files < count; i++) {
    const team = r.pick(teams);
    const name = nameFor(r, i);
    const namespace = `${team}-${1 + r.below(9)}`;
    const base = `teams/${team}/${name}`;
    const hasAccount = r.chance(0.7);
    const asks = hasAccount && r.chance(0.12);
    if (asks) {
      const mistake = asking % mistakeEvery === 2 ? mistakes[Math.floor(asking / mistakeEvery) % mistakes.length] : undefined;
      const at = putAsking(put, r, { base, name, namespace }, mistake);
      if (mistake) planted.push({ file: at, rule: mistake.rule });
      if (asking === 0) open = `${base}/serviceaccount.yaml`;
      asking++;
    } else {
      put(`${base}/deployment.yaml`, deployment(r, name, namespace, hasAccount ? name : undefined));
      if (hasAccount) put(`${base}/serviceaccount.yaml`, serviceAccount(name, namespace));
    }
    put(`${base}/service.yaml`, service(name, namespace));
    if (r.chance(0.4)) put(`${base}/rbac.yaml`, roleBinding(name, namespace));
    if (r.chance(0.5)) put(`${base}/config.yaml`, configMap(r, name, namespace));
    if (r.chance(0.15)) {
      put(`charts/${name}/templates/deployment.yaml`, chartTemplate(r, name));
      put(`charts/${name}/values.yaml`, chartValues(r, name, r.chance(0.3) ? roleArn(name) : undefined));
    }
    if (r.chance(0.03)) put(`monitoring/dashboards/${name}.json`, dashboard(r, name, 40 + r.below(80)));
    if (i % 50 === 20) put(`operators/crds/${name.replaceAll('-', '')}.yaml`, definition(r, name.replaceAll('-', ''), 200_000));
    if (i % 40 === 11) put(`docs/examples/${name}.yaml`, decoy(name));
  }
  return { files, bytes, planted, open };
}

/** A service that asks for a role, right in every way but the mistake. Returns the file in which the mistake is told. */
function putAsking(put, r, { base, name, namespace }, mistake) {
  const at = {
    account: `${base}/serviceaccount.yaml`,
    workload: `${base}/deployment.yaml`,
    policy: `${base}/iam/${name}/trust-policy.json`,
  };
  const with_ = {
    name,
    namespace,
    arn: roleArn(name),
    subject: `system:serviceaccount:${namespace}:${name}`,
    operator: 'StringEquals',
    extra: '',
    ...mistake?.make(name, namespace),
  };
  put(at.workload, deployment(r, name, with_.workloadNamespace ?? namespace, name, with_.extra));
  put(at.account, serviceAccount(name, namespace, with_.arn));
  put(at.policy, trustPolicy(with_.subject, { operator: with_.operator }));
  return at[mistake?.told ?? 'account'];
}

/** What is planted, the rule that tells it, and the file that it is told in. */
const mistakes = [
  { rule: 'role-arn-malformed', told: 'account', make: (name) => ({ arn: `arn:aws:iam::${account}:user/${name}` }) },
  { rule: 'subject-mismatch', told: 'account', make: (name, namespace) => ({ subject: `system:serviceaccount:${namespace}x:${name}` }) },
  {
    rule: 'wildcard-under-string-equals',
    told: 'policy',
    make: (name, namespace) => ({ subject: `system:serviceaccount:${namespace}:${name}*` }),
  },
  { rule: 'subject-malformed', told: 'policy', make: (name, namespace) => ({ subject: `serviceaccount:${namespace}:${name}` }) },
  { rule: 'subject-too-wide', told: 'policy', make: () => ({ operator: 'StringLike', subject: 'system:serviceaccount:*:*' }) },
  { rule: 'service-account-elsewhere', told: 'workload', make: (_, namespace) => ({ workloadNamespace: `${namespace}-blue` }) },
  { rule: 'annotation-misplaced', told: 'workload', make: (name) => ({ extra: `        eks.amazonaws.com/role-arn: ${roleArn(name)}\n` }) },
];

/** Right files full of the words that a mistake would have. */
const decoy = (name) => `# How to ask for a role: set eks.amazonaws.com/role-arn to arn:aws:iam::<ACCOUNT_ID>:role/${name}.
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-howto
data:
  serviceaccount.yaml: |
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: ${name}
      annotations:
        eks.amazonaws.com/role-arn: arn:aws:iam::1234:user/${name}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}-placeholder
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::\${ACCOUNT_ID}:role/${name}
`;

/**
 * One file of about so many lines: accounts with roles, workloads and services, a mistake now and then.
 * @returns {{ text: string, planted: number[], at: { line: number, character: number } }} `planted`: the lines (from 0) of
 *   ARNs that are none; `at`: a place in the middle of a right role's ARN, half-way down
 */
export function longFile(lines) {
  const r = random(lines);
  const text = [];
  const planted = [];
  let at;
  for (let i = 0; text.length < lines; i++) {
    const name = nameFor(r, i);
    const namespace = `${r.pick(teams)}-${1 + r.below(9)}`;
    const wrong = i % 50 === 9;
    const arn = wrong ? `arn:aws:iam::${account}:user/${name}` : i % 3 === 0 ? roleArn(name) : undefined;
    if (text.length > 0) text.push('---');
    text.push(
      ...`${serviceAccount(name, namespace, arn)}---\n${deployment(r, name, namespace, name)}---\n${service(name, namespace)}`
        .split('\n')
        .slice(0, -1),
    );
    const line = arn === undefined ? -1 : text.findLastIndex((each) => each.includes(arn));
    if (wrong) planted.push(line);
    else if (line >= 0 && at === undefined && text.length > lines / 2) at = { line, character: text[line].indexOf('arn:') + 30 };
  }
  return { text: `${text.join('\n')}\n`, planted, at };
}
