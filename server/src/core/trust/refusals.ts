import { headline } from '../text/message';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { isHole, literal } from '../text/texts';
import type { PolicyDocument, PolicyProblem, PrincipalElement, Statement, ValueList } from '../model/policy';
import { parseOperator } from './operators';
import { federatedRefusal } from './federated';

/** One error for which IAM rejects a trust policy when a role is created or its policy is changed. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The smallest text that is wrong, in the policy's document. */
  readonly span: Span;
  /** The error, in one sentence that fits a diagnostic's first line. */
  readonly message: string;
  /** IAM's answer (after `MalformedPolicyDocument: `, or whole with another code); absent where no source gives its text. */
  readonly iam?: string;
  /** False if sources disagree or only third parties say so: then the policy is still evaluated. */
  readonly sure: boolean;
  /** The statement's number from 0. */
  readonly statement?: number;
}

export type RefusalCode =
  | 'json'
  | 'duplicate-key'
  | 'unknown-element'
  | 'wrong-type'
  | 'characters'
  | 'version'
  | 'statement-missing'
  | 'statement-empty'
  | 'sid-duplicate'
  | 'sid-characters'
  | 'effect-missing'
  | 'effect-invalid'
  | 'principal-missing'
  | 'principal-empty'
  | 'principal-star'
  | 'principal-invalid'
  | 'not-principal'
  | 'action-missing'
  | 'action-not-sts'
  | 'action-and-not-action'
  | 'resource'
  | 'not-resource'
  | 'operator-unknown'
  | 'quota';

export interface RefusalOptions {
  /** IAM's quota in characters without white space; see Settings.trustPolicyQuota. */
  readonly trustPolicyQuota?: number;
}

/** Source: AWS-validated error of localstack#8453. */
const invalidJson = 'This policy contains invalid Json';
/** Source: real error in terraform-provider-aws#32872. */
const onlySts = 'AssumeRole policy may only specify STS AssumeRole actions.';

/**
 * The errors for which IAM rejects a trust policy, in the order of the document. Holes and templates are never errors.
 * Sources: IAM guide (grammar, elements), access analyzer checks, and errors reported by users; see docs of policy-malformed.
 */
export function refusals(policy: PolicyDocument, options: RefusalOptions = {}): Refusal[] {
  const found: Refusal[] = [...policy.problems.map(fromProblem)];
  const version = literal(policy.version?.text);
  if (
    policy.version &&
    policy.version.type !== 'unknown' &&
    (policy.version.text === undefined || (version !== undefined && !versions.has(version)))
  ) {
    found.push({
      code: 'version',
      span: policy.version.text?.span ?? policy.version.span,
      sure: true,
      message: 'The Version must be 2012-10-17 or 2008-10-17.',
      iam: 'The policy must contain a valid version string',
    });
  }
  if (policy.statementMissing && !policy.open) {
    found.push({
      code: 'statement-missing',
      span: policy.span,
      sure: true,
      message: 'The policy has no Statement.',
      iam: 'Missing required field Statement',
    });
  } else if (
    !policy.statementMissing &&
    policy.statements.length === 0 &&
    !policy.open &&
    !policy.problems.some((p) => p.element === 'Statement')
  ) {
    found.push({
      code: 'statement-empty',
      span: policy.statementSpan ?? policy.span,
      sure: true,
      message: 'The Statement is empty.',
      iam: 'Could not parse the policy: Statement is empty!',
    });
  }
  const sids = new Set<string>();
  for (const statement of policy.statements) {
    for (const refusal of ofStatement(statement, sids)) found.push({ ...refusal, statement: statement.index });
  }
  const quota = options.trustPolicyQuota ?? 2048;
  if (policy.quotaLength !== undefined && policy.quotaLength > quota) {
    found.push({
      code: 'quota',
      span: policy.span,
      sure: false,
      message: `The policy has ${policy.quotaLength} characters without white space; the quota is ${quota}.`,
      iam: `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${quota}`,
    });
  }
  return found;
}

const versions: ReadonlySet<string> = new Set(['2012-10-17', '2008-10-17']);

