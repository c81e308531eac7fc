import type { Change } from '../../../fixes/edits';
import type { TrustPolicyFact } from '../../../model/facts';
import { label } from '../../../generate/writers/names';
import { moduleOfSource, type KnownModule } from '../../../readers/terraform/modules/moduleSources';
import { mayBeAtLeast, takesStatementsFrom } from '../../../readers/terraform/modules/replacement/versions';
import type { Edit } from '../../../rules/rule';
import { attributeOf, type HclBlock } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { Made, PolicyEditor, Removal } from '../../types';
import { addToListArgument } from '../arguments';
import { firstFree } from '../association/terraform';
import { blockAt, cutBlock } from '../blocks';
import { cutEntries } from '../cuts';
import { entryAt, literalArgument } from '../hclSearch';
import { checked, insert, isSameSpan, lineEnd } from '../source';
import { podStatements, webIdentityStatements, type NewStatement } from '../statements';
import { statementLines } from '../write/statementBlock';
import { hclTongue } from '../write/tongues';
import { list, map, text as known, unwritable, type Value } from '../write/value';
import { elsewhere } from './guards';

/** Roles that a public Terraform module makes: its arguments say whom they trust. Sources: the modules' variables.tf. */
export const hclModulePolicyEditor: PolicyEditor = {
  handles: ({ policy }) => policy.form === 'hcl-module',
  allowPodIdentity(fact, document, accounts) {
    const call = callOf(fact, document);
    if ('refused' in call) return call;
    const { known: module, block } = call.made;
    const old = tooOld(block, module, document.text);
    if (old !== undefined) return { refused: old };
    if (module === 'irsa-6') return addDocument(block, document, podStatements(accounts), 'pod_identity');
    if (module === 'blueprints-addon') return statementsArgument(block, document, podStatements(accounts));
    return { refused: whyNoPods[module] };
  },
  allowWebIdentity(fact, document, accounts) {
    const call = callOf(fact, document);
    if ('refused' in call) return call;
    const { known: module, block } = call.made;
    const old = tooOld(block, module, document.text);
    if (old !== undefined) return { refused: old };
    if (module === 'irsa-6') return addDocument(block, document, webIdentityStatements(accounts), 'irsa');
    return module === 'pod-identity' || module === 'blueprints-addon'
      ? statementsArgument(block, document, webIdentityStatements(accounts))
      : { refused: 'This module has no argument for another cluster or account that could be added safely: change its call manually.' };
  },
  remove(fact, document, removals) {
    const call = callOf(fact, document);
    if ('refused' in call) return call;
    const irsa = call.made.known === 'karpenter' ? karpenterIrsa(fact, document, call.made.block, removals) : undefined;
    return irsa ? checked(document, irsa) : parts(fact, document, call.made.block, removals);
  },
};

interface Call {
  readonly block: HclBlock;
  readonly known: KnownModule;
}

function callOf({ policy, address }: TrustPolicyFact, document: SourceDocument): Made<Call> {
  if (address !== undefined)
    return { refused: "This trust policy is in Terraform's plan or state: change the configuration that it was made from." };
  const block = document.syntax === 'hcl' ? blockAt(document.tree().hcl, policy.span) : undefined;
  const source = block && literalArgument(block, 'source', document.text);
  const known = source === undefined ? undefined : moduleOfSource(source);
  if (!block || !known)
    return { refused: "The trust policy is made by a module or by Terraform's JSON syntax, which isn't edited: change it manually." };
  return { made: { block, known } };
}

const useRole =
  'Make the role with terraform-aws-modules/eks-pod-identity/aws, whose trust_policy_statements take the IRSA statement meanwhile, or with aws_iam_role.';

/** Why a module's role can't allow EKS Pod Identity too, and what to do. Sources: the modules' variables.tf and main.tf. */
const whyNoPods: Readonly<Record<KnownModule, string>> = {
  'pod-identity': 'The module eks-pod-identity allows EKS Pod Identity already.',
  irsa: `The module iam-role-for-service-accounts-eks (version 5 and older) takes no more statements for its trust policy. ${useRole}`,
  'irsa-6': 'Write the statement into a document of source_trust_policy_documents manually.',
  'oidc-role': `The module iam-assumable-role-with-oidc takes no more statements for its trust policy. ${useRole}`,
  'cloudposse-role': `The module cloudposse/eks-iam-role takes no more statements for its trust policy. ${useRole}`,
  'blueprints-addon': 'Write the statement into trust_policy_statements manually.',
  'blueprints-addons': `The module eks-blueprints-addons makes this role itself, with IRSA alone. ${useRole}`,
  'blueprints-irsa': `The module irsa of eks-blueprints makes this role with IRSA alone. ${useRole}`,
  karpenter:
    'The module karpenter allows EKS Pod Identity by enable_pod_identity, for every association with its role. Set it to true, from version 20 on, and keep enable_irsa meanwhile.',
  eks: `The module eks makes this role itself. ${useRole}`,
};

