import type { TrustPolicyFact } from '../../model/facts';
import type { SourceDocument } from '../../syntax/sourceFile';
import type { Edit } from '../../rules/rule';
import { editAwsPolicy, type AwsPolicyChange } from '../awsPolicy';
import type { RolePolicy } from '../moves';
import type { MigrationHost } from '../port';
import { documentOf } from '../spelling';
import type { Made, PolicyEditor } from '../types';

/** What a change of a trust policy comes to: edits of its file, or a command for the one that AWS alone has. */
export interface TrustChange {
  readonly edits: readonly Edit[];
  readonly script: readonly string[];
  readonly inAws?: AwsPolicyChange;
}

export const noTrustChange: TrustChange = { edits: [], script: [] };

/** Changes a role's trust policy where it is written. Refuses where no editor knows its form. */
export function changeTrust(
  policy: RolePolicy,
  host: MigrationHost,
  edit: (fact: TrustPolicyFact, document: SourceDocument, editor: PolicyEditor) => Made<readonly Edit[]>,
): Made<TrustChange> {
  const [fact] = policy.facts;
  if (!fact || policy.kind === 'made') return { made: noTrustChange };
  if (policy.kind === 'aws') {
    const made = editAwsPolicy(fact, host, edit);
    return 'refused' in made ? made : { made: { edits: [], script: made.made.script, inAws: made.made } };
  }
  const document = documentOf(fact, host.source);
  if (!document) return { refused: "The text of the role's trust policy isn't at hand." };
  const editor = host.editors.policyEditors.find((each) => each.handles(fact, document));
  if (!editor) return { refused: 'The trust policy is written in a form that is not edited.' };
  const made = edit(fact, document, editor);
  return 'refused' in made ? made : { made: { edits: made.made, script: [] } };
}
