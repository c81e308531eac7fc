import { applied, inOrder } from '../fixes/edits';
import type { TrustPolicyFact } from '../model/facts';
import { roleOfTrustUri } from '../model/awsUri';
import { policyFromText } from '../readers/policyDocument';
import { concernsOf } from '../readers/trustPolicyConcerns';
import type { Edit } from '../rules/rule';
import { parseJson } from '../syntax/json/parse';
import type { SourceDocument } from '../syntax/sourceFile';
import { shellQuote } from '../text/shellQuote';
import type { MigrationHost } from './port';
import type { Made, PolicyEditor } from './types';

/** A change of a trust policy that is in AWS alone: the policy before and after, and the command that makes the change. */
export interface AwsPolicyChange {
  readonly before: TrustPolicyFact;
  readonly after: TrustPolicyFact;
  readonly script: readonly string[];
}

/**
 * Changes the text of a policy that AWS has as a file's would be, reads it again, and writes the command that replaces it.
 * Refuses where the policy's text is not known.
 */
export function editAwsPolicy(
  fact: TrustPolicyFact,
  { view, editors }: Pick<MigrationHost, 'view' | 'editors'>,
  edit: (policy: TrustPolicyFact, document: SourceDocument, editor: PolicyEditor) => Made<readonly Edit[]>,
): Made<AwsPolicyChange> {
  const arn = roleOfTrustUri(fact.doc.uri);
  const text = arn === undefined ? undefined : view.wiring.aws?.trust(arn)?.text;
  if (arn === undefined || text === undefined) return { refused: "The role's trust policy in AWS isn't known." };
  const before = read(fact.doc.uri, text);
  const editor = editors.policyEditors.find((each) => each.handles(before.fact, before.document));
  if (!editor) return { refused: "The role's trust policy in AWS can't be edited." };
  const made = edit(before.fact, before.document, editor);
  if ('refused' in made) return made;
  const ordered = inOrder(made.made);
  const changed = ordered && applied(text, ordered);
  if (changed === undefined) return { refused: "The role's trust policy in AWS can't be edited." };
  const after = read(fact.doc.uri, changed);
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  return {
    made: {
      before: before.fact,
      after: after.fact,
      script: [
        `# The trust policy of ${arn}. It replaces the whole policy: run it only if the policy hasn't changed in the meantime.`,
        `aws iam update-assume-role-policy --role-name ${shellQuote(name)} --policy-document ${shellQuote(compact(changed))}`,
      ],
    },
  };
}

function read(uri: string, text: string): { readonly fact: TrustPolicyFact; readonly document: SourceDocument } {
  const ref = { uri, index: 0, start: 0 };
  const tree = parseJson(text);
  const policy = policyFromText(text);
  return {
    document: { ref, text, syntax: 'json', relevant: true, tree: () => tree, parse: parseJson },
    fact: { kind: 'trustPolicy', doc: ref, span: policy.span, policy, concerns: concernsOf(policy) },
  };
}

function compact(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}