/**
 * A document with the statement below the call, which takes it by `source_trust_policy_documents`. Source: variables.tf and main.tf of
 * iam-role-for-service-accounts, version 6.
 */
function addDocument(
  block: HclBlock,
  document: SourceDocument,
  statements: Made<readonly NewStatement[]>,
  purpose: string,
): Made<readonly Edit[]> {
  if ('refused' in statements) return statements;
  const { text } = document;
  const repeated = attributeOf(block.body, 'for_each') ?? attributeOf(block.body, 'count');
  if (repeated && statements.made.length > 0 && repeated.name.text === 'for_each')
    return { refused: 'The module is called with for_each: add a document to its source_trust_policy_documents manually.' };
  const name = documentName(block, document, purpose);
  const step = '  ';
  const written: string[] = [];
  for (const each of statements.made) {
    const lines = statementLines(each, step);
    if ('refused' in lines) return lines;
    written.push(lines.made.map((line) => (line === '' ? '' : step + line)).join('\n'));
  }
  const reference = { phrase: [{ expression: `data.aws_iam_policy_document.${name}.json` }] };
  const argument = addToListArgument(text, block, 'source_trust_policy_documents', [reference]);
  if (!argument) return { refused: "The module's source_trust_policy_documents is not a list in brackets: add the document manually." };
  const data = `\n\ndata "aws_iam_policy_document" "${name}" {\n${written.join('\n\n')}\n}`;
  return checked(document, [...argument, insert(lineEnd(text, block.span.end), data)]);
}

/** A name that no document of the file has; it tells that the document is ours. */
function documentName({ labels }: HclBlock, document: SourceDocument, purpose: string): string {
  const taken = new Set(
    (document.tree().hcl?.blocks ?? []).flatMap((each) =>
      each.labels[0]?.text === 'aws_iam_policy_document' ? (each.labels[1]?.text ?? []) : [],
    ),
  );
  const base = `${label(labels[0]?.text ?? 'role')}_${purpose}_trust`;
  return firstFree([base], taken, '_');
}

/** The data block that an entry of `source_trust_policy_documents` names, where nothing but this entry does and its name says that it is ours. */
function ownData(source: string, document: SourceDocument): HclBlock | undefined {
  const name = /^data\.aws_iam_policy_document\.(\w+_(?:pod_identity|irsa)_trust(?:_\d+)?)\.json$/.exec(source)?.[1];
  if (name === undefined) return undefined;
  const reference = `aws_iam_policy_document.${name}.`;
  const first = document.text.indexOf(reference);
  if (first < 0 || document.text.indexOf(reference, first + 1) >= 0) return undefined;
  return document.tree().hcl?.blocks.find(({ labels }) => labels[0]?.text === 'aws_iam_policy_document' && labels[1]?.text === name);
}

/**
 * The inputs of the module karpenter for IRSA, all at once; undefined where something else is to leave. Source: terraform-aws-eks v20,
 * modules/karpenter/variables.tf.
 */
function karpenterIrsa(
  { policy }: TrustPolicyFact,
  { text }: SourceDocument,
  block: HclBlock,
  removals: readonly Removal[],
): Change[] | undefined {
  const { body } = block;
  const [only, another] = removals;
  const provider = attributeOf(body, 'irsa_oidc_provider_arn');
  const statement = only?.kind === 'statement' ? policy.statements[only.statement] : undefined;
  if (another || !provider || !statement || !isSameSpan(statement.span, provider.span) || policy.statements.length < 2) return undefined;
  const written = body.attributes
    .filter(({ name }) => name.text === 'enable_irsa' || name.text.startsWith('irsa_'))
    .sort((a, b) => a.span.start - b.span.start);
  const all = [...body.attributes].sort((a, b) => a.span.start - b.span.start);
  const leaving = new Set(written.map((each) => all.indexOf(each)));
  const [first, last] = [written[0]!, written[written.length - 1]!];
  if (all.indexOf(last) - all.indexOf(first) + 1 === written.length)
    return [cutBlock(text, { span: { start: first.span.start, end: last.span.end } }, block)];
  return cutEntries(text, all.map(({ span }) => span), leaving, 'lines'); // prettier-ignore
}

