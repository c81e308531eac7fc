import type { DocumentRef } from '../syntax/sourceFile';
import type { Span } from '../text/span';
import type { ObjectReference, UnknownReason } from '../text/objects';
import type { Borrowed, Encoding, Hole, Text } from '../text/text';
import type {
  AccountPatch,
  AnnotationFact,
  BrokenAnnotations,
  ClusterFact,
  ContainerFact,
  Delivery,
  HelmDelivery,
  EnvFact,
  Fact,
  FargateProfileFact,
  FargateSelector,
  InsertionPoint,
  KustomizationFact,
  LivePod,
  LivePods,
  ObjectFact,
  OidcProviderFact,
  PatchTarget,
  Platform,
  PodIdentityAgentFact,
  PodIdentityAssociationFact,
  RoleFact,
  RolePolicyFact,
  ServiceAccountFact,
  SessionPolicy,
  TrustPolicyFact,
  WorkloadFact,
} from './facts';
import type {
  ConditionElement,
  ConditionKey,
  ConditionOperator,
  ListValue,
  PolicyDocument,
  PolicyProblem,
  PolicyValue,
  PrincipalElement,
  Statement,
  ValueList,
} from './policy';
import { count, list, object, one, oneOf, optional, record, text, truth, type Shape } from './shape';

/*
 * The shapes of facts, for what comes from a store: a record of another shape would make whatever reads it later throw.
 * Each names every property of its type; the compiler says where one is missing.
 */

export const span: Shape<Span> = object<Span>({ start: count, end: count });
const place: Shape<readonly [number, number]> = (value) => Array.isArray(value) && value.length === 2 && value.every((each) => count(each));
const yes = one<true>(true);

const encoding = oneOf<Encoding>({
  json: object<Extract<Encoding, { kind: 'json' }>>({ kind: one('json') }),
  'yaml-single': object<Extract<Encoding, { kind: 'yaml-single' }>>({ kind: one('yaml-single') }),
  'yaml-plain': object<Extract<Encoding, { kind: 'yaml-plain' }>>({ kind: one('yaml-plain') }),
  'yaml-block': object<Extract<Encoding, { kind: 'yaml-block' }>>({ kind: one('yaml-block'), indent: count }),
  hcl: object<Extract<Encoding, { kind: 'hcl' }>>({ kind: one('hcl') }),
  'hcl-heredoc': object<Extract<Encoding, { kind: 'hcl-heredoc' }>>({ kind: one('hcl-heredoc') }),
  'hcl-argument': object<Extract<Encoding, { kind: 'hcl-argument' }>>({ kind: one('hcl-argument'), name: text, indent: count }),
  shell: object<Extract<Encoding, { kind: 'shell' }>>({ kind: one('shell'), quoting: one('single', 'double', 'heredoc', 'none') }),
  url: object<Extract<Encoding, { kind: 'url' }>>({ kind: one('url') }),
});

const why = object<UnknownReason>({
  kind: one('variable', 'data-source', 'remote-state', 'output', 'computed', 'file', 'function', 'limit'),
  what: text,
  uri: optional(text),
});
const reference = object<ObjectReference>({ objects: list(text), attribute: one('arn', 'name'), open: optional(yes), written: text });
const filledBy = object<NonNullable<Text['filledBy']>>({ uri: text, span });

const textProperties = {
  value: text,
  holes: list(
    object<Hole>({
      start: count,
      end: count,
      source: text,
      named: truth,
      identity: optional(text),
      words: optional(text),
      why: optional(why),
    }),
  ),
  span,
  outer: span,
  map: optional(list(place)),
  encodings: list(encoding),
  borrowed: optional(list(object<Borrowed>({ start: count, end: count, span, expression: optional(span) }))),
  quoted: truth,
  refers: optional(reference),
  filledBy: optional(filledBy),
};
const value = object<Text>(textProperties);

export const document: Shape<DocumentRef> = object<DocumentRef>({ uri: text, index: count, start: count });
const base = { doc: document, span, deployedBy: optional(list(text)), address: optional(text) };
const insertion = object<InsertionPoint>({ offset: count, indent: count, needsKey: truth });

