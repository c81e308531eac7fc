import { parseRoleArn } from '../model/arn';
import type { AwsRole } from '../model/aws';
import type { Text } from '../text/text';
import { literal } from '../text/texts';
import type { Chain } from '../wiring/chain';
import { targetAt, type Target } from './target';
import type { WorkspaceView } from './workspaceView';

/** A role that a text names: by its ARN, or by its name alone. */
export interface NamedRole {
  /** The ARN as written, where it is one. */
  readonly arn?: Text;
  readonly name: Text;
  /** The value that refers to it, where it is a reference. */
  readonly refers?: Text;
  /** The chain of the account whose annotation names it. */
  readonly chain?: Chain;
}

/** The role that the text under the cursor names. */
export function roleOfTarget(view: WorkspaceView, target: Target): NamedRole | undefined {
  switch (target.kind) {
    case 'annotation-value': {
      const { fact, account } = target;
      if (!fact.value || fact.key.value !== 'eks.amazonaws.com/role-arn') return undefined;
      const chain = account?.roleArn?.key.span.start === fact.key.span.start ? view.wiring.chainOf(account) : undefined;
      return byArn(fact.value, chain);
    }
    case 'role-arn':
      return byArn(target.text);
    case 'role-name':
      return target.fact.kind === 'role' && target.fact.arn ? byArn(target.fact.arn) : { name: target.text };
    case 'principal':
    case 'condition-value':
    case 'env-value':
      return byArn(target.value);
    default:
      return undefined;
  }
}

function byArn(text: Text, chain?: Chain): NamedRole | undefined {
  const arn = parseRoleArn(text);
  const own = text.refers ? { refers: text } : {};
  if (arn) return { arn: text, name: arn.name, ...own, ...(chain ? { chain } : {}) };
  // A reference, or an unknown value, is no ARN, and still somebody's role.
  return text.refers || chain?.reference || (chain && text.holes.some(({ why }) => why))
    ? { name: text, ...own, ...(chain ? { chain } : {}) }
    : undefined;
}

/** What AWS knows of a named role. */
export interface FoundRole {
  readonly role?: AwsRole;
  /** Set where the role is taken to be that one, since no file tells its account: why. */
  readonly assumed?: string;
  /** Set where AWS was asked and has no such role: a sentence. */
  readonly missing?: string;
}

/** Looks a role up in AWS's facts. Undefined: AWS was not asked, or not about its account. */
export function findRole(view: WorkspaceView, named: NamedRole): FoundRole | undefined {
  const { aws } = view.wiring;
  if (!aws) return undefined;
  const arn = literal(named.arn);
  const name = literal(named.name);
  if (arn !== undefined) {
    const role = aws.role(arn);
    if (role) return { role };
    const account = arn.split(':')[4]!;
    if (!aws.isComplete(account, 'iam:ListRoles')) return undefined;
    const [other] = name === undefined ? [] : aws.rolesNamed(account, name);
    return {
      missing: other ? `Account ${account} doesn't have this role; it has ${other.arn}.` : `Account ${account} has no role of this name.`,
    };
  }
  if (name === undefined) return undefined;
  const known = parseRoleArn(named.arn ?? named.name);
  const account = literal(known?.account);
  const roles = aws.facts.accounts
    .filter(({ id }) => account === undefined || account === id)
    .flatMap(({ id }) => aws.rolesNamed(id, name));
  const [role] = roles;
  return role && roles.length === 1
    ? { role, assumed: `The role's account is unknown; this is the only known role with that name (${role.arn}).` }
    : undefined;
}

/** The ARN of the role that stands at an offset of a file (UTF-16, from its start), so that its details can be asked for. */
export function roleArnAt(view: WorkspaceView, uri: string, offset: number): string | undefined {
  const target = targetAt(view, uri, offset);
  const named = target && roleOfTarget(view, target);
  return named && (findRole(view, named)?.role?.arn ?? literal(named.arn));
}
