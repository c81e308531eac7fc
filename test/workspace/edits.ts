import fc from 'fast-check';
import { defaultSettings, type Settings } from '../../server/src/core/config/settings';
import type { AwsFacts } from '../../server/src/core/model/aws';
import type { Finding } from '../../server/src/core/rules/rule';
import { AwsIndex } from '../../server/src/core/wiring/aws';
import { Workspace } from '../../server/src/core/workspace/workspace';
import { account, deployment, getRole, issuer, trust, uriOf } from '../wiring/build';

const names = ['demo', 'demo-sa', 'demo-sb', 'api'];
const namespaces = ['n', 'demo-namespace', undefined];
const roles = ['demo-role', 'other'];

/** The files that edits play with. */
export const paths = [
  'app/sa.yaml',
  'app/deploy.yaml',
  'app/iam/trust.json',
  'iam/demo-role/trust.json',
  'iam/other-trust.json',
  'aws/role.json',
  'overlays/dev/sa.yaml',
  'overlays/dev/kustomization.yaml',
  'overlays/prod/sa.yaml',
  'app/kustomization.yaml',
  'aws/associations.yaml',
  'infra/main.tf',
  'infra/trust.tf',
  'charts/app/values.yaml',
  'charts/app/prod.yaml',
  'argocd/app.yaml',
  'infra/plan.json',
  'infra/terraform.tfvars',
  'modules/role/main.tf',
  'envs/prod/main.tf',
  'envs/prod/values.yaml',
  'README.md',
];

const arn = (role: string): string => `arn:aws:iam::111122223333:role/${role}`;
const audience = fc.constantFrom(
  '',
  '',
  '',
  ...['sts.amazonaws.com.cn', 'other'].map((value) => `    eks.amazonaws.com/audience: ${value}\n`),
);
const accountText = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...namespaces), fc.constantFrom(...roles), audience)
  .map(([a, b, c, d]) => account(a, b, c) + d);
const deploymentText = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...namespaces)).map(([a, b]) => deployment(a, b));
const trustText = fc
  .tuple(
    fc.constantFrom('n', 'demo-namespace', 'demo-namespce'),
    fc.constantFrom(...names, 'dmeo-sa', 'd*'),
    fc.constantFrom('', '', '.cn'),
  )
  .map(([a, b, c]) => trust(`${a}:${b}`).replace('sts.amazonaws.com', `sts.amazonaws.com${c}`));
const roleText = fc.tuple(fc.constantFrom(...roles), fc.constantFrom(...names)).map(([role, name]) => getRole(role, `n:${name}`));
const kustomizationText = fc
  .tuple(
    fc.constantFrom('', 'namespace: n\n', 'namespace: k\n', 'namePrefix: x-\n'),
    fc.subarray(['sa.yaml', 'deploy.yaml', '../../app', '.']),
  )
  .map(([head, resources]) => `${head}resources: [${resources.join(', ')}]\n`);
/** Objects of operators, a list of a cluster, and what installs the agent. */
const operatorText = fc
  .tuple(
    fc.constantFrom('Issuer', 'ClusterIssuer', 'solver', 'SecretStore', 'class', 'mount', 'pod', 'agent'),
    fc.constantFrom(...names),
    fc.constantFrom('n', 'demo-namespace'),
    fc.constantFrom(...roles),
  )
  .map(([kind, name, namespace, role]) => operatorOf(kind, name, namespace, role));

