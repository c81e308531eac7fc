import type { TrustPolicyFact } from '../model/facts';
import { issuerKind } from '../model/issuer';
import { parseProviderArn } from '../model/arn';
import type { PolicyDocument, Statement } from '../model/policy';
import type { Text } from '../text/text';
import { clusterReference, otherIssuerName } from '../model/clusterReferences';
import { isHole } from '../text/texts';
import { meansPodIdentity } from '../model/podIdentity';
import { parseConditionKey } from '../model/conditionKey';

/**
 * Which of the two ways a policy is for. `other`: it concerns no pod (GitHub, Cognito, Google, a service's role), and
 * is not judged. Where it cannot be told, `other`.
 */
export function concernsOf(policy: PolicyDocument): TrustPolicyFact['concerns'] {
  const irsa = policy.statements.some(concernsIrsa);
  const pods = policy.statements.some(concernsPodIdentity);
  return irsa && pods ? 'both' : irsa ? 'irsa' : pods ? 'pod-identity' : 'other';
}

/** Whether a statement speaks to EKS Pod Identity: its service principal, its near misses included. */
export function concernsPodIdentity(statement: Statement): boolean {
  return principals(statement, 'service').some((v) => meansPodIdentity(v.value));
}

/** A subject of Kubernetes, or one that was meant to be. */
const subject = /system:service_?-?accounts?\b|^service-?accounts?:/i;
/** Subjects of other issuers. */
const otherSubject = /^(repo|project_path|organization|workspace|pipeline|space|environment|ref|arn|org|team|user|app|client):|^\d+$/i;
/** The same, and Terraform's own. */
const otherName = { test: (text: string): boolean => otherIssuerName.test(text) || /terraform(?!-aws)/i.test(text) };
/** Hosts and paths of clusters with an issuer of their own: kOps, OpenShift, Cluster API and the like. */
const clusterIssuer =
  /\/id\/[A-Za-z0-9]+$|(^|[./-])(k8s|kube|kubernetes|kops|irsa|openshift|rosa|eks)([./-]|$)|^s3[.-].*amazonaws\.com|\.s3[.-].*amazonaws\.com/i;

/** Whether a statement speaks to pods with a web identity token. */
export function concernsIrsa(statement: Statement): boolean {
  const keys = conditionKeys(statement);
  if (keys.some(({ values }) => values.some((v) => subject.test(v.value)))) return true;
  const issuers = keys.flatMap(({ key }) => parseConditionKey(key)?.issuer ?? []);
  const providers = principals(statement, 'federated');
  if ([...providers, ...issuers].some(isEks)) return true;
  // From here on the issuer is another host, or not told.
  if (issuers.some((i) => i.holes.length === 0 && issuerKind(i.value) === 'known-other')) return false;
  const texts = [...providers, ...issuers];
  if (texts.some((t) => t.holes.some((h) => otherName.test(h.source)) || otherName.test(t.value))) return false;
  const subs = keys.filter((k) => claimIs(k.key, 'sub')).flatMap((k) => k.values);
  if (subs.some((v) => otherSubject.test(v.value))) return false;
  // Whatever it says of its subject or audience, or nothing: a reference to a cluster's provider is for pods.
  if (providers.some((each) => clusterReference(each) === 'sure')) return true;
  // Under `:sub` the audience has its wrong place.
  const audience = keys.some(
    (k) => (claimIs(k.key, 'aud') || claimIs(k.key, 'sub')) && k.values.some((v) => v.value === 'sts.amazonaws.com'),
  );
  return providers.some((provider) => {
    const issuer = parseProviderArn(provider)?.issuer;
    if (issuer && issuer.holes.length === 0)
      return (
        issuerKind(issuer.value) === 'self-hosted' &&
        clusterIssuer.test(issuer.value) &&
        (audience || subs.length === 0 || subs.every((v) => v.holes.length > 0))
      );
    return provider.holes.length > 0 && (issuer === undefined || isHole(issuer) || issuer.holes.length > 0) && audience;
  });
}

/** EKS's own issuer, right or wrong in its form: in an ARN, a URL or by itself; holes allowed in its parts. */
function isEks(text: Text): boolean {
  const value = parseProviderArn(text)?.issuer ?? text;
  const bare = value.value.replace(/^.*oidc-provider[/:]/, '').replace(/^https?:\/\//, '');
  if (value.holes.length === 0) {
    const kind = issuerKind(bare);
    if (kind === 'known-other') return false;
    if (kind === 'eks' || kind === 'eks-malformed') return true;
  }
  return /(^|\/)oidc[.-]eks\./i.test(bare) || /(^|\/)oidc\.[^./]+\.eks\.amazonaws/i.test(bare);
}

function claimIs(key: Text, claim: string): boolean {
  return parseConditionKey(key)?.claim.value.toLowerCase() === claim;
}

function principals(statement: Statement, kind: string): readonly Text[] {
  const elements = [statement.principal, statement.notPrincipal];
  return elements
    .flatMap((p) => p?.kinds ?? [])
    .filter((k) => k.key.value.toLowerCase() === kind)
    .flatMap((k) => k.values);
}

function conditionKeys(statement: Statement) {
  return (statement.condition?.operators ?? []).flatMap((o) => o.keys).map((k) => ({ key: k.key, values: k.values.values }));
}
