import type { Fact, PodIdentityAssociationFact, RoleFact, TrustPolicyFact } from '../../../model/facts';
import { attributeOf } from '../../../syntax/hcl/body';
import { entryOf } from '../../../syntax/nodes';
import type { Entry, ListNode, MapNode, Node, ScalarNode, Tree } from '../../../syntax/tree';
import { lineStart } from '../../../text/lineIndex';
import type { Span } from '../../../text/span';
import type { Text } from '../../../text/text';
import { literal, slice } from '../../../text/texts';
import { toText } from '../../nodes';
import { readPolicyDocument } from '../../policyDocument';
import { concernsOf } from '../../trustPolicyConcerns';
import { textOf } from '../resources/arguments';
import { associationFact, isUncertain, moduleAssociations } from '../resources/associations';
import { otherDocuments } from '../resources/policyBlocks';
import type { Repeated } from '../evaluate/repeated';
import type { ObjectId } from '../../../text/objects';
import { Evaluator } from '../evaluate/evaluator';
import type { Placed } from './definition';
import type { ModuleInstance } from './instance';
import { conditionsOf, givenStatements } from './givenStatements';
import { moduleRoleName } from './knownRoles';
import { knownModule, type KnownModule } from './knownSources';
import { attachmentsByCall, attachmentTypes, type BlockText } from './replacement/attachments';
import { permissionsOfCall } from './replacement/permissions';
import { isSurelyAtLeast, mayBeAtLeast, type Version } from './replacement/versions';
import { borrowedScalar, standIn } from '../texts';
import { assembled, named } from '../wellKnown';

/** A provider and the subjects that a module's role admits with it. */
interface Admission {
  readonly provider: Node | undefined;
  readonly issuer: ScalarNode;
  readonly operator: ScalarNode;
  readonly subjects: Node;
  readonly span: Span;
}

/**
 * Roles that public modules make, with the trust policy that follows from their arguments. Each value of the policy stands
 * where the argument does. Sources: the modules' main.tf.
 */
export function readRoleModules(module: ModuleInstance): Fact[] {
  const facts: Fact[] = [];
  let attachments: ReturnType<typeof attachmentsByCall> | undefined;
  for (const placed of module.definition.calls.values()) {
    if (module.isLocal(placed)) continue;
    const known = knownModule(placed, new Evaluator(module, placed.member));
    if (!known) continue;
    attachments ??= attachmentsByCall(attachmentTypes.flatMap((type) => module.definition.resourcesOf(type).map(blockText)));
    const permissions = permissionsOfCall(blockText(placed), known, attachments.get(placed.block.labels[0]?.text ?? '') ?? []);
    for (const { evaluator, item } of module.instances(placed)) {
      if (makesNoRole(placed, known, evaluator)) continue;
      const roleName = toText(moduleRoleName(placed, known, evaluator));
      const id = module.idOf(`module.${placed.block.labels[0]?.text ?? ''}${item.suffix}`);
      const read = readers[known];
      const trust = read ? irsaTrust(placed, known, read(placed, evaluator), evaluator) : podIdentityTrust(placed, known, evaluator);
      if (!trust) continue;
      const role: RoleFact = { kind: 'role', doc: placed.member.input.doc, span: placed.block.span, id, name: roleName };
      facts.push(role, { ...trust, roleIds: [id], roleName, ...(permissions === undefined ? {} : { permissions }) });
      if (known === 'pod-identity' || known === 'karpenter') facts.push(...associationsOf(placed, known, evaluator, item, id));
    }
  }
  return facts;
}

function blockText({ member, block }: Placed): BlockText {
  return { block, text: member.input.text };
}

