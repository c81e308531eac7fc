import { shownRole } from '../trust/roleText';
import type { Grant } from '../wiring/grants';
import { code } from './markdown';

/** The target role, disabled session tags and the session policy of an association, as sentences of Markdown, each with a space before it. */
export function associationOptions({ target, sessionTagsDisabled, sessionTagsUnknown, sessionPolicy }: Grant): string {
  return [
    ...(target ? [`Pods get the target role ${code(shownRole(target.role))}, which EKS assumes with that role.`] : []),
    ...(sessionTagsDisabled ? ['Session tags are disabled.'] : sessionTagsUnknown ? ['Whether session tags are disabled is unknown.'] : []),
    ...(sessionPolicy === undefined ? [] : ['A session policy restricts the permissions.']),
  ]
    .map((sentence) => ` ${sentence}`)
    .join('');
}
