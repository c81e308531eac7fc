import '../../terraform/load';
import { readSourceFile } from '../../../server/src/core/documents/readSourceFile';
import { applied } from '../../../server/src/core/fixes/edits';
import { editorOf } from '../../../server/src/core/migrate/edits/registry';
import type { Made, MovedAccount, Removal, WebIdentityAccount } from '../../../server/src/core/migrate/types';
import type { Fact, TrustPolicyFact } from '../../../server/src/core/model/facts';
import { readFacts } from '../../../server/src/core/readers/registry';
import type { Edit } from '../../../server/src/core/rules/rule';
import type { SourceDocument } from '../../../server/src/core/syntax/sourceFile';

/** A file with the facts of each of its documents, read by the real readers; HCL as a module of its own. */
export function open(text: string, name: string): { documents: readonly SourceDocument[]; facts: Fact[] } {
  const { documents } = readSourceFile(`file:///repo/${name}`, text);
  const facts = documents.flatMap((document) =>
    readFacts(document, (reader, error) => {
      throw new Error(`${reader} threw: ${String(error)}`);
    }),
  );
  return { documents, facts };
}

export interface OpenPolicy {
  readonly document: SourceDocument;
  readonly fact: TrustPolicyFact;
}

/** The trust policies of a file that concern pods. */
export function policiesOf(text: string, name: string): OpenPolicy[] {
  const { documents, facts } = open(text, name);
  return facts.flatMap((fact) =>
    fact.kind === 'trustPolicy' && fact.concerns !== 'other' ? [{ fact, document: documents.find(({ ref }) => ref === fact.doc)! }] : [],
  );
}

/** The text after edits, or the refusal in brackets. */
export function written(text: string, made: Made<readonly Edit[]>): string {
  if ('refused' in made) return `[${made.refused}]`;
  const changes = made.made.map(({ doc, span, newText }) => ({
    span: { start: doc.start + span.start, end: doc.start + span.end },
    newText,
  }));
  return applied(
    text,
    [...changes].sort((a, b) => a.span.start - b.span.start),
  );
}

export const orders: MovedAccount = {
  namespace: { text: 'shop' },
  serviceAccount: { text: 'orders' },
  cluster: { text: 'prod' },
  accountId: { text: '111122223333' },
};

export function allow(text: string, name: string, accounts: readonly MovedAccount[] = [orders]): string {
  const [policy] = policiesOf(text, name);
  if (!policy) return '[no policy]';
  const editor = editorOf(policy.fact, policy.document);
  return editor ? written(text, editor.allowPodIdentity(policy.fact, policy.document, accounts)) : '[no editor]';
}

export function allowWeb(text: string, name: string, accounts: readonly WebIdentityAccount[]): string {
  const [policy] = policiesOf(text, name);
  if (!policy) return '[no policy]';
  const editor = editorOf(policy.fact, policy.document);
  return editor ? written(text, editor.allowWebIdentity(policy.fact, policy.document, accounts)) : '[no editor]';
}

/** What `choose` picks of the first policy leaves. */
export function remove(text: string, name: string, choose: (fact: TrustPolicyFact) => readonly Removal[]): string {
  const [policy] = policiesOf(text, name);
  if (!policy) return '[no policy]';
  const editor = editorOf(policy.fact, policy.document);
  return editor ? written(text, editor.remove(policy.fact, policy.document, choose(policy.fact))) : '[no editor]';
}

export function lastStatement(fact: TrustPolicyFact): Removal[] {
  return [{ kind: 'statement', statement: fact.policy.statements.length - 1 }];
}

/** A value of a statement's lists, by its text. */
export function valueNamed(fact: TrustPolicyFact, value: string): Removal {
  for (const { index, principal, action, condition } of fact.policy.statements) {
    const lists = [
      ...(principal?.kinds ?? []),
      ...(action ? [action] : []),
      ...(condition?.operators ?? []).flatMap(({ keys }) => keys.map(({ values }) => values)),
    ];
    const found = lists.flatMap(({ values }) => values).find((each) => each.value === value);
    if (found) return { kind: 'value', statement: index, place: { doc: fact.doc, span: found.outer } };
  }
  throw new Error(`no value ${value}`);
}

/** A condition key that ends so. */
export function keyEnding(fact: TrustPolicyFact, end: string): Removal {
  for (const { index, condition } of fact.policy.statements) {
    const found = (condition?.operators ?? []).flatMap(({ keys }) => keys).find(({ key }) => key.value.endsWith(end));
    if (found) return { kind: 'key', statement: index, place: { doc: fact.doc, span: found.span } };
  }
  throw new Error(`no key ${end}`);
}
