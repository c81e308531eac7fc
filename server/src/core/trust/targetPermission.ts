import { matchesAction } from './actions';
import type { PolicyDocument, Statement, ValueList } from '../model/policy';
import { policyFromText } from '../readers/policyDocument';
import { all, any, not, type Tri } from '../text/tri';
import { literal, plain } from '../text/texts';
import { matchText } from '../text/wildcards/match';
import type { AwsIndex } from '../wiring/aws';
import type { Grant } from '../wiring/grants';

/** What an association's role must be allowed by its own policies, and whether it is. */
export interface TargetPermission {
  readonly actions: readonly string[];
  /** `null`: not known. */
  readonly isAllowed: Tri;
}

/**
 * Whether the policies of an association's role, as AWS tells them, allow it to assume the target role. Only a role of another
 * account surely needs that: in its own account the trust policy may name the role, which is enough. No file has all policies of
 * a role. A boundary isn't looked at, which could only allow less. Undefined where the policies may not matter.
 * Source: STS API, AssumeRole; IAM guide, reference_policies_evaluation-logic-cross-account.
 */
export function targetPermission(grant: Grant, aws: AwsIndex | undefined): TargetPermission | undefined {
  const [own, target] = [grant.roleArn?.text, grant.target?.roleArn?.text].map(literal);
  const accounts = [own, target].map((arn) => /^arn:[^:]+:iam::(\d{12}):/.exec(arn ?? '')?.[1]);
  if (own === undefined || target === undefined || accounts.includes(undefined) || accounts[0] === accounts[1]) return undefined;
  const actions = ['sts:AssumeRole', ...(grant.sessionTagsDisabled ? [] : ['sts:TagSession'])];
  const policies = aws && documentsOf(own, aws);
  if (!policies) return { actions, isAllowed: null };
  const known = policies.filter((policy) => policy !== undefined);
  const statements = known.flatMap(({ statements: each }) => each);
  const answers = actions.map((action): Tri => {
    const said = (effect: string): Tri =>
      any(statements.flatMap((each) => (each.effect?.text?.value === effect ? [speaksOf(each, action, target)] : [])));
    return all([any([said('Allow'), known.length < policies.length ? null : false]), not(said('Deny'))]);
  });
  return { actions, isAllowed: grant.sessionTagsUnknown ? all([answers[0]!, any([answers[1]!, null])]) : all(answers) };
}

/** The policies of a role, undefined for one that wasn't read; undefined where not even their number is known. */
function documentsOf(arn: string, aws: AwsIndex): readonly (PolicyDocument | undefined)[] | undefined {
  const role = aws.role(arn);
  if (!role?.attached || !role.inline) return undefined;
  // Of an inline policy that AWS didn't tell there is only the gap.
  const isPartial = aws.account(arn.split(':')[4]!)?.partial.some(({ resource }) => resource?.startsWith(`${arn} `));
  const texts = [...role.attached.map((policy) => aws.policy(policy)?.document), ...Object.values(role.inline)];
  return [...texts.map((text) => (text === undefined ? undefined : policyFromText(text))), ...(isPartial ? [undefined] : [])];
}

/** Whether a statement is for an action on a role; `null` where a condition or a variable decides. */
function speaksOf(statement: Statement, action: string, target: string): Tri {
  const { resource, notResource, condition } = statement;
  const onRole = (list: ValueList): Tri =>
    any(list.values.map((value) => matchText(value, plain(target), { like: true, ignoreCase: false, variables: 'unknown' })));
  return all([
    matchesAction(statement, action),
    resource ? onRole(resource) : notResource ? not(onRole(notResource)) : null,
    condition ? null : true,
  ]);
}