function operatorOf(kind: string, name: string, namespace: string, role: string): string {
  const issuerOf = (issuerKind: string, more: string): string =>
    `apiVersion: cert-manager.io/v1\nkind: ${issuerKind}\nmetadata: {name: x${issuerKind === 'Issuer' ? `, namespace: ${namespace}` : ''}}\nspec: {acme: {solvers: [{dns01: {route53: {role: "${arn(role)}"${more}}}}]}}\n`;
  const live = `uid: u, creationTimestamp: "2026-01-01T00:00:00Z"`;
  switch (kind) {
    case 'Issuer':
    case 'ClusterIssuer':
      return issuerOf(kind, `, auth: {kubernetes: {serviceAccountRef: {name: ${name}}}}`);
    case 'solver':
      return issuerOf('Issuer', '');
    case 'SecretStore':
      return `apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: x, namespace: ${namespace}}\nspec: {provider: {aws: {role: "${arn(role)}", auth: {jwt: {serviceAccountRef: {name: ${name}}}}}}}\n`;
    case 'class':
      return `apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: {name: x, namespace: ${namespace}}\nspec: {provider: aws, parameters: {objects: "[]"}}\n`;
    case 'mount':
      return `apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: ${namespace}}\nspec: {serviceAccountName: ${name}, containers: [{name: a, image: b}], volumes: [{name: s, csi: {driver: secrets-store.csi.k8s.io, volumeAttributes: {secretProviderClass: x}}}]}\n`;
    case 'pod':
      return `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: ${namespace}, ${live}}, spec: {serviceAccountName: ${name}, containers: [{name: a, image: b}]}}\n  - {apiVersion: v1, kind: ServiceAccount, metadata: {name: ${name}, namespace: ${namespace}, ${live}, annotations: {eks.amazonaws.com/role-arn: "${arn(role)}"}}}\n`;
    default:
      return 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: eks-pod-identity-agent}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n';
  }
}

const yamlText = fc
  .array(
    fc.oneof(
      accountText,
      deploymentText,
      operatorText,
      fc.constant('# pod-roles-disable-file subject-mismatch\n'),
      fc.constant('just: text\n'),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join('---\n'));
const associationText = fc
  .array(
    fc.tuple(
      fc.constantFrom('n', 'demo-namespace'),
      fc.constantFrom(...names),
      fc.constantFrom(...roles),
      fc.constantFrom('demo', 'second'),
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) =>
    all
      .map(
        ([namespace, name, role, cluster], i) =>
          `apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {name: a${i}}\nspec:\n  clusterName: ${cluster}\n  namespace: ${namespace}\n  serviceAccount: ${name}\n  roleARN: ${arn(role)}\n`,
      )
      .join('---\n'),
  );
const terraformText = fc
  .tuple(fc.constantFrom(...roles), fc.constantFrom(...names), fc.boolean())
  .map(
    ([role, name, withAccount]) =>
      `resource "aws_iam_role" "demo" {\n  name = "${role}"\n  assume_role_policy = data.aws_iam_policy_document.trust.json\n}\n${
        withAccount
          ? `resource "kubernetes_service_account" "demo" {\n  metadata {\n    name = "${name}"\n    namespace = "n"\n    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.demo.arn }\n  }\n}\n`
          : ''
      }`,
  );
/** A root that calls the module below, with a release whose values are a template. */
const callText = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('../../modules/role', '../../infra', './none'), fc.constantFrom('values', 'other'))
  .map(
    ([name, source, file]) =>
      `module "role" {\n  source = "${source}"\n  account = "${name}"\n}\nresource "helm_release" "app" {\n  name = "app"\n  chart = "c"\n  namespace = "n"\n  values = [templatefile("\${path.module}/${file}.yaml", { role_arn = module.role.arn, account = "${name}" })]\n}\n`,
  );
const moduleText = fc
  .tuple(fc.constantFrom('var.account', '"demo"'), fc.constantFrom('arn', 'other'), fc.boolean())
  .map(
    ([account, output, isRoot]) =>
      `${isRoot ? 'provider "aws" {}\n' : ''}variable "account" {}\nresource "aws_iam_role" "r" {\n  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/${issuer}" }, Condition = { StringEquals = { "${issuer}:sub" = "system:serviceaccount:n:\${${account}}", "${issuer}:aud" = "sts.amazonaws.com" } } }] })\n}\noutput "${output}" {\n  value = aws_iam_role.r.arn\n}\n`,
  );
const variablesText = fc.constantFrom(...names).map((name) => `account = "${name}"\n`);
const templateText = fc
  .constantFrom('${account}', 'demo', 'demo-sa')
  .map((name) => `serviceAccount:\n  name: ${name}\n  annotations:\n    eks.amazonaws.com/role-arn: \${role_arn}\n`);