/** The associations that a module makes with its role. */
function associationsOf(
  placed: Placed,
  known: KnownModule,
  evaluator: Evaluator,
  item: Repeated['items'][number],
  id: ObjectId,
): PodIdentityAssociationFact[] {
  const name = `module.${placed.block.labels[0]?.text ?? ''}.iam_role_arn`;
  const role = (at: Span): Text => {
    const roleName = moduleRoleName(placed, known, evaluator);
    const arn = assembled({ span: at }, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':role/', roleName]);
    return toText({ ...arn, refers: { objects: [id], attribute: 'arn', written: name } });
  };
  if (known === 'pod-identity') return moduleAssociations(placed, evaluator, item, role);
  // terraform-aws-eks, modules/karpenter: one association unless it is told otherwise, and before version 21 none unless it is told to.
  const { block, member } = placed;
  const told = literal(textOf(block, 'create_pod_identity_association', evaluator));
  const isTold = attributeOf(block.body, 'create_pod_identity_association') !== undefined;
  const byDefault = isTold ? 'maybe' : fromVersion(placed, evaluator, [21, 0, 0]);
  if (told === 'false' || byDefault === 'no') return [];
  const head = block.labels[0]?.span ?? block.type.span;
  const defaults: Readonly<Record<string, string>> = { namespace: 'kube-system', service_account: 'karpenter' };
  const of = (argument: string): Text | undefined =>
    argument === 'role_arn'
      ? role(head)
      : (textOf(block, argument, evaluator) ?? (defaults[argument] === undefined ? undefined : toText(standIn(defaults[argument], head))));
  return [associationFact(member.input.doc, block.span, head, of, isUncertain(item) || (told !== 'true' && byDefault === 'maybe'))]; // prettier-ignore
}

/** Whether a call's module has a version or a newer one. A call without a version gets the newest. */
function fromVersion(placed: Placed, evaluator: Evaluator, least: Version): 'yes' | 'maybe' | 'no' {
  const [source, version] = ['source', 'version'].map((name) => literal(textOf(placed.block, name, evaluator)));
  if (source === undefined || (version === undefined && /[?&]ref=/.test(source) && mayBeAtLeast(source, undefined, least))) return 'maybe';
  if (!mayBeAtLeast(source, version, least)) return 'no';
  return version === undefined || isSurelyAtLeast(version, least) ? 'yes' : 'maybe';
}

/** The switches by which these modules make nothing, or no role. Source: their variables.tf. */
const switches = ['create', 'create_role', 'enabled', 'create_iam_role', 'create_irsa'];

/** True where an argument surely keeps the module from making a role. aws-ia's addon makes one only if it is told to. */
function makesNoRole({ block }: Placed, known: KnownModule, evaluator: Evaluator): boolean {
  if (known === 'blueprints-addon' && !attributeOf(block.body, 'create_role')) return true;
  return switches.some((name) => literal(textOf(block, name, evaluator)) === 'false');
}

/**
 * Arguments by which statements are added to these modules' own. Documents that eks-pod-identity is given are of the role's
 * permissions. Sources: their variables.tf and main.tf.
 */
const adding = ['iam_role_source_assume_policy_documents', 'iam_role_override_assume_policy_documents'];

/** The trust policy that a module writes for EKS Pod Identity; Karpenter's may have one for IRSA beside it. Sources: the modules' main.tf. */
function podIdentityTrust(placed: Placed, known: KnownModule, evaluator: Evaluator): TrustOfModule | undefined {
  if (known !== 'pod-identity' && known !== 'karpenter') return undefined;
  const { member, block } = placed;
  const head = block.labels[0]?.span ?? block.type.span;
  // Karpenter's role trusts EKS Pod Identity from version 20 on. Source: terraform-aws-eks v19.21 and v20.0, modules/karpenter/main.tf.
  const isOff =
    literal(textOf(block, 'enable_pod_identity', evaluator)) === 'false' ||
    (known === 'karpenter' && fromVersion(placed, evaluator, [20, 0, 0]) === 'no');
  const irsa =
    known === 'karpenter' && literal(textOf(block, 'enable_irsa', evaluator)) !== 'false' ? karpenterIrsa(placed, evaluator) : [];
  const actions: ListNode = {
    kind: 'list',
    span: head,
    open: false,
    items: [standIn('sts:AssumeRole', head), standIn('sts:TagSession', head)],
  };
  const given = argument(placed, 'trust_policy_conditions', evaluator);
  const conditions = given && conditionsOf(given, head);
  const pods = map(head, [
    entry('Effect', head, standIn('Allow', head)),
    entry('Action', head, actions),
    entry('Principal', head, map(head, [entry('Service', head, standIn('pods.eks.amazonaws.com', head))])),
    ...(conditions?.kind === 'map' && conditions.entries.length > 0 ? [entry('Condition', head, conditions)] : []),
  ]);
  const more = known === 'pod-identity' ? givenStatements(argument(placed, 'trust_policy_statements', evaluator)) : undefined;
  const items = [...(isOff ? [] : [pods]), ...irsa.map((admission) => statement(admission, head)), ...(more?.statements ?? [])];
  if (items.length === 0) return undefined;
  const node = map(block.span, [
    entry('Version', head, standIn('2012-10-17', head)),
    entry('Statement', head, { kind: 'list', span: block.span, items, open: false }),
  ]);
  const open = (given && !conditions) || more?.open || adding.some((name) => argument(placed, name, evaluator) !== undefined);
  const policy = {
    ...readPolicyDocument({ ...node, open: open === true }, tree, member.input.text, { form: 'hcl-module' }),
    span: block.span,
  };
  return {
    kind: 'trustPolicy',
    doc: member.input.doc,
    span: block.span,
    policy,
    concerns: concernsOf(policy),
    ownRoleOnly: true,
    made: true,
  };
}