function fromProblem(problem: PolicyProblem): Refusal {
  const code = problem.code === 'empty-statement' ? 'statement-empty' : problem.code;
  const iam =
    problem.code === 'json'
      ? invalidJson
      : problem.code === 'empty-statement'
        ? 'Could not parse the policy: Statement is empty!'
        : undefined;
  // IAM's tolerance of odd element names is not known; the grammar's own rules are.
  const sure =
    problem.code !== 'unknown-element' && !(problem.code === 'wrong-type' && (problem.element === 'Sid' || problem.element === 'Id'));
  return { code, span: problem.span, message: problem.message, sure, ...(iam ? { iam } : {}) };
}

type Part = Omit<Refusal, 'statement'>;

function* ofStatement(statement: Statement, sids: Set<string>): Iterable<Part> {
  yield* ofSid(statement, sids);
  yield* ofEffect(statement);
  if (statement.notPrincipal) {
    yield {
      code: 'not-principal',
      span: statement.notPrincipal.key.span,
      sure: true,
      message: "NotPrincipal isn't allowed in a trust policy.",
      iam: 'AssumeRole policy must not contain NotPrincipal field.',
    };
  } else if (statement.principal) {
    yield* ofPrincipal(statement.principal);
  } else if (!statement.open) {
    yield {
      code: 'principal-missing',
      span: statement.span,
      sure: true,
      message: 'The statement has no Principal.',
      iam: 'Missing required field Principal',
    };
  }
  yield* ofActions(statement);
  if (statement.resource) {
    yield {
      code: 'resource',
      span: statement.resource.key.span,
      sure: true,
      message: "Resource isn't allowed in a trust policy: the role is the resource.",
      iam: 'Has prohibited field Resource',
    };
  }
  if (statement.notResource) {
    yield {
      code: 'not-resource',
      span: statement.notResource.key.span,
      sure: true,
      message: "NotResource isn't allowed in a trust policy: the role is the resource.",
      iam: 'AssumeRole policy must not contain resources.',
    };
  }
  for (const block of statement.condition?.operators ?? []) {
    const operator = parseOperator(block.key);
    if (!operator.known && !operator.hole) {
      const nullIfExists = operator.base.toLowerCase() === 'null';
      yield {
        code: 'operator-unknown',
        span: block.key.span,
        sure: !nullIfExists,
        message: nullIfExists ? "Null can't be combined with IfExists." : headline`IAM has no condition operator ${operator.written}.`,
      };
    }
  }
}

function* ofSid(statement: Statement, sids: Set<string>): Iterable<Part> {
  const sid = literal(statement.sid?.text);
  if (!statement.sid || !sid) return;
  const { span } = statement.sid.text!;
  if (!/^[A-Za-z0-9]*$/.test(sid)) {
    yield { code: 'sid-characters', span, sure: true, message: 'A Sid can contain only letters (A-Z, a-z) and digits.' };
  }
  if (sids.has(sid)) {
    yield {
      code: 'sid-duplicate',
      span,
      sure: true,
      message: headline`Two statements have the Sid ${sid}.`,
      iam: 'The Statement Ids in the policy are not unique',
    };
  }
  sids.add(sid);
}

function* ofEffect(statement: Statement): Iterable<Part> {
  const { effect } = statement;
  if (!effect) {
    if (!statement.open)
      yield {
        code: 'effect-missing',
        span: statement.span,
        sure: true,
        message: 'The statement has no Effect.',
        iam: 'Missing required field Effect',
      };
    return;
  }
  const value = literal(effect.text);
  if (effect.type === 'unknown' || (effect.text && value === undefined)) return;
  if (value === 'Allow' || value === 'Deny') return;
  const meant = value && /^(allow|deny)$/i.test(value.trim());
  yield {
    code: 'effect-invalid',
    span: effect.text?.span ?? effect.span,
    sure: true,
    message: meant
      ? headline`Effect is case-sensitive: it must be Allow or Deny, not ${value}.`
      : value === undefined
        ? 'Effect must be Allow or Deny.'
        : headline`Effect must be Allow or Deny, not ${value === '' ? 'empty' : value}.`,
  };
}

function* ofPrincipal(principal: PrincipalElement): Iterable<Part> {
  const star = principal.wildcard;
  if (star) {
    if (star.holes.length > 0) return;
    yield star.value === '*'
      ? {
          code: 'principal-star',
          span: star.span,
          sure: true,
          message: 'The Principal of a trust policy can\'t be "*".',
          iam: 'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
        }
      : {
          code: 'principal-invalid',
          span: star.span,
          sure: true,
          message: 'The Principal must be an object such as {"Federated": "…"}, not a string.',
        };
    return;
  }
  if (principal.kinds.every((kind) => kind.values.length === 0 && !kind.open) && !principal.open) {
    yield {
      code: 'principal-empty',
      span: principal.span,
      sure: true,
      message: 'The Principal is empty.',
      iam: 'Missing required field Principal cannot be empty!',
    };
  }
  for (const kind of principal.kinds) {
    for (const value of kind.values) {
      const refusal = ofPrincipalValue(kind.key.value, value);
      if (refusal) yield refusal;
    }
  }
}