const terraformTrustText = fc
  .tuple(fc.constantFrom('trust', 'trust', 'other'), fc.constantFrom(...names), fc.constantFrom('sub', 'aud'))
  .map(
    ([label, name, claim]) =>
      `data "aws_iam_policy_document" "${label}" {\n  statement {\n    actions = ["sts:AssumeRoleWithWebIdentity"]\n    principals {\n      type = "Federated"\n      identifiers = ["arn:aws:iam::111122223333:oidc-provider/${issuer}"]\n    }\n` +
      `    condition {\n      test = "StringEquals"\n      variable = "${issuer}:${claim}"\n      values = ["system:serviceaccount:n:${name}"]\n    }\n  }\n}\n`,
  );
const valuesText = fc
  .tuple(fc.constantFrom(...names, undefined), fc.constantFrom(...roles, undefined))
  .map(
    ([name, role]) =>
      `serviceAccount:\n  create: true\n${name === undefined ? '' : `  name: ${name}\n`}${role === undefined ? '' : `  annotations:\n    eks.amazonaws.com/role-arn: ${arn(role)}\n`}`,
  );
/** What deploys the chart, by Argo CD, Flux or helmfile, once or twice. */
const releaseText = fc
  .array(
    fc.tuple(fc.constantFrom('argo', 'flux', 'helmfile'), fc.constantFrom('n', 'demo-namespace'), fc.constantFrom(...names, undefined)),
    {
      minLength: 1,
      maxLength: 2,
    },
  )
  .map((all) => all.map(([tool, namespace, name]) => releaseOf[tool]!(namespace, name)).join('---\n'));
const releaseOf: Readonly<Record<string, (namespace: string, name: string | undefined) => string>> = {
  argo: (namespace, name) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app}\nspec:\n  destination: {namespace: ${namespace}}\n  source:\n    path: charts/app\n    helm:\n      valueFiles: [prod.yaml]\n${name === undefined ? '' : `      parameters: [{name: serviceAccount.name, value: ${name}}]\n`}`,
  flux: (namespace, name) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: ${namespace}}\nspec:\n  chart: {spec: {chart: ./charts/app, sourceRef: {kind: GitRepository, name: r}}}\n${name === undefined ? '' : `  values: {serviceAccount: {name: ${name}}}\n`}`,
  helmfile: (namespace, name) =>
    `releases:\n- name: app\n  namespace: ${namespace}\n  chart: ../charts/app\n  values: [../charts/app/prod.yaml]\n${name === undefined ? '' : `  set: [{name: serviceAccount.name, value: ${name}}]\n`}`,
};
const planText = fc.tuple(fc.constantFrom(...roles), fc.constantFrom(...names), fc.constantFrom(...names)).map(([role, name, subject]) =>
  JSON.stringify({
    format_version: '1.2',
    resource_changes: [
      ['aws_iam_role', { name: role, arn: arn(role), assume_role_policy: trust(`n:${subject}`) }] as const,
      [
        'kubernetes_service_account',
        { metadata: [{ name, namespace: 'n', annotations: { 'eks.amazonaws.com/role-arn': arn(role) } }] },
      ] as const,
    ].map(([type, after]) => ({ address: `${type}.demo`, mode: 'managed', type, name: 'demo', change: { actions: ['create'], after } })),
  }),
);
const documentationText = fc
  .tuple(fc.array(accountText, { minLength: 1, maxLength: 2 }), trustText, fc.constantFrom('Roles', 'Setup'))
  .map(
    ([accounts, policy, title]) =>
      `# ${title}\n\n${accounts.map((text) => `\`\`\`yaml\n${text}\`\`\`\n`).join('\nThen:\n\n')}\n\`\`\`json\n${policy}\n\`\`\`\n`,
  );

function textFor(path: string): fc.Arbitrary<string> {
  if (path.endsWith('kustomization.yaml')) return kustomizationText;
  if (path === 'aws/role.json') return roleText;
  if (path === 'aws/associations.yaml') return associationText;
  if (path === 'infra/main.tf') return terraformText;
  if (path === 'infra/trust.tf') return terraformTrustText;
  if (path.startsWith('charts/')) return valuesText;
  if (path === 'argocd/app.yaml') return releaseText;
  if (path === 'infra/plan.json') return planText;
  if (path === 'infra/terraform.tfvars') return variablesText;
  if (path === 'modules/role/main.tf') return moduleText;
  if (path === 'envs/prod/main.tf') return callText;
  if (path === 'envs/prod/values.yaml') return templateText;
  if (path === 'README.md') return documentationText;
  return path.endsWith('.json') ? trustText : yamlText;
}