function karpenterIrsa(placed: Placed, evaluator: Evaluator): Admission[] {
  const written = attributeOf(placed.block.body, 'irsa_oidc_provider_arn');
  const provider = argument(placed, 'irsa_oidc_provider_arn', evaluator);
  if (!written || provider?.kind !== 'scalar') return [];
  // From version 20 on it is off unless it is told otherwise.
  if (!attributeOf(placed.block.body, 'enable_irsa') && fromVersion(placed, evaluator, [20, 0, 0]) === 'yes') return [];
  const test = argument(placed, 'irsa_assume_role_condition_test', evaluator);
  const operator = test?.kind === 'scalar' ? test : standIn('StringEquals', written.span);
  const usual: ListNode = { kind: 'list', span: written.span, open: false, items: [standIn('karpenter:karpenter', written.name.span)] };
  const subjects = subjectList(argument(placed, 'irsa_namespace_service_accounts', evaluator) ?? usual);
  return subjects ? [{ provider, issuer: issuerOf(provider, evaluator), operator, subjects, span: written.span }] : [];
}

/** A trust policy that a module makes, without its role. */
type TrustOfModule = Omit<TrustPolicyFact, 'roleIds' | 'roleName'>;

const tree: Tree = { root: undefined, problems: [], comments: [], templated: false, language: 'hcl' };

function irsaTrust(
  { member, block }: Placed,
  known: KnownModule,
  admissions: readonly Admission[],
  evaluator: Evaluator,
): TrustOfModule | undefined {
  // A module may be given documents, or statements, which stand before its own.
  const written = known === 'blueprints-addon' ? attributeOf(block.body, 'trust_policy_statements')?.value : undefined;
  const given = written
    ? givenStatements(evaluator.evaluate(written))
    : otherDocuments(block.body, ['source_trust_policy_documents'], evaluator);
  if (admissions.length === 0 && given.statements.length === 0) return undefined;
  const head = block.type.span;
  const items = [...given.statements, ...admissions.map((admission) => statement(admission, head))];
  const node = map(block.span, [
    entry('Version', head, standIn('2012-10-17', head)),
    entry('Statement', head, { kind: 'list', span: block.span, items, open: false }),
  ]);
  const open = given.open || attributeOf(block.body, 'override_trust_policy_documents') !== undefined;
  const policy = { ...readPolicyDocument({ ...node, open }, tree, member.input.text, { form: 'hcl-module' }), span: block.span };
  return { kind: 'trustPolicy', doc: member.input.doc, span: block.span, policy, concerns: concernsOf(policy), ownRoleOnly: true };
}

function statement({ provider, issuer, operator, subjects, span }: Admission, head: Span): MapNode {
  const key = (claim: string) => assembled(issuer, [issuer, `:${claim}`]);
  const keys = map(span, [
    { key: key('sub'), value: subjects, span, merged: false },
    { key: key('aud'), value: standIn('sts.amazonaws.com', head), span: head, merged: false },
  ]);
  return map(span, [
    entry('Effect', head, standIn('Allow', head)),
    entry('Action', head, standIn('sts:AssumeRoleWithWebIdentity', head)),
    entry('Principal', head, map(span, [entry('Federated', head, provider)])),
    entry('Condition', head, map(span, [{ key: operator, value: keys, span, merged: false }])),
  ]);
}