function ofPrincipalValue(kind: string, value: Text): Part | undefined {
  if (value.holes.length > 0) return undefined;
  if (kind === 'Federated') {
    const refusal = federatedRefusal(value.value);
    return (
      refusal && {
        code: 'principal-invalid',
        span: value.span,
        sure: refusal.sure,
        message: refusal.message,
        iam: 'Federated principals must be valid domain names or SAML metadata ARNs',
      }
    );
  }
  const wildcard = kind === 'Service' ? /[*?]/.test(value.value) : kind === 'AWS' && value.value !== '*' && /[*?]/.test(value.value);
  if (!wildcard) return undefined;
  return {
    code: 'principal-invalid',
    span: value.span,
    sure: false,
    message: "A principal can't contain a wildcard.",
    iam: `Invalid principal in policy: "${kind.toUpperCase()}":"${value.value}"`,
  };
}

/** The STS actions that a trust policy can allow. Source: service authorization reference for STS. */
const trustActions: ReadonlySet<string> = new Set([
  'assumerole',
  'assumerolewithsaml',
  'assumerolewithwebidentity',
  'tagsession',
  'setsourceidentity',
  'setcontext',
]);
/** STS actions that no trust policy needs: whether IAM accepts them here is unknown. */
const otherActions: ReadonlySet<string> = new Set([
  'assumeroot',
  'getcalleridentity',
  'getfederationtoken',
  'getsessiontoken',
  'getaccesskeyinfo',
  'decodeauthorizationmessage',
  'getservicebearertoken',
  'getdelegatedaccesstoken',
  'getwebidentitytoken',
]);

function* ofActions(statement: Statement): Iterable<Part> {
  const { action, notAction } = statement;
  if (!action && !notAction) {
    if (!statement.open)
      yield {
        code: 'action-missing',
        span: statement.span,
        sure: true,
        message: 'The statement has no Action.',
        iam: 'Missing required field Action',
      };
    return;
  }
  if (action && notAction) {
    yield {
      code: 'action-and-not-action',
      span: notAction.key.span,
      sure: false,
      message: "A statement can't have both Action and NotAction.",
    };
  }
  for (const list of [action, notAction]) {
    for (const value of list?.values ?? []) {
      const refusal = ofAction(value);
      if (refusal) yield refusal;
    }
    if (list && emptyList(list))
      yield {
        code: 'action-missing',
        span: list.span,
        sure: true,
        message: `${list.key.value} is empty.`,
        iam: 'Missing required field Action',
      };
  }
}

function ofAction(value: Text): Part | undefined {
  if (value.holes.length > 0 || isHole(value)) return undefined;
  const match = /^([^:]*):(.*)$/s.exec(value.value);
  const service = match?.[1]!.toLowerCase();
  const name = match?.[2]!.toLowerCase();
  if (service === 'sts' && name !== undefined && trustActions.has(name)) return undefined;
  const wild = /[*?]/.test(value.value);
  // Every action of every service. Source: versitygw's tests and cdk-preflight, which mirror IAM's answers.
  if (/^\*+(:\*+)?$/.test(value.value)) {
    return {
      code: 'action-not-sts',
      span: value.span,
      sure: true,
      message: headline`The action ${value.value} includes actions that aren't STS actions.`,
      iam: onlySts,
    };
  }
  const sure = wild ? service !== undefined && !/[*?]/.test(service) && service !== 'sts' : !(service === 'sts' && otherActions.has(name!));
  const message =
    wild && !sure
      ? headline`The action ${value.value} contains a wildcard, which IAM may reject in a trust policy.`
      : headline`${value.value === '' ? 'An empty value' : value.value} isn't an action for trust policies.`;
  return { code: 'action-not-sts', span: value.span, sure, message, iam: onlySts };
}

function emptyList(list: ValueList): boolean {
  return list.values.length === 0 && !list.open;
}