/** Settings that change what is found. */
const settings: readonly Settings[] = [
  {},
  { rules: { 'subject-mismatch': 'info' as const, 'role-admits-no-account': 'warning' as const } },
  { ignore: ['app/**'] },
  {
    clusters: [
      { name: 'demo', paths: ['app/**', 'overlays/dev/**'], namespace: 'n', issuer },
      { name: 'second', paths: ['overlays/prod/**'] },
    ],
  },
  { roles: { 'demo-role': 'app/iam/trust.json' } },
  { overrides: [{ paths: ['overlays/**'], rules: { 'subject-mismatch': 'off' as const } }] },
  { documents: false },
].map((each) => ({ ...defaultSettings, base: 'file:///repo', ...each }));

function awsFacts(subject: string | undefined, associated: string | undefined): AwsFacts {
  return {
    version: 1,
    accounts: [
      {
        id: '111122223333',
        partition: 'aws',
        takenAt: '2026-11-20T09:00:00.000Z',
        regions: ['eu-west-1'],
        policies: [],
        partial: [],
        roles:
          subject === undefined
            ? []
            : [{ arn: arn('demo-role'), name: 'demo-role', path: '/', detail: false, trustPolicy: trust(subject) }],
        providers: [{ arn: `arn:aws:iam::111122223333:oidc-provider/${issuer}`, issuer, clientIds: ['sts.amazonaws.com'] }],
        clusters: [{ arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/demo', name: 'demo', region: 'eu-west-1', issuer }],
        associations:
          associated === undefined
            ? []
            : [{ id: 'a-1', clusterName: 'demo', region: 'eu-west-1', namespace: 'n', serviceAccount: associated, roleArn: arn('other') }],
      },
    ],
  };
}

/** Files in a workspace so that something joins: the beginning of most runs. */
export const start: Readonly<Record<string, string>> = {
  'modules/role/main.tf': fc.sample(moduleText, { seed: 1, numRuns: 1 })[0]!,
  'envs/prod/main.tf': fc.sample(callText, { seed: 4, numRuns: 1 })[0]!,
  'envs/prod/values.yaml': fc.sample(templateText, { seed: 1, numRuns: 1 })[0]!,
  'app/sa.yaml': account('demo-sa', 'demo-namespace', 'demo-role'),
  'app/deploy.yaml': deployment('demo-sa', 'demo-namespace'),
  'iam/demo-role/trust.json': trust('demo-namespace:demo-sa'),
};

export type Step =
  | { readonly kind: 'open' | 'load' | 'change'; readonly path: string; readonly text: string }
  | { readonly kind: 'type'; readonly path: string; readonly at: number; readonly text: string; readonly remove: number }
  | { readonly kind: 'close' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'configure'; readonly settings: number }
  | { readonly kind: 'aws'; readonly facts: AwsFacts | null };

const onFile: fc.Arbitrary<Step> = fc.constantFrom(...paths).chain((path): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constantFrom('open' as const, 'load' as const, 'change' as const),
        path: fc.constant(path),
        text: textFor(path),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('type' as const),
        path: fc.constant(path),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        text: fc.constantFrom('a', '-sa', '\n', '---\n', '"', ' ', ':', '{{ x }}', '#'),
        remove: fc.nat(3),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'remove' as const), path: fc.constant(path) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), path: fc.constant(path), to: fc.constantFrom(...paths) }) },
  ),
);

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: onFile },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('configure' as const), settings: fc.nat(settings.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('aws' as const),
      facts: fc.oneof(
        fc.constant(null),
        fc
          .tuple(fc.constantFrom(undefined, 'n:demo', 'demo-namespace:demo-sa'), fc.constantFrom(undefined, 'demo', 'demo-sa'))
          .map(([subject, associated]) => awsFacts(subject, associated)),
      ),
    }),
  },
);

