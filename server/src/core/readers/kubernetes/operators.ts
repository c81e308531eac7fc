import { asList, asMap, asScalar, literalAt, textAt, toText } from '../nodes';
import { holeText, standIn } from '../terraform/texts';
import { entryOf, valueAt } from '../../syntax/nodes';
import type { ManifestObject } from './object';
import type { Sink } from './sink';
import type { AnnotationFact, ObjectFact, ServiceAccountFact, WorkloadFact } from '../../model/facts';
import type { Node } from '../../syntax/tree';
import { borrowedScalar } from '../terraform/texts';
import type { Text } from '../../text/text';

/**
 * Objects of operators that choose the role themselves. KEDA's `roleArn` is not judged: it tries a token first, and then
 * whatever credentials it has.
 */
export function readOperator(object: ManifestObject, sink: Sink): void {
  const { group, kind } = object;
  switch (`${group} ${kind}`) {
    case 'external-secrets.io SecretStore':
    case 'external-secrets.io ClusterSecretStore':
    case 'generators.external-secrets.io ECRAuthorizationToken':
    case 'generators.external-secrets.io STSSessionToken':
      return readExternalSecrets(object, sink);
    case 'cert-manager.io Issuer':
    case 'cert-manager.io ClusterIssuer':
      return readIssuer(object, sink);
    case 'secrets-store.csi.x-k8s.io SecretProviderClass':
      return readProviderClass(object, sink);
    case 'keda.sh TriggerAuthentication':
    case 'keda.sh ClusterTriggerAuthentication':
      return readTriggerAuthentication(object, sink);
    case 'aws.upbound.io ProviderConfig':
    case 'aws.m.upbound.io ProviderConfig':
    case 'aws.m.upbound.io ClusterProviderConfig':
    case 'aws.crossplane.io ProviderConfig':
      return readProviderConfig(object, sink);
  }
}

/**
 * External Secrets takes the role of the account's annotation, with a token of the account that it requests. Without `auth`
 * the controller's own account is used. Source: external-secrets, providers/v1/aws/auth (credsFromServiceAccount).
 */
function readExternalSecrets(object: ManifestObject, sink: Sink): void {
  addAssumed(object, [textAt(object.map, 'spec', 'provider', 'aws', 'role'), ...additional(object)], sink);
  const auths = [
    valueAt(object.map, 'spec', 'provider', 'aws', 'auth'),
    valueAt(object.map, 'spec', 'provider', 'vault', 'auth', 'iam'),
    valueAt(object.map, 'spec', 'auth'),
  ];
  for (const auth of auths) {
    const reference = valueAt(auth, 'jwt', 'serviceAccountRef');
    const name = textAt(reference, 'name');
    if (!name) continue;
    // A store of one namespace takes an account of its own namespace, whatever the reference says.
    const namespace = object.kind === 'ClusterSecretStore' ? textAt(reference, 'namespace') : object.names.namespace;
    if (object.kind === 'ClusterSecretStore' && !namespace) continue;
    sink.add({ ...use(object, name, 'annotation', sink), ...(namespace ? { namespace } : {}) });
  }
}

/** The roles that a store assumes before `role`, in order. Source: external-secrets, AWSProvider.additionalRoles. */
function additional(object: ManifestObject): readonly (Text | undefined)[] {
  const list = asList(valueAt(object.map, 'spec', 'provider', 'aws', 'additionalRoles'));
  return list?.items.map((item) => (item.kind === 'scalar' ? toText(item) : undefined)) ?? [];
}

function addAssumed(object: ManifestObject, roles: readonly (Text | undefined)[], sink: Sink): void {
  const assumes = roles.filter((role) => role !== undefined);
  if (assumes.length > 0) sink.add({ ...objectFact(object, sink), assumes });
}

/**
 * cert-manager takes `role` with a token of the account that it requests for the audience sts.amazonaws.com, or `audiences`
 * in its place. The account of a ClusterIssuer is in cert-manager's own namespace. Source: cert-manager,
 * pkg/issuer/acme/dns/dns.go.
 */
function readIssuer(object: ManifestObject, sink: Sink): void {
  for (const solver of asList(valueAt(object.map, 'spec', 'acme', 'solvers'))?.items ?? []) {
    const route53 = valueAt(solver, 'dns01', 'route53');
    const reference = valueAt(route53, 'auth', 'kubernetes', 'serviceAccountRef');
    const [name, role] = [textAt(reference, 'name'), textAt(route53, 'role')];
    if (!name) addAssumed(object, reference ? [] : [role], sink);
    if (!name || !role) continue;
    const isCluster = object.kind === 'ClusterIssuer';
    const audience = audienceOf(valueAt(reference, 'audiences'), object, sink);
    const namespace = isCluster ? undefined : object.names.namespace;
    sink.add({
      ...request(object, role, name, sink),
      ...(namespace ? { namespace } : {}),
      ...(isCluster ? { ofRelease: true } : {}),
      ...(audience ? { audience } : {}),
    });
    sink.add({ ...use(object, name, 'request', sink), ...(namespace ? { namespace } : {}) });
  }
}

/** The audience of the token where the issuer names others than the usual one; unknown where they are several. */
function audienceOf(node: Node | undefined, object: ManifestObject, sink: Sink): AnnotationFact | undefined {
  if (!node) return undefined;
  const items = asList(node)?.items ?? [];
  const [only, another] = items;
  if (asList(node)?.open !== true && items.length === 0) return undefined;
  const text =
    only?.kind === 'scalar' && !another && asList(node)?.open === false
      ? toText(only)
      : toText(borrowedScalar(holeText('audiences', true, "the issuer's audiences"), node.span));
  return annotation('audience', text, object, sink);
}

