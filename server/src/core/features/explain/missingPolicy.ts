import { filePath } from '../../config/paths';
import type { RoleArn } from '../../model/arn';
import type { RoleFact } from '../../model/facts';
import type { Text } from '../../text/text';
import { literal } from '../../text/texts';
import type { Placed } from '../../wiring/ground';
import type { ReferredRole } from '../../wiring/roleReferences';
import { unknownReasons } from '../unknownValue';
import type { WorkspaceView } from '../workspaceView';
import type { ExplainStep } from './document';

/** The role whose trust policy is not known, by what was looked for. */
export interface MissingRole {
  readonly role: string;
  /** The value that names it or refers to it. */
  readonly value?: Text | undefined;
  readonly arn?: RoleArn | undefined;
  readonly made?: RoleFact | undefined;
  readonly reference?: ReferredRole | undefined;
  /** What names it: the account or the association. */
  readonly at?: Placed | undefined;
}

/** Why a role of that name is taken to be another one, where its deployment says so. */
function apart(view: WorkspaceView, other: Placed, at: Placed | undefined): string | undefined {
  const ground = at && view.wiring.groundOf(other, at);
  return ground?.kind === 'apart' ? ground.because : undefined;
}

/** The step that says why no trust policy is known for a role: nothing names it, or what names it is another's, or can't be read. */
export function missingPolicyStep(view: WorkspaceView, { role, value, arn, made, reference, at }: MissingRole): ExplainStep {
  const unreadable = made ?? reference?.roles[0];
  if (unreadable)
    return {
      level: 0,
      text: `${filePath(unreadable.doc.uri).name} defines ${role}, and its trust policy can't be read there`,
      place: { doc: unreadable.doc, span: { start: unreadable.span.start, end: unreadable.span.start } },
      mark: null,
    };
  const reasons = unknownReasons(value);
  const why = reasons.length > 0 ? `. ${reasons.join(' ')}`.replace(/\.$/, '') : '';
  if (reference)
    return { level: 0, text: `The trust policy of ${role} is unknown: no file that was read makes that role${why}`, mark: null };
  const name = literal(arn?.name);
  if (name === undefined && (arn || (value && value.holes.length > 0)))
    return { level: 0, text: `The trust policy of ${role} is unknown: no file has the role's name${why}`, mark: null };
  const others = name === undefined ? [] : [...view.wiring.policiesClaiming(name)];
  const [other] = others;
  if (other) {
    const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
    return {
      level: 0,
      text: `The trust policy of ${role} is unknown: ${filePath(other.doc.uri).name}${more} may be of a role of that name, but ${apart(view, other, at) ?? 'of another deployment, account or role'}`,
      place: { doc: other.doc, span: { start: other.policy.span.start, end: other.policy.span.start } },
      mark: null,
    };
  }
  const [same] = name === undefined ? [] : view.wiring.rolesNamed(name);
  if (same)
    return {
      level: 0,
      text: `The trust policy of ${role} is unknown: ${filePath(same.doc.uri).name} makes a role of that name, but ${apart(view, same, at) ?? 'its trust policy is not there, or it is of another account'}`,
      place: { doc: same.doc, span: { start: same.span.start, end: same.span.start } },
      mark: null,
    };
  return {
    level: 0,
    text: `The trust policy of ${role} is in none of the files that were read${view.wiring.aws ? ', and not in what AWS told' : ''}`,
    mark: null,
  };
}
