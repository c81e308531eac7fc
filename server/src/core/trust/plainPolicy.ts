import { defaultAudience, isNamespaceName, isServiceAccountName, parseSubject } from '../model/subject';
import type { PolicyDocument, Statement, ValueList } from '../model/policy';
import type { Text } from '../text/text';
import { plain } from '../text/texts';
import { judge } from './judge';
import type { Verdict, WebIdentityRequest } from './verdict';

/** What a policy lets in that is written in the plainest way: one account of one cluster, with the default audience. */
export interface PlainGrant {
  readonly partition: 'aws';
  /** The provider's account, 12 digits. */
  readonly account: string;
  readonly issuer: string;
  readonly namespace: string;
  readonly name: string;
}

/** In characters without white space: far below any quota. */
const longest = 1500;
const providerArn = /^arn:aws:iam::(\d{12}):oidc-provider\/(oidc\.eks\.(?:us|eu|ap|ca|sa|af|me)-(?:north|south|east|west|central|northeast|southeast)-\d\.amazonaws\.com\/id\/[0-9A-Z]{20,40})$/;
const known = new WeakMap<PolicyDocument, { readonly grant: PlainGrant | undefined }>();

/**
 * What a policy grants that holds nothing but the conditions which every guide tells to write, each part written out. Most
 * policies of a workspace are such, and nothing is wrong with them by themselves: they need no rule and no judge. A
 * property test holds them to both. Undefined for every other policy, whatever it grants.
 */
export function plainGrant(policy: PolicyDocument): PlainGrant | undefined {
  let found = known.get(policy);
  if (!found) known.set(policy, (found = { grant: read(policy) }));
  return found.grant;
}

function read(policy: PolicyDocument): PlainGrant | undefined {
  const [statement] = policy.statements;
  if (policy.statements.length !== 1 || policy.form !== 'json' || policy.open || policy.problems.length > 0 || policy.id) return undefined;
  if (written(policy.version?.text) !== '2012-10-17' || policy.version?.type !== 'string' || (policy.quotaLength ?? Infinity) > longest) return undefined;
  return ofStatement(statement!);
}

function ofStatement(statement: Statement): PlainGrant | undefined {
  const { sid, effect, principal, action, condition } = statement;
  if (statement.open || sid || statement.notPrincipal || statement.notAction || statement.resource || statement.notResource) return undefined;
  if (effect?.type !== 'string' || written(effect.text) !== 'Allow' || only(action) !== 'sts:AssumeRoleWithWebIdentity') return undefined;
  if (!principal || principal.open || principal.wildcard || principal.kinds.length !== 1 || written(principal.kinds[0]!.key) !== 'Federated') return undefined;
  const [, account, issuer] = providerArn.exec(only(principal.kinds[0]) ?? '') ?? [];
  const [operator] = condition?.operators ?? [];
  if (account === undefined || issuer === undefined || !condition || condition.open || condition.operators.length !== 1) return undefined;
  if (operator!.open || written(operator!.key) !== 'StringEquals' || operator!.keys.length !== 2) return undefined;
  const valueOf = (claim: string) => only(operator!.keys.find(({ key }) => written(key) === `${issuer}:${claim}`)?.values);
  const subject = valueOf('sub');
  const parts = subject === undefined ? undefined : parseSubject(plain(subject));
  if (valueOf('aud') !== defaultAudience || !parts) return undefined;
  const [namespace, name] = [parts.namespace.value, parts.name.value];
  return isNamespaceName(namespace) && isServiceAccountName(name) ? { partition: 'aws', account, issuer, namespace, name } : undefined;
}

/** The one string of a list, or in its place. */
function only(list: ValueList | undefined): string | undefined {
  const [value] = list?.values ?? [];
  return list && !list.open && list.values.length === 1 && value!.type === 'string' ? written(value) : undefined;
}

function written(text: Text | undefined): string | undefined {
  return text && text.holes.length === 0 && !text.borrowed && !text.map ? text.value : undefined;
}

/** Whether a plain grant lets a request in without any doubt; where it does not, the judge says why, or that it does all the same. */
export function admitsPlainly(grant: PlainGrant, request: WebIdentityRequest): boolean {
  const same = (known: string | undefined, own: string) => known === undefined || known === own;
  return request.namespace === grant.namespace && request.serviceAccount === grant.name && !request.context &&
    same(request.audience, defaultAudience) && (request.clientIds?.includes(defaultAudience) ?? true) &&
    same(request.issuer, grant.issuer) && same(request.roleAccount, grant.account) && same(request.rolePartition, grant.partition);
}

/** That a plain grant lets a request in; how the judge comes to it is worked out when somebody asks. */
export class PlainVerdict implements Verdict {
  readonly decision = 'allowed';
  private judged: Verdict | undefined;

  constructor(private readonly policy: PolicyDocument, private readonly request: WebIdentityRequest) {}

  get trace(): Verdict['trace'] {
    return this.whole.trace;
  }

  get assumptions(): Verdict['assumptions'] {
    return this.whole.assumptions;
  }

  private get whole(): Verdict {
    return (this.judged ??= judge(this.policy, this.request));
  }
}