function map(span: Span, entries: readonly Entry[]): MapNode {
  return { kind: 'map', span, entries, open: false };
}

function entry(key: string, at: Span, value: Node | undefined): Entry {
  return { key: standIn(key, at), value, span: at, merged: false };
}

type Read = (placed: Placed, evaluator: Evaluator) => Admission[];

const readers: Partial<Readonly<Record<KnownModule, Read>>> = {
  irsa: (placed, evaluator) => ofProviders(placed, evaluator, 'assume_role_condition_test', namespacedAccounts),
  'irsa-6': (placed, evaluator) => ofProviders(placed, evaluator, 'trust_condition_test', namespacedAccounts),
  'blueprints-addon': (placed, evaluator) =>
    ofProviders(placed, evaluator, 'assume_role_condition_test', (provider) => {
      const account = entryOf(provider, 'service_account')?.value;
      const namespace = entryOf(provider, 'namespace')?.value ?? argument(placed, 'namespace', evaluator);
      return account?.kind === 'scalar' && namespace?.kind === 'scalar' ? assembled(account, [prefix, namespace, ':', account]) : undefined;
    }),
  'oidc-role': assumableRole,
  'cloudposse-role': cloudposseRole,
  'blueprints-irsa'(placed, evaluator) {
    const [namespace, account, provider] = ['kubernetes_namespace', 'kubernetes_service_account', 'eks_oidc_provider_arn'].map((name) =>
      argument(placed, name, evaluator),
    );
    if (namespace?.kind !== 'scalar' || account?.kind !== 'scalar' || provider?.kind !== 'scalar') return [];
    return [
      {
        provider,
        issuer: issuerOf(provider, evaluator),
        operator: standIn('StringLike', placed.block.type.span),
        subjects: assembled(account, [prefix, namespace, ':', account]),
        span: placed.block.span,
      },
    ];
  },
};

const prefix = 'system:serviceaccount:';

function argument({ block }: Placed, name: string, evaluator: Evaluator): Node | undefined {
  const value = attributeOf(block.body, name)?.value;
  const node = value && evaluator.evaluate(value);
  return node?.kind === 'scalar' && (node.type === 'null' || node.value === '') ? undefined : node;
}

/** `oidc_providers = { x = { provider_arn, … } }`, with the operator of the module's switch. */
function ofProviders(placed: Placed, evaluator: Evaluator, test: string, subjectsOf: (provider: MapNode) => Node | undefined): Admission[] {
  const written = attributeOf(placed.block.body, 'oidc_providers');
  const providers = written?.value && evaluator.evaluate(written.value);
  if (!written || providers?.kind !== 'map') return [];
  const given = argument(placed, test, evaluator);
  const operator = given?.kind === 'scalar' ? given : absentArgument(test, 'StringEquals', written.span, evaluator.text);
  return providers.entries.flatMap(({ value, span }) => {
    const provider = value?.kind === 'map' ? entryOf(value, 'provider_arn')?.value : undefined;
    const subjects = value?.kind === 'map' ? subjectsOf(value) : undefined;
    if (provider?.kind !== 'scalar' || !subjects) return [];
    return [{ provider, issuer: issuerOf(provider, evaluator), operator, subjects, span }];
  });
}

/** An argument that is not written: writing it puts it on a line of its own below `after`. */
function absentArgument(name: string, value: string, after: Span, text: string): ScalarNode {
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, after.start), after.start))![0].length;
  const span = { start: after.end, end: after.end };
  return {
    kind: 'scalar',
    type: 'string',
    value,
    holes: [],
    span,
    outer: span,
    encodings: [{ kind: 'hcl-argument', name, indent }],
    quoted: true,
    map: [[0, after.end]],
  };
}

/** `["namespace:name"]` as subjects; each stands where its element does. */
function namespacedAccounts(provider: MapNode): Node | undefined {
  return subjectList(entryOf(provider, 'namespace_service_accounts')?.value);
}

function subjectList(list: Node | undefined): Node | undefined {
  if (list?.kind !== 'list')
    return list?.kind === 'scalar' || list?.kind === 'unknown' ? { kind: 'unknown', span: list.span, source: '' } : undefined;
  const items = list.items.map((item) => (item.kind === 'scalar' ? assembled({ span: item.span }, [prefix, item]) : item));
  return { ...list, items } satisfies ListNode;
}

