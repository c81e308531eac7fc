import type { Change } from '../../../fixes/edits';
import { label as labelText } from '../../../generate/writers/names';
import { attachmentsByCall, renamedCall } from '../../../readers/terraform/modules/replacement/attachments';
import { permissionsOfCall } from '../../../readers/terraform/modules/replacement/permissions';
import { isReplaced, replacementOf, type Argument, type Replacement } from '../../../readers/terraform/modules/replacement/replacement';
import { moduleOfSource, type KnownModule } from '../../../readers/terraform/modules/moduleSources';
import type { TrustPolicyFact } from '../../../model/facts';
import type { Edit } from '../../../rules/rule';
import type { HclBlock } from '../../../syntax/hcl/body';
import type { SourceDocument } from '../../../syntax/sourceFile';
import type { ReplacedRole } from '../../port';
import type { Made, MovedAccount } from '../../types';
import { firstFree } from '../association/terraform';
import { clusterUnknown } from '../association/target';
import { blockAt } from '../blocks';
import { literalArgument } from '../hclSearch';
import { checked, insert, lineEnd } from '../source';
import { podStatements } from '../statements';
import { aligned, writeHcl } from '../write/hcl';
import { hclTongue } from '../write/tongues';
import { list, map, text as known, unwritable, type Value } from '../write/value';
import { folderBlocks, shownUse, usesOf, type CallUse, type FolderBlock } from './folder';
import { moduleVersion } from './moduleVersion';
import { newRoleName } from './roleName';
import { staysAsItIs } from './uses';

/** The call of a public module whose role can only be replaced by another; undefined where the policy isn't such a module's. */
export function replacedCall(
  { policy, address }: TrustPolicyFact,
  document: SourceDocument,
): { readonly block: HclBlock; readonly known: KnownModule; readonly label: string } | undefined {
  if (policy.form !== 'hcl-module' || address !== undefined || document.syntax !== 'hcl') return undefined;
  const block = blockAt(document.tree().hcl, policy.span);
  const source = block && literalArgument(block, 'source', document.text);
  const module = source === undefined ? undefined : moduleOfSource(source);
  const label = block?.labels[0]?.text;
  return block && module && label !== undefined && isReplaced(module) ? { block, known: module, label } : undefined;
}

/**
 * Writes a call of eks-pod-identity below the call of a module whose trust policy takes no further statements: a role with the same
 * policies, for exactly these accounts, and copies of the resources that attach policies to the old role. The old call stays.
 * @param accounts of one cluster and one namespace
 * @param associated false where another place makes the associations: an add-on's
 */
export function replaceRole(
  fact: TrustPolicyFact,
  document: SourceDocument,
  siblings: readonly SourceDocument[],
  accounts: readonly MovedAccount[],
  associated: boolean,
): Made<ReplacedRole> {
  const call = replacedCall(fact, document);
  const [first] = accounts;
  if (!call || !first) return { refused: "The module's call is not where it was: read the files again." };
  if (!first.cluster) return { refused: clusterUnknown };
  const { block, known: module, label } = call;
  const { text } = document;
  const replacement = replacementOf(block, text, module);
  const why = `The module ${moduleNames[module] ?? module} takes no further statements for its trust policy, and its role can't be replaced by another one`;
  if ('refused' in replacement) return { refused: `${why}: ${replacement.refused}` };
  const repeated = repetition(replacement.made);
  if (repeated !== undefined) return { refused: `${why}: ${repeated}` };
  const documents = [document, ...siblings.filter((each) => each.ref !== document.ref)];
  const blocks = folderBlocks(documents);
  const attached = attachmentsByCall(blocks).get(label) ?? [];
  if (permissionsOfCall({ block, text }, module, attached) === undefined)
    return { refused: `${why}: no file of this folder gives it a policy, so that what it may do is unknown.` };
  const uses = usesOf(label, documents);
  const lost = uses.filter((use) => !staysAsItIs(use, attached));
  const [other] = lost.filter(({ block: holder }) => holder?.type.text !== 'output');
  if (other)
    return { refused: `${why}: ${shownUse(other)} uses it in a way that the new role would need as well. Write the new role manually.` };
  const version = moduleVersion(blocks);
  if ('refused' in version) return version;
  const name = freeLabel(`${label}_pod_identity`, blocks);
  const conditions = conditionsFor(accounts);
  if ('refused' in conditions) return conditions;
  const written = callText(
    name,
    version.made,
    withName(replacement.made, block, text, fact, first),
    conditions.made,
    associated ? accounts : [],
  );
  if (written === undefined) return { refused: "The cluster's name is not an expression that can be written here: give its value." };
  const changes = new Map<SourceDocument, Change[]>([[document, [insert(lineEnd(text, block.span.end), `\n\n${written}`)]]]);
  for (const each of attached as readonly FolderBlock[]) {
    const own = changes.get(each.document) ?? [];
    changes.set(each.document, own);
    own.push(insert(lineEnd(each.text, each.block.span.end), `\n\n${copied(each, label, name, blocks)}`));
  }
  const edits: Edit[] = [];
  for (const [own, each] of changes) {
    const made = checked(own, each);
    if ('refused' in made) return made;
    edits.push(...made.made);
  }
  return { made: { edits, call: name, uses: lost.map((use: CallUse) => shownUse(use)) } };
}