/** Why a call's module takes no statements in its version, though a newer one does; undefined where it may. */
function tooOld({ body }: HclBlock, module: KnownModule, text: string): string | undefined {
  const least = takesStatementsFrom[module];
  const [source, version] = ['source', 'version'].map((name) => {
    const value = attributeOf(body, name)?.value;
    return value?.kind === 'template' && value.parts.length === 0 ? text.slice(value.content.start, value.content.end) : undefined;
  });
  if (!least || source === undefined || mayBeAtLeast(source, version, least)) return undefined;
  return `Version ${least.join('.')} of the module ${source.replace(/\?.*$/, '')} is the first whose trust policy takes further statements, and this call excludes it. Allow that version first.`;
}

/**
 * `trust_policy_statements` of eks-pod-identity and of eks-blueprints-addon. Sources: their variables.tf and main.tf (statements of
 * aws_iam_policy_document).
 */
function statementsArgument(block: HclBlock, document: SourceDocument, statements: Made<readonly NewStatement[]>): Made<readonly Edit[]> {
  if (attributeOf(block.body, 'for_each'))
    return { refused: 'The module is called with for_each: add a statement to its trust_policy_statements manually.' };
  if ('refused' in statements) return statements;
  const values = statements.made.map(argumentStatement);
  for (const value of values) {
    const part = unwritable(value, hclTongue(false));
    if (part !== undefined) return { refused: `${part} is not an expression that can be written here: give its value.` };
  }
  const changes = addToListArgument(document.text, block, 'trust_policy_statements', values);
  return changes
    ? checked(document, changes)
    : { refused: "The module's trust_policy_statements is not a list in brackets: add the statement manually." };
}

function argumentStatement({ principal, actions, conditions }: NewStatement): Value {
  return map({
    effect: known('Allow'),
    actions: list(actions.map(known)),
    principals: list([map({ type: known(principal.kind), identifiers: list([{ phrase: principal.value }]) })]),
    condition: list(
      conditions.map(([key, values]) =>
        map({ test: known('StringEquals'), variable: { phrase: key }, values: list(values.map((each) => ({ phrase: each }))) }),
      ),
    ),
  });
}

/** One account of `namespace_service_accounts`, or one provider of `oidc_providers`, where others stay. */
function parts(
  { policy }: TrustPolicyFact,
  document: SourceDocument,
  block: HclBlock,
  removals: readonly Removal[],
): Made<readonly Edit[]> {
  const byList = new Map<number, { entries: readonly { start: number; end: number }[]; leaving: Set<number> }>();
  for (const each of removals) {
    const span = each.kind === 'statement' ? policy.statements[each.statement]?.span : each.kind === 'value' ? each.place.span : undefined;
    const found = span && entryAt(block.body, span);
    if (!found) return { refused: "The module's arguments don't say this by themselves: change its call manually." };
    const own = byList.get(found.holder.start);
    if (own) own.leaving.add(found.index);
    else byList.set(found.holder.start, { entries: found.entries, leaving: new Set([found.index]) });
  }
  const changes: Change[] = [];
  const { text } = document;
  const documents = attributeOf(block.body, 'source_trust_policy_documents');
  const statements = attributeOf(block.body, 'trust_policy_statements');
  const providers = attributeOf(block.body, 'oidc_providers');
  const keepsDocuments = [documents, statements].some(
    (each) => each?.value?.kind === 'tuple' && each.value.items.length > (byList.get(each.value.span.start)?.leaving.size ?? 0),
  );
  for (const [start, { entries, leaving }] of byList) {
    if (start === documents?.value?.span.start) {
      for (const i of leaving) {
        const data = ownData(text.slice(entries[i]!.start, entries[i]!.end), document);
        if (data) changes.push(cutBlock(text, data, undefined));
      }
    }
    const whole =
      [documents, statements].find((each) => each?.value?.span.start === start) ??
      (start === providers?.value?.span.start && keepsDocuments ? providers : undefined);
    if (leaving.size === entries.length && whole) {
      const made = cutEntries(text, [whole.span], new Set([0]), 'lines');
      if (!made) return { refused: elsewhere };
      changes.push(...made);
      continue;
    }
    if (leaving.size === entries.length)
      return { refused: "Without it the module's role trusts no pod: make the role in another way, or remove the module." };
    const made = cutEntries(document.text, entries, leaving, 'commas');
    if (!made) return { refused: elsewhere };
    changes.push(...made);
  }
  return checked(document, changes);
}
