import { parseProviderArn, type ProviderArn } from '../model/arn';
import { clusterIssuer, issuerKind, parseEksIssuer } from '../model/issuer';
import type { PrincipalElement, ValueList } from '../model/policy';
import type { Text } from '../text/text';
import { shownText } from '../text/shown';
import { equal, isHole, literal, plain } from '../text/texts';
import { all, any, type Tri } from '../text/tri';
import { concat, sameIssuer, unknownText, type Token } from './request/token';
import { matchesRole, type RoleRequest } from './roleCaller';
import type { PodIdentityRequest, TraceStep, WebIdentityRequest } from './verdict';

/** Who asks, as a Principal sees it. */
export type Caller =
  | {
      readonly request: WebIdentityRequest;
      readonly token: Token;
      /** The provider as the policy writes it, where the token is taken from it. */ readonly provider?: string;
    }
  | { readonly request: PodIdentityRequest; readonly token?: undefined }
  | { readonly request: RoleRequest; readonly token?: undefined };

/** One answer on one value of a Principal. */
interface Answer {
  readonly matched: Tri;
  readonly message: string;
  readonly notes?: readonly string[];
}

export interface PrincipalResult {
  readonly matched: Tri;
  readonly steps: readonly Omit<TraceStep, 'statement' | 'effect'>[];
  readonly notes: readonly string[];
}

const podIdentityService = 'pods.eks.amazonaws.com';
/** How many values of a long list get a step of their own. */
const MAX_STEPS = 20;

/** Whether a Principal names the caller. Kinds and values are ORed. Source: IAM guide, reference_policies_elements_principal. */
export function matchPrincipal(principal: PrincipalElement, caller: Caller): PrincipalResult {
  const answers: { kind: string; value?: Text; list?: ValueList; answer: Answer }[] = [];
  if (principal.wildcard) answers.push({ kind: 'Principal', value: principal.wildcard, answer: ofWildcard(principal.wildcard) });
  for (const kind of principal.kinds) {
    for (const value of kind.values) answers.push({ kind: kind.key.value, value, answer: ofValue(kind.key, value, caller) });
    if (kind.open)
      answers.push({ kind: kind.key.value, list: kind, answer: { matched: null, message: `A template may add to ${kind.key.value}.` } });
  }
  const matched = any([...answers.map((a) => a.answer.matched), ...(principal.open ? [null] : [])]);
  // One that matches says it all; else each says why not.
  const shown = matched === true ? answers.filter((a) => a.answer.matched === true).slice(0, 1) : answers.slice(0, MAX_STEPS);
  const steps = shown.map(({ kind, value, list, answer }) => ({
    element: 'Principal' as const,
    key: kind,
    matched: answer.matched,
    message: answer.message,
    span: (value ?? list!).span,
  }));
  if (steps.length === 0) {
    steps.push({
      element: 'Principal',
      key: 'Principal',
      matched,
      span: principal.span,
      message: principal.open ? 'The Principal is in a template.' : 'The Principal is empty.',
    });
  }
  return { matched, steps, notes: answers.flatMap((a) => (a.answer.matched === true ? (a.answer.notes ?? []) : [])) };
}

function ofWildcard(text: Text): Answer {
  if (text.holes.length > 0) return { matched: null, message: `The Principal ${shownText(text)} is unknown.` };
  return { matched: false, message: `The Principal is ${JSON.stringify(text.value)}, which IAM rejects in a trust policy.` };
}

function ofValue(kind: Text, value: Text, caller: Caller): Answer {
  if (kind.holes.length > 0) return { matched: null, message: `The kind of principal ${shownText(kind)} is unknown.` };
  // IAM's tolerance of another case is not known: policy-malformed says so, and the rest is judged as meant.
  const name = kind.value.toLowerCase();
  if (caller.request.mechanism === 'role') return matchesRole(name, value, caller.request);
  if (name === 'aws') return ofAws(value);
  if (name === 'federated' && caller.token) return ofProvider(value, caller);
  if (name === 'service' && !caller.token) return ofService(value);
  return {
    matched: false,
    message: caller.token
      ? `${shownText(kind)} ${shownText(value)} isn't a web identity provider.`
      : `${shownText(kind)} ${shownText(value)} isn't the service ${podIdentityService}.`,
  };
}

function ofAws(value: Text): Answer {
  if (isHole(value)) return { matched: null, message: `The AWS principal ${shownText(value)} is unknown.` };
  if (value.value === '*') {
    return {
      matched: null,
      message: 'AWS is "*", any AWS caller. Whether that includes pods isn\'t documented; it is dangerous anyway.',
    };
  }
  return { matched: false, message: `AWS ${shownText(value)} is an account, user or role; a pod isn't one of them.` };
}

function ofService(value: Text): Answer {
  const matched = equal(value, plain(podIdentityService));
  if (matched === true) return { matched, message: `EKS Pod Identity uses ${podIdentityService}.` };
  if (matched === null) return { matched, message: `The service ${shownText(value)} is unknown.` };
  return { matched, message: `The service ${shownText(value)} isn't ${podIdentityService}.` };
}

type WebCaller = Extract<Caller, { token: Token }>;