const annotation = object<AnnotationFact>({
  ...base,
  kind: one('annotation'),
  key: value,
  value: optional(value),
  valueType: one('string', 'number', 'boolean', 'null', 'map', 'list', 'unknown', 'missing'),
  valueSpan: span,
  place: one(
    'service-account',
    'pod-template',
    'workload',
    'service-account-labels',
    'other-labels',
    'beside-annotations',
    'other-object',
    'unknown',
  ),
  owner: object<AnnotationFact['owner']>({ kind: optional(text), name: optional(value), namespace: optional(value) }),
  entrySpan: span,
  insertAnnotation: optional(insertion),
  cut: optional(span),
});
const target = object<PatchTarget>({ kind: optional(text), name: optional(text), namespace: optional(text), open: optional(yes) });
const patch = object<AccountPatch>({
  operations: optional(yes),
  target: optional(target),
  removes: optional(list(text)),
  replacesAll: optional(yes),
  deletes: optional(yes),
  renames: optional(yes),
  renamesTo: optional(object<NonNullable<AccountPatch['renamesTo']>>({ name: optional(text), namespace: optional(text) })),
});
const variables = list(object<EnvFact>({ name: value, value: optional(value), fromSecret: truth, span, conditional: optional(yes) }));
const container = object<ContainerFact>({
  name: optional(value),
  init: truth,
  span,
  env: variables,
  proxies: optional(variables),
  moreEnv: optional(yes),
});

const policyValue = object<PolicyValue>({
  key: value,
  text: optional(value),
  type: one('string', 'number', 'boolean', 'null', 'map', 'list', 'unknown'),
  span,
});
const values = object<ValueList>({
  key: value,
  span,
  values: list(object<ListValue>({ ...textProperties, type: one('string', 'number', 'boolean', 'null') })),
  list: truth,
  open: truth,
});
const principal = object<PrincipalElement>({ key: value, span, wildcard: optional(value), kinds: list(values), open: truth });
const condition = object<ConditionElement>({
  key: value,
  span,
  open: truth,
  operators: list(
    object<ConditionOperator>({ key: value, span, keys: list(object<ConditionKey>({ key: value, span, values })), open: truth }),
  ),
});
const statement = object<Statement>({
  index: count,
  span,
  sid: optional(policyValue),
  effect: optional(policyValue),
  principal: optional(principal),
  notPrincipal: optional(principal),
  action: optional(values),
  notAction: optional(values),
  resource: optional(values),
  notResource: optional(values),
  condition: optional(condition),
  open: truth,
});
const problem = object<PolicyProblem>({
  code: one('json', 'duplicate-key', 'unknown-element', 'wrong-type', 'empty-statement', 'characters'),
  span,
  message: text,
  element: optional(text),
});
const policy = object<PolicyDocument>({
  span,
  version: optional(policyValue),
  id: optional(policyValue),
  statements: list(statement),
  statementMissing: truth,
  statementSpan: optional(span),
  problems: list(problem),
  open: truth,
  tooLarge: optional(text),
  quotaLength: optional(count),
  form: one('json', 'yaml', 'hcl', 'hcl-blocks', 'hcl-module'),
});