const moduleNames: Partial<Readonly<Record<KnownModule, string>>> = {
  irsa: 'iam-role-for-service-accounts-eks',
  'oidc-role': 'iam-assumable-role-with-oidc',
  'cloudposse-role': 'cloudposse/eks-iam-role',
};

/** Why a call that makes several roles isn't replaced; undefined for one that makes one or none. */
function repetition({ meta }: Replacement): string | undefined {
  const each = meta.find(({ name }) => name === 'for_each' || name === 'count');
  if (!each || (each.name === 'count' && /\?\s*(?:1\s*:\s*0|0\s*:\s*1)\s*$/.test(each.source))) return undefined;
  return `it is called with ${each.name}, whose instances may be for other service accounts. Write a call of eks-pod-identity with the same ${each.name} manually.`;
}

function freeLabel(base: string, blocks: readonly FolderBlock[]): string {
  const taken = new Set(blocks.flatMap(({ block }) => (block.type.text === 'module' ? (block.labels[0]?.text ?? []) : [])));
  return firstFree([base], taken, '_');
}

/** `trust_policy_conditions`: the accounts, and nobody else. */
function conditionsFor(accounts: readonly MovedAccount[]): Made<Value> {
  const statements = podStatements(accounts);
  if ('refused' in statements) return statements;
  const [only, another] = statements.made;
  if (!only || another)
    return { refused: 'The service accounts of this role are in several namespaces or clusters: move those of one namespace at a time.' };
  return {
    made: list(
      only.conditions.map(([key, values]) =>
        map({ test: known('StringEquals'), variable: { phrase: key }, values: list(values.map((each) => ({ phrase: each }))) }),
      ),
    ),
  };
}

/** The role's arguments with a name that is free while both roles are there. */
function withName(
  replacement: Replacement,
  block: HclBlock,
  text: string,
  { roleName }: TrustPolicyFact,
  { serviceAccount }: MovedAccount,
): Replacement {
  const name = newRoleName(block, text, roleName, 'text' in serviceAccount ? serviceAccount.text : undefined);
  const attaches = replacement.policies.some(({ name: each }) => each.startsWith('attach_') && each !== 'attach_custom_policy');
  return {
    ...replacement,
    role: [...name.role, ...replacement.role],
    // Without a prefix the names of the module's own policies are the same in each call of it.
    policies: [...(attaches && name.policyPrefix !== undefined ? [{ name: 'policy_name_prefix', source: name.policyPrefix }] : []), ...replacement.policies], // prettier-ignore
  };
}

function callText(
  name: string,
  version: string,
  { meta, role, policies, rest }: Replacement,
  conditions: Value,
  accounts: readonly MovedAccount[],
): string | undefined {
  const tongue = hclTongue(false);
  const associations = map(Object.fromEntries(accounts.map((account) => [keyOf(account), associationOf(account)])));
  if (unwritable(conditions, tongue) !== undefined || unwritable(associations, tongue) !== undefined) return undefined;
  const style = { separator: '=', step: '  ' } as const;
  const written = (value: Value): string => writeHcl(value, tongue, style, '  ');
  const groups: (readonly Argument[])[] = [
    [
      { name: 'source', source: '"terraform-aws-modules/eks-pod-identity/aws"' },
      { name: 'version', source: `"${version}"` },
    ],
    meta,
    role,
    policies,
    [{ name: 'trust_policy_conditions', source: written(conditions) }],
    accounts.length === 0 ? [] : [{ name: 'associations', source: written(associations) }],
    rest,
  ];
  const lines = groups
    .filter((group) => group.length > 0)
    .map((group) =>
      aligned(group.map(({ name: argument, source }): readonly [string, string] => [argument, source]))
        .map((line) => `  ${line}`)
        .join('\n'),
    );
  return `module "${name}" {\n${lines.join('\n\n')}\n}`;
}

function keyOf({ namespace, serviceAccount }: MovedAccount): string {
  const parts = [namespace, serviceAccount].flatMap((each) => ('text' in each ? [each.text] : []));
  return parts.length === 2 ? labelText(...parts) : 'this';
}

function associationOf({ cluster, namespace, serviceAccount }: MovedAccount): Value {
  return map({
    cluster_name: cluster && { phrase: [cluster] },
    namespace: { phrase: [namespace] },
    service_account: { phrase: [serviceAccount] },
  });
}

/** A resource that attaches a policy to the old role, for the new one. */
function copied({ block, text }: FolderBlock, label: string, call: string, blocks: readonly FolderBlock[]): string {
  const [type, own] = block.labels;
  const taken = new Set(
    blocks.flatMap((each) => (each.block.type.text === 'resource' && each.block.labels[0]?.text === type?.text ? (each.block.labels[1]?.text ?? []) : [])), // prettier-ignore
  );
  const name = firstFree([`${own?.text ?? 'this'}_pod_identity`], taken, '_');
  const body = renamedCall(text.slice(own!.span.end, block.span.end), label, call);
  // What an output is called in the old module, and in the new one.
  const output = body.replace(/(module\.[\w-]+(?:\[[^\]]*\])?)\.(?:service_account_role_name|this_iam_role_name)\b/g, '$1.iam_role_name');
  return `${text.slice(block.span.start, own!.span.start)}${name}${output}`;
}