/** The issuer in a provider's ARN, as the modules cut it out. */
function issuerOf(provider: ScalarNode, evaluator: Evaluator): ScalarNode {
  const at = provider.value.indexOf('provider/');
  const inHole = provider.holes.some((hole) => hole.start <= at && at < hole.end);
  if (at >= 0 && !inHole) return borrowedScalar(slice(provider, at + 'provider/'.length), provider.outer);
  const written = evaluator.text.slice(provider.outer.start, provider.outer.end).trim();
  return borrowedScalar(evaluator.holeFor(`replace(${written}, "/^(.*provider/)/", "")`), provider.outer);
}

/** terraform-aws-modules, iam-assumable-role-with-oidc: the issuers as URLs with or without a scheme, and whole subjects. */
function assumableRole(placed: Placed, evaluator: Evaluator): Admission[] {
  const urls = [argument(placed, 'provider_url', evaluator)].flatMap((node) => (node?.kind === 'scalar' ? [node] : []));
  const more = argument(placed, 'provider_urls', evaluator);
  if (more?.kind === 'list') urls.push(...more.items.filter((item): item is ScalarNode => item.kind === 'scalar'));
  const kinds = [
    ['oidc_fully_qualified_subjects', 'StringEquals'],
    ['oidc_subjects_with_wildcards', 'StringLike'],
  ] as const;
  const wanted = kinds.flatMap(([name, operator]) => {
    const attribute = attributeOf(placed.block.body, name);
    const subjects = argument(placed, name, evaluator);
    return attribute && subjects && !(subjects.kind === 'list' && subjects.items.length === 0 && !subjects.open)
      ? [{ attribute, subjects, operator: standIn(operator, attribute.name.span) }]
      : [];
  });
  // With both, a token must meet both: that is for its author to see.
  const [only] = wanted;
  if (!only || wanted.length > 1) return [];
  return urls.map((url) => {
    const issuer = withoutScheme(url, evaluator);
    const provider = assembled({ span: url.outer }, [
      'arn:',
      named('<partition>'),
      ':iam::',
      named('<account>'),
      ':oidc-provider/',
      issuer,
    ]);
    return { provider, issuer, operator: only.operator, subjects: only.subjects, span: only.attribute.span };
  });
}

function withoutScheme(url: ScalarNode, evaluator: Evaluator): ScalarNode {
  const head = 'https://';
  if (url.value.startsWith(head) && !url.holes.some((hole) => hole.start < head.length))
    return borrowedScalar(slice(url, head.length), url.outer);
  if (url.holes.length === 0) return borrowedScalar(url, url.outer);
  const [hole] = url.holes;
  const replaced = /^\$\{replace\(.*, "https:\/\/", ""\)\}$/.test(hole!.source);
  const written = evaluator.text.slice(url.outer.start, url.outer.end).trim();
  return replaced ? borrowedScalar(url, url.outer) : borrowedScalar(evaluator.holeFor(`replace(${written}, "https://", "")`), url.outer);
}

/** cloudposse/eks-iam-role: names and namespaces, `*` where they are not given; or pairs of them. */
function cloudposseRole(placed: Placed, evaluator: Evaluator): Admission[] {
  const url = argument(placed, 'eks_cluster_oidc_issuer_url', evaluator);
  if (url?.kind !== 'scalar') return [];
  const [namespace, name] = ['service_account_namespace', 'service_account_name'].map((each) => argument(placed, each, evaluator));
  const issuer = withoutScheme(url, evaluator);
  const provider = assembled({ span: url.outer }, ['arn:', named('<partition>'), ':iam::', named('<account>'), ':oidc-provider/', issuer]);
  const pairs = subjectList(argument(placed, 'service_account_namespace_name_list', evaluator));
  const own =
    name?.kind === 'scalar' && namespace?.kind === 'scalar' ? assembled({ span: name.outer }, [prefix, namespace, ':', name]) : undefined;
  const subjects = pairs ?? own;
  return subjects ? [{ provider, issuer, operator: standIn('StringLike', placed.block.type.span), subjects, span: placed.block.span }] : [];
}