export const fact: Shape<Fact> = oneOf<Fact>({
  serviceAccount: object<ServiceAccountFact>({
    ...base,
    kind: one('serviceAccount'),
    name: optional(value),
    namespace: optional(value),
    origin: one('manifest', 'values'),
    ofRelease: optional(yes),
    valuesPath: optional(text),
    head: span,
    roleArn: optional(annotation),
    audience: optional(annotation),
    tokenExpiration: optional(annotation),
    stsRegionalEndpoints: optional(annotation),
    insertAnnotation: optional(insertion),
    open: truth,
    requestedBy: optional(object<NonNullable<ServiceAccountFact['requestedBy']>>({ kind: text, name: optional(value) })),
    live: optional(yes),
    patch: optional(patch),
    eksctl: optional(one('entry', 'association')),
    addon: optional(one('eksctl', 'terraform', 'cloudformation')),
  }),
  workload: object<WorkloadFact>({
    ...base,
    kind: one('workload'),
    name: optional(value),
    namespace: optional(value),
    objectKind: text,
    head: span,
    serviceAccountName: optional(value),
    field: optional(one('serviceAccountName', 'serviceAccount', 'taskServiceAccountName')),
    open: truth,
    partial: optional(truth),
    containers: list(container),
    skipContainers: optional(annotation),
    tokenExpiration: optional(annotation),
    ownTokenVolume: truth,
    skipsWebhook: truth,
    windows: truth,
    platform: optional(
      object<Platform>({
        name: one('windows', 'fargate'),
        by: one('spec.os', 'schedulerName', 'nodeSelector', 'nodeAffinity', 'hostProcess'),
        span,
      }),
    ),
    labels: optional(record(text)),
    labelsOpen: optional(yes),
    operator: optional(one('annotation', 'request')),
    secretProviderClasses: optional(list(value)),
    live: optional(
      object<LivePods>({
        pods: list(
          object<LivePod>({
            name: value,
            created: optional(text),
            revision: optional(text),
            injected: one('irsa', 'pod-identity', 'nothing', 'by-hand'),
            roleArn: optional(text),
            withoutPodIdentity: optional(yes),
          }),
        ),
      }),
    ),
    onEc2: optional(yes),
  }),
  annotation,
  trustPolicy: object<TrustPolicyFact>({
    ...base,
    kind: one('trustPolicy'),
    roleIds: optional(list(text)),
    policy,
    concerns: one('irsa', 'pod-identity', 'both', 'other'),
    holder: optional(value),
    roleName: optional(value),
    roleArn: optional(value),
    ownRoleOnly: optional(yes),
    made: optional(yes),
    permissions: optional(text),
    unsubstituted: optional(
      list(
        object<NonNullable<TrustPolicyFact['unsubstituted']>[number]>({
          text: value,
          kind: one('function-key', 'key', 'value'),
          name: text,
        }),
      ),
    ),
  }),
  role: object<RoleFact>({
    ...base,
    kind: one('role'),
    id: optional(text),
    name: optional(value),
    arn: optional(value),
    path: optional(value),
    maxSessionDuration: optional(value),
    policyFile: optional(value),
  }),
  rolePolicy: object<RolePolicyFact>({ ...base, kind: one('rolePolicy'), role: value, name: optional(value), arn: optional(value) }),
  kustomization: object<KustomizationFact>({
    ...base,
    kind: one('kustomization'),
    namespace: optional(value),
    namePrefix: optional(value),
    nameSuffix: optional(value),
    resources: list(value),
    components: optional(list(value)),
    isComponent: optional(yes),
    rewritesNames: optional(yes),
    rewritesAnnotations: optional(yes),
    patches: optional(
      list(object<NonNullable<KustomizationFact['patches']>[number]>({ path: value, targeted: truth, target: optional(target) })),
    ),
    delivery: optional(
      object<Delivery>({
        tool: one('Flux Kustomization', 'Argo CD Application', 'Flux HelmRelease', 'Kustomize chart', 'helmfile release'),
        name: optional(value),
        fallbackNamespace: optional(value),
        recursive: truth,
        substitutes: optional(record(text)),
        release: optional(
          object<HelmDelivery>({
            from: one('repository', 'file'),
            chart: optional(value),
            files: list(object<HelmDelivery['files'][number]>({ path: value, from: one('chart', 'base') })),
            withoutChartValues: optional(yes),
            name: optional(value),
            namespace: optional(value),
            open: optional(yes),
            movable: optional(yes),
          }),
        ),
      }),
    ),
  }),
  object: object<ObjectFact>({
    ...base,
    kind: one('object'),
    apiVersion: optional(text),
    objectKind: text,
    name: optional(value),
    namespace: optional(value),
    brokenAnnotations: optional(object<BrokenAnnotations>({ key: value, text: optional(value), span, withinMap: optional(yes) })),
    namedRole: optional(value),
    providerClass: optional(
      object<NonNullable<ObjectFact['providerClass']>>({ usePodIdentity: optional(value), type: optional(one('boolean', 'number')) }),
    ),
    assumes: optional(list(value)),
    contradiction: optional(object<NonNullable<ObjectFact['contradiction']>>({ roleArn: value, identityOwner: value })),
  }),
  podIdentityAssociation: object<PodIdentityAssociationFact>({
    ...base,
    kind: one('podIdentityAssociation'),
    head: span,
    clusterName: optional(value),
    region: optional(value),
    namespace: optional(value),
    serviceAccount: optional(value),
    roleArn: optional(value),
    roleName: optional(value),
    targetRoleArn: optional(value),
    externalId: optional(value),
    disableSessionTags: optional(value),
    sessionTagsDisabled: optional(truth),
    sessionPolicy: optional(object<SessionPolicy>({ span, text: optional(value), policy: optional(policy), elsewhere: optional(yes) })),
    objectName: optional(text),
    addon: optional(text),
    conditional: optional(truth),
  }),
  oidcProvider: object<OidcProviderFact>({
    ...base,
    kind: one('oidcProvider'),
    url: optional(value),
    arn: optional(value),
    clientIds: optional(list(value)),
  }),
  fargateProfile: object<FargateProfileFact>({
    ...base,
    kind: one('fargateProfile'),
    head: span,
    clusterName: optional(value),
    selectors: list(object<FargateSelector>({ namespace: text, labels: record(text) })),
  }),
  cluster: object<ClusterFact>({
    ...base,
    kind: one('cluster'),
    name: optional(value),
    region: optional(value),
    issuer: optional(value),
    addons: optional(list(text)),
  }),
  podIdentityAgent: object<PodIdentityAgentFact>({ ...base, kind: one('podIdentityAgent') }),
});
