import { filePath } from '../../config/paths';
import type { RoleArn } from '../../model/arn';
import { literal } from '../../text/texts';
import type { Chain } from '../../wiring/chain';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainStep } from './document';

/** The step that says why no trust policy is known for a role: nothing names it, or what names it is another's, or can't be read. */
export function missingPolicyStep(view: WorkspaceView, role: string, arn: RoleArn | undefined, made?: Chain['role']): ExplainStep {
  const name = literal(arn?.name);
  if (arn && name === undefined)
    return { level: 0, text: `The trust policy of ${role} is unknown: no file tells the role's name`, mark: null };
  if (made)
    return {
      level: 0,
      text: `${filePath(made.doc.uri).name} defines ${role}, and its trust policy can't be read there`,
      place: { doc: made.doc, span: made.span },
      mark: null,
    };
  const others = name === undefined ? [] : [...view.wiring.policiesClaiming(name)];
  const [other] = others;
  if (other) {
    const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
    return {
      level: 0,
      text: `The trust policy of ${role} is unknown: ${filePath(other.doc.uri).name}${more} may be of a role of that name, but of another deployment, account or role`,
      place: { doc: other.doc, span: { start: other.policy.span.start, end: other.policy.span.start } },
      mark: null,
    };
  }
  return {
    level: 0,
    text: `The trust policy of ${role} is in none of the files that were read${view.wiring.aws ? ', and not in what AWS told' : ''}`,
    mark: null,
  };
}