/** The AWS provider of the Secrets Store CSI driver. Source: secrets-store-csi-driver-provider-aws, server/server.go. */
function readProviderClass(object: ManifestObject, sink: Sink): void {
  if (literalAt(object.map, 'spec', 'provider') !== 'aws') return;
  const parameters = valueAt(object.map, 'spec', 'parameters');
  const usePodIdentity = textAt(parameters, 'usePodIdentity');
  // Where a template may add the parameter, nothing is known of it.
  const map = asMap(parameters);
  const isOpen = !usePodIdentity && (map?.open ?? parameters !== undefined);
  const value = isOpen ? toText(borrowedScalar(holeText('usePodIdentity', true, 'usePodIdentity'), object.head)) : usePodIdentity;
  sink.add({
    ...objectFact(object, sink),
    providerClass: value ? { usePodIdentity: value, ...typeOf(valueAt(parameters, 'usePodIdentity'), sink) } : {},
  });
}

/** A boolean or number where the API server takes a string; Terraform makes it one. Source: CRD SecretProviderClass, spec.parameters. */
function typeOf(node: Node | undefined, sink: Sink): { readonly type?: 'boolean' | 'number' } {
  const scalar = asScalar(node);
  if (!scalar || scalar.quoted || scalar.holes.length > 0 || sink.language === 'hcl') return {};
  return scalar.type === 'boolean' || scalar.type === 'number' ? { type: scalar.type } : {};
}

/** KEDA refuses a role for an identity that is not its own. Source: keda, apis/keda/v1alpha1/triggerauthentication_webhook.go. */
function readTriggerAuthentication(object: ManifestObject, sink: Sink): void {
  const identity = valueAt(object.map, 'spec', 'podIdentity');
  const [roleArn, identityOwner] = [textAt(identity, 'roleArn'), textAt(identity, 'identityOwner')];
  if (literalAt(identity, 'provider') !== 'aws' || !roleArn) return;
  const contradiction = identityOwner?.value === 'workload' ? { contradiction: { roleArn, identityOwner } } : {};
  sink.add({ ...objectFact(object, sink), namedRole: roleArn, ...contradiction });
}

/** A provider of Crossplane takes `roleARN` with its own pods' token; which account that is, no file tells. Source: CRD ProviderConfig. */
function readProviderConfig(object: ManifestObject, sink: Sink): void {
  const credentials = valueAt(object.map, 'spec', 'credentials');
  const chain = [
    textAt(object.map, 'spec', 'assumeRoleARN'),
    textAt(object.map, 'spec', 'assumeRole', 'roleARN'),
    ...(asList(valueAt(object.map, 'spec', 'assumeRoleChain'))?.items ?? []).map((item) => textAt(item, 'roleARN')),
  ];
  addAssumed(object, chain, sink);
  const role = textAt(credentials, 'webIdentity', 'roleARN');
  if (role && literalAt(credentials, 'source') === 'WebIdentity') sink.add({ ...request(object, role, undefined, sink), ofRelease: true });
}

/** The account as the operator makes a request for it. */
function request(object: ManifestObject, role: Text, name: Text | undefined, sink: Sink): ServiceAccountFact {
  return {
    kind: 'serviceAccount',
    origin: 'values',
    doc: sink.doc,
    span: object.map.span,
    head: object.head,
    requestedBy: { kind: object.kind, ...(object.names.name ? { name: object.names.name } : {}) },
    ...(name ? { name } : {}),
    roleArn: annotation('role-arn', role, object, sink),
    open: false,
  };
}

/** What the operator's field says, as the annotation would say it. */
function annotation(short: string, value: Text, object: ManifestObject, sink: Sink): AnnotationFact {
  return {
    kind: 'annotation',
    doc: sink.doc,
    span: value.outer,
    key: toText(standIn(`eks.amazonaws.com/${short}`, value.outer)),
    value,
    valueType: 'string',
    valueSpan: value.outer,
    place: 'service-account',
    owner: { kind: object.kind, ...object.names },
    entrySpan: value.outer,
  };
}

/** The operator's object as a user of the account. */
function use(object: ManifestObject, serviceAccountName: Text, operator: NonNullable<WorkloadFact['operator']>, sink: Sink): WorkloadFact {
  const { name } = object.names;
  return {
    kind: 'workload',
    doc: sink.doc,
    span: object.map.span,
    ...(name ? { name } : {}),
    objectKind: object.kind,
    head: object.head,
    serviceAccountName,
    operator,
    open: serviceAccountName.holes.length > 0,
    containers: [],
    ownTokenVolume: false,
    skipsWebhook: false,
    windows: false,
  };
}

function objectFact(object: ManifestObject, sink: Sink): ObjectFact {
  return {
    kind: 'object',
    doc: sink.doc,
    span: object.map.span,
    objectKind: object.kind,
    ...object.names,
    ...(object.apiVersion === undefined ? {} : { apiVersion: object.apiVersion }),
  };
}

/** The SecretProviderClasses that a pod mounts. Source: Secrets Store CSI driver, usage. */
export function secretProviderClasses(spec: Node): readonly Text[] {
  return (asList(valueAt(spec, 'volumes'))?.items ?? []).flatMap((volume) => {
    const csi = valueAt(volume, 'csi');
    if (!csi || literalAt(csi, 'driver') !== 'secrets-store.csi.k8s.io' || !entryOf(csi, 'volumeAttributes')) return [];
    return textAt(csi, 'volumeAttributes', 'secretProviderClass') ?? [];
  });
}
