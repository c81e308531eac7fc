import { literal, plain } from '../text/texts';
import { parseRoleArn } from '../model/arn';
import { permissionsPage } from './permissions/page';
import type { PermissionsShown } from './permissions/shown';
import type { ShowPlace } from './explain/page';
import { findRole, roleOfTarget, type NamedRole } from './roleOf';
import { targetAt } from './target';
import type { WorkspaceView } from './workspaceView';

/** Of which role: by ARN, or by what stands at an offset of a file (UTF-16, from its start). */
export type RoleQuestion = { readonly roleArn: string } | { readonly uri: string; readonly offset?: number | undefined };

/** The ARN of the role that is asked about, so that AWS can be asked for its details first. */
export function roleArnOf(view: WorkspaceView, question: RoleQuestion): string | undefined {
  const named = namedRole(view, question);
  if (!named) return undefined;
  return findRole(view, named)?.role?.arn ?? literal(named.arn);
}

/** The page of a role's permissions, or in a sentence why there is none. */
export function rolePermissions(
  view: WorkspaceView,
  question: RoleQuestion,
  show: ShowPlace,
): PermissionsShown | { readonly problem: string } {
  const named = namedRole(view, question);
  if (!named) return { problem: 'There is no role here: no annotation eks.amazonaws.com/role-arn, no role ARN and no role name.' };
  const name = named.arn?.value ?? named.name.value;
  if (!view.wiring.aws)
    return {
      problem: `Only AWS knows the permissions of ${name}. Allow Pod Roles to query AWS, or write a snapshot with "pod-roles snapshot".`,
    };
  const found = findRole(view, named);
  if (found?.role) return permissionsPage(view, found.role, show);
  return { problem: found?.missing ?? `${name} is in no account that was read from AWS or is in a snapshot.` };
}

function namedRole(view: WorkspaceView, question: RoleQuestion): NamedRole | undefined {
  if ('roleArn' in question) {
    const arn = parseRoleArn(plain(question.roleArn));
    return arn && { arn: arn.text, name: arn.name };
  }
  const { uri, offset } = question;
  const target = offset === undefined ? undefined : targetAt(view, uri, offset);
  const here = target && roleOfTarget(view, target);
  if (here) return here;
  // Elsewhere on an account or in a trust policy, the role that it is about.
  const account = target && ('account' in target ? target.account : undefined);
  const facts = view.wiring.facts(uri);
  const accounts = account ? [account] : facts.filter((fact) => fact.kind === 'serviceAccount');
  const chain =
    accounts.map((one) => view.wiring.chainOf(one)).find((one) => one?.roleArn) ??
    facts.flatMap((fact) => (fact.kind === 'trustPolicy' ? view.wiring.chainsOf(fact) : [])).find((one) => one.roleArn);
  return chain?.request.value && chain.roleArn ? { arn: chain.request.value, name: chain.roleArn.name, chain } : undefined;
}