/** A finding without identities: places in offsets of the file. */
function plainFinding(finding: Finding): unknown {
  const place = ({ doc, span }: Finding['at']) => [doc.uri, doc.start + span.start, doc.start + span.end];
  return {
    ...finding,
    at: place(finding.at),
    related: finding.related.map((each) => [place(each.at), each.message]),
    fixes: finding.fixes.map((fix) => ({
      ...fix,
      edits: fix.edits.map((edit) => [place({ doc: edit.doc, span: edit.span }), edit.newText]),
    })),
  };
}

/** The findings of a file as text. */
export function findings(workspace: Workspace, path: string): string {
  return JSON.stringify(workspace.check(uriOf(path)).map(plainFinding));
}

/** The facts of a file as text. */
export function facts(workspace: Workspace, path: string): string {
  return JSON.stringify(workspace.viewOf(uriOf(path)).wiring.facts(uriOf(path)));
}

const indexOf = (aws: AwsFacts | null) => (aws ? new AwsIndex(aws, { kind: 'snapshot', label: 'snapshot' }) : undefined);

/** Plays steps on a workspace and on the plain texts that it should know. */
export class Player {
  private readonly disk = new Map<string, string>();
  private readonly open = new Map<string, string>();
  private settings = defaultSettings;
  private aws: AwsFacts | null = null;
  readonly workspace = this.empty();

  play(action: Step): void {
    if (action.kind === 'configure') return this.workspace.configure((this.settings = settings[action.settings]!));
    if (action.kind === 'aws') return this.workspace.setAws(indexOf((this.aws = action.facts)));
    const { path } = action;
    const uri = uriOf(path);
    switch (action.kind) {
      case 'load':
        this.disk.set(path, action.text);
        return this.workspace.load(uri, action.text);
      case 'open':
        this.open.set(path, action.text);
        return this.workspace.open(uri, action.text);
      case 'change':
        return this.change(path, action.text);
      case 'type': {
        const text = this.open.get(path);
        if (text === undefined) return;
        const at = Math.floor(action.at * text.length);
        const after = text.slice(0, at) + action.text + text.slice(at + action.remove);
        this.open.set(path, after);
        return this.workspace.edit(uri, { start: at, end: Math.min(text.length, at + action.remove) }, action.text, () => after);
      }
      case 'close':
        return this.close(path);
      case 'remove':
        this.disk.delete(path);
        return this.workspace.remove(uri);
      case 'rename':
        return this.rename(path, action.to);
    }
  }

  private change(path: string, text: string): void {
    if (!this.open.has(path)) return;
    this.open.set(path, text);
    this.workspace.change(uriOf(path), text);
  }

  private close(path: string): void {
    if (!this.open.delete(path)) return;
    this.workspace.close(uriOf(path));
    // As an editor does: what counts now is the disk.
    const saved = this.disk.get(path);
    if (saved === undefined) this.workspace.remove(uriOf(path));
    else this.workspace.load(uriOf(path), saved);
  }

  /** As an editor does: an open file is closed under its old name and opened under the new one. */
  private rename(path: string, to: string): void {
    const [saved, shown] = [this.disk.get(path), this.open.get(path)];
    if (path === to || this.open.has(to) || saved === undefined) return;
    if (shown !== undefined) {
      this.open.delete(path);
      this.workspace.close(uriOf(path));
    }
    this.disk.delete(path);
    this.workspace.remove(uriOf(path));
    this.play({ kind: 'load', path: to, text: saved });
    if (shown !== undefined) this.play({ kind: 'open', path: to, text: shown });
  }

  private text(path: string): string | undefined {
    return this.open.get(path) ?? this.disk.get(path);
  }

  private empty(): Workspace {
    const texts = new Map(paths.map((path) => [uriOf(path), path]));
    const textOf = (uri: string) => ({ text: this.text(texts.get(uri) ?? '') ?? '' });
    return new Workspace({
      textOf,
      settings: this.settings,
      log: (message) => {
        throw new Error(message);
      },
    });
  }

  /** A workspace that reads everything afresh, in another order. */
  fresh(): Workspace {
    const workspace = this.empty();
    workspace.setAws(indexOf(this.aws));
    for (const path of [...paths].reverse()) {
      const text = this.text(path);
      if (text !== undefined) workspace.load(uriOf(path), text);
    }
    return workspace;
  }
}