function ofProvider(value: Text, caller: WebCaller): Answer {
  const arn = parseProviderArn(value);
  if (!arn) return ofOtherText(value, caller);
  const checks = [issuerCheck(arn, caller), accountCheck(arn, caller), partitionCheck(arn, caller)];
  const matched = all(checks.map((c) => c.matched));
  const deciding = checks.find((c) => c.matched === matched)!;
  return {
    matched,
    message: matched === true ? `The token comes from this provider, ${shownText(arn.issuer)}.` : deciding.message,
    notes: checks.flatMap((c) => c.notes ?? []),
  };
}

/** A value that isn't a provider ARN: a hole, a SAML provider, an error. */
function ofOtherText(value: Text, caller: WebCaller): Answer {
  if (value.holes.length === 0) {
    return {
      matched: false,
      message: `${shownText(value)} isn't the ARN of an OpenID Connect provider, arn:aws:iam::<account>:oidc-provider/<issuer>.`,
    };
  }
  if (caller.token.assumed && caller.provider === value.value) {
    return { matched: true, message: `The token's issuer is the provider ${shownText(value)}.` };
  }
  const matched = equal(value, expectedArn(caller));
  return matched === false
    ? { matched, message: `${shownText(value)} can't be the provider of ${shownText(caller.token.issuer)}.` }
    : { matched: null, message: `The provider ${shownText(value)} is unknown.` };
}

function expectedArn({ request, token }: WebCaller): Text {
  const known = (part: string | undefined) => (part === undefined ? unknownText() : plain(part));
  return concat([
    plain('arn:'),
    known(partitionOf(request, token.issuer)),
    plain(':iam::'),
    known(request.roleAccount),
    plain(':oidc-provider/'),
    token.issuer,
  ]);
}

function issuerCheck(arn: ProviderArn, { token, provider }: WebCaller): Answer {
  const written = literal(arn.issuer);
  const wrong = token.assumed && written !== undefined ? impossibleIssuer(written) : undefined;
  if (wrong) return { matched: false, message: wrong };
  if (token.assumed && provider === arn.issuer.value) {
    return {
      matched: true,
      message: '',
      notes: [
        shownText(arn.issuer) === clusterIssuer
          ? "The token comes from the cluster's OIDC provider."
          : `The token's issuer is ${shownText(arn.issuer)}, the provider of the trust policy.`,
      ],
    };
  }
  const { same, note } = sameIssuer(arn.issuer, token, false);
  if (same === false)
    return {
      matched: false,
      message: `The provider's issuer is ${shownText(arn.issuer)}; the token comes from ${shownText(token.issuer)}.`,
    };
  const other = note || isUnknownWhole(token.issuer) ? '' : ` ${shownText(token.issuer)}`;
  return { matched: note ? null : same, message: `It is unknown whether ${shownText(arn.issuer)} is the token's issuer${other}.` };
}

/** Why no token has an issuer, in a sentence; undefined if one may. */
function impossibleIssuer(issuer: string): string | undefined {
  if (/^https?:\/\//i.test(issuer)) return `A provider ARN contains the issuer without https://; ${issuer} can't match.`;
  if (issuerKind(issuer) === 'eks-malformed')
    return `No cluster's tokens come from ${issuer}; an EKS issuer is oidc.eks.<region>.amazonaws.com/id/<ID>.`;
  if (!issuer.split('/')[0]!.includes('.'))
    return `${issuer} doesn't start with a host; a provider ARN contains the issuer's host and path.`;
  return undefined;
}

function accountCheck(arn: ProviderArn, { request, token }: WebCaller): Answer {
  const written = literal(arn.account);
  if (request.roleAccount === undefined) {
    return { matched: true, message: '', notes: [`The role is in the provider's account${written ? `, ${written}` : ''}.`] };
  }
  const same = equal(arn.account, plain(request.roleAccount));
  if (same === null && token.assumed)
    return { matched: true, message: '', notes: [`${shownText(arn.account)} is the role's account, ${request.roleAccount}.`] };
  if (same === false)
    return {
      matched: false,
      message: `The provider's account ${shownText(arn.account)} doesn't match the role's account ${request.roleAccount}.`,
    };
  return { matched: same, message: `It is unknown whether ${shownText(arn.account)} is the role's account ${request.roleAccount}.` };
}

function partitionCheck(arn: ProviderArn, { request, token }: WebCaller): Answer {
  const expected = partitionOf(request, token.issuer);
  if (expected === undefined) return { matched: true, message: '' };
  const same = equal(arn.partition, plain(expected));
  if (same === null && token.assumed)
    return { matched: true, message: '', notes: [`${shownText(arn.partition)} is the partition ${expected}.`] };
  if (same === false) return { matched: false, message: `The provider's partition ${shownText(arn.partition)} doesn't match ${expected}.` };
  return { matched: same, message: `It is unknown whether ${shownText(arn.partition)} is the partition ${expected}.` };
}

function partitionOf(request: WebIdentityRequest, issuer: Text): string | undefined {
  if (request.rolePartition !== undefined) return request.rolePartition;
  const text = literal(issuer);
  return text === undefined ? undefined : parseEksIssuer(text)?.partition?.id;
}

/** True for a text of which no part is known. */
function isUnknownWhole({ value, holes }: Text): boolean {
  return holes.some(({ start, end }) => start === 0 && end === value.length);
}
